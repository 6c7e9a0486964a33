import { jest } from '@jest/globals'
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { delimiter, dirname, join } from 'node:path'
import { connect } from 'amqplib'
import type { Channel, ChannelModel, GetMessage } from 'amqplib'
import { describeWithPrivateRabbitmq, startPrivateRabbitmq, until } from '@minaintyg/testing'
import type { PrivateRabbitmq } from '@minaintyg/testing'
import type { PatientApi } from '../src/walk/patient-api.ts'
import { startRunningSystem } from './running-system.ts'
import type { RunningSystem } from './running-system.ts'

jest.setTimeout(240_000)

const root = join(import.meta.dirname, '../../..')
const driver = '196201059810'
// In the demo nobody reads this one’s queue.
const [recipientId, queue] = ['TRANSP', 'dispatch.TRANSP.v1']
const binding = [queue, 'minaintyg.dispatch', `${recipientId}.#`] as const
const receipts = 'dispatch.receipts.v1'
const patience = { timeout: 60_000 }

let rabbitmq: PrivateRabbitmq
let broker: ChannelModel
let channel: Channel
let system: RunningSystem
let patient: PatientApi

/** As an operator types it; what is installed stays as it is. */
const order = (words: string, operator = 'anna.a') =>
  new Promise<{ failed: boolean; out: string }>((resolve) => {
    const env = {
      ...process.env,
      NODE_OPTIONS: '',
      PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
      MINAINTYG_STATE_DIR: system.settings.stateDir,
      AMQP_URL: rabbitmq.url,
      OPERATOR: operator,
    }
    const args = ['--no-print-directory', '-o', 'install', 'dispatches', `DO=${words}`]
    execFile('make', args, { cwd: root, env }, (error, out, err) => {
      resolve({ failed: error !== null, out: out + err })
    })
  })

const json = async (answer: Promise<{ status: number; text: string }>) => {
  const { status, text } = await answer
  return { status, body: JSON.parse(text) }
}
const viewOf = async (id: string) => (await json(patient.get(`/dispatches/${id}`))).body
const untilState = (id: string, state: string) =>
  until(async () => (await viewOf(id)).state === state, patience)

async function sendNext(): Promise<string> {
  const { body } = await json(patient.get('/certificates?limit=100'))
  for (const { id } of body.items) {
    const sent = await json(
      patient.send(
        'POST',
        `/certificates/${id}/dispatches`,
        { recipientId },
        { 'idempotency-key': randomUUID() },
      ),
    )
    if (sent.status === 202) return sent.body.id
  }
  throw new Error('There is nothing left to send')
}

/** Sent while its recipient’s queue cannot be reached; 75 hours of attempts are told to have passed. */
async function park(): Promise<string> {
  await channel.unbindQueue(...binding)
  const id = await sendNext()
  const triedOnce = async () => {
    const rows = await system.query(
      'dispatch',
      'update outbox set attempts = 9, next_attempt_at = now() where subject = $1 and attempts > 0 returning id',
      [id],
    )
    return rows.length > 0
  }
  await until(triedOnce, patience)
  await untilState(id, 'parked')
  return id
}

/** The next message of a dispatch; those of others, which were called off, are out of the way then. */
async function nextMessageOf(dispatchId: string): Promise<GetMessage> {
  const found: GetMessage[] = []
  await until(async () => {
    const message = await channel.get(queue)
    if (message === false) return false
    if (JSON.parse(message.content.toString()).subject === dispatchId) found.push(message)
    else channel.ack(message)
    return found.length > 0
  }, patience)
  return found[0]!
}

describeWithPrivateRabbitmq('«make dispatches» beside a running system on RabbitMQ', () => {
  beforeAll(async () => {
    rabbitmq = await startPrivateRabbitmq()
    broker = await connect(rabbitmq.url)
    channel = await broker.createChannel()
    system = await startRunningSystem({ amqpUrl: rabbitmq.url })
    patient = await system.patient(driver)
    const { body } = await json(patient.get('/consent'))
    await patient.send('POST', '/consent', { textVersion: body.text.version })
  })
  afterAll(async () => {
    await system.stop()
    await broker.close()
    await rabbitmq.remove()
  })

  test('lists what could not leave, and lets it leave once its queue is there again', async () => {
    const id = await park()
    const list = await order('list')
    expect(list.failed).toBe(false)
    expect(list.out).toMatch(
      new RegExp(`${id} {2}TRANSP {2}parked {2}\\d+ min {2}10 attempts {2}bus\\.unroutable`),
    )
    expect((await order(`replay --id ${id}`, '')).out).toMatch(/^usage: dispatches list/)
    expect((await viewOf(id)).state).toBe('parked')

    await channel.bindQueue(...binding)
    expect(await order(`replay --id ${id}`)).toEqual({ failed: false, out: `${id}: done\n` })
    await untilState(id, 'delivered')
    const { timeline } = await viewOf(id)
    expect(timeline.map(({ state }: { state: string }) => state)).toEqual([
      'queued',
      'parked',
      'queued',
      'delivered',
    ])
    const again = await order(`replay --id ${id}`)
    expect([again.failed, again.out]).toEqual([true, expect.stringContaining(`${id}: `)])
    channel.ack(await nextMessageOf(id))
  })

  test('cancels what could not leave, and the patient can send it again', async () => {
    const id = await park()
    expect(await order(`cancel --id ${id}`)).toEqual({ failed: false, out: `${id}: done\n` })
    expect((await viewOf(id)).state).toBe('cancelled')
    await channel.bindQueue(...binding)
    expect((await order('list')).out).toBe('Nothing is parked, and nothing queued is overdue.\n')
    const acts = await system.query(
      'dispatch',
      `select event, operator from audit_event where resource_id = $1`,
      [id],
    )
    expect(acts).toEqual([{ event: 'dispatch-cancelled', operator: 'anna.a' }])
  })

  test('finds a recipient’s dead letter, and puts it back into its queue', async () => {
    const dispatchId = await sendNext()
    const message = await nextMessageOf(dispatchId)
    const { id } = JSON.parse(message.content.toString())
    channel.nack(message, false, false)
    const line = `${queue}  ${id}  se.minaintyg.dispatch.requested.v1  ${dispatchId}`
    await until(async () => (await order('dead')).out.includes(line), patience)
    expect(await order(`dead-replay --queue ${queue} --id ${id}`)).toEqual({
      failed: false,
      out: '1 replayed.\n',
    })
    const again = await nextMessageOf(dispatchId)
    expect(again.content.equals(message.content)).toBe(true)
    channel.ack(again)
    expect((await order('dead')).out).toBe('No dead letters.\n')
  })

  test('keeps a receipt that still cannot be booked, until it is thrown away', async () => {
    const [id, dispatchId] = [randomUUID(), randomUUID()]
    const type = 'se.minaintyg.receipt.received.v1'
    const at = new Date().toISOString()
    const event = {
      specversion: '1.0',
      ...{ id, type, source: `/recipients/${recipientId}`, time: at, subject: dispatchId },
      datacontenttype: 'application/json',
      data: { dispatchId, at },
    }
    const body = Buffer.from(JSON.stringify(event))
    channel.publish('minaintyg.receipts', `${recipientId}.${type}`, body, { messageId: id })
    const line = `${receipts}  ${id}  ${type}  ${dispatchId}`
    await until(async () => (await order('dead')).out.includes(line), patience)
    const replayed = await order(`dead-replay --queue ${receipts} --id ${id}`)
    expect(replayed.failed).toBe(true)
    expect(replayed.out).toContain(`${id}: still dead, dispatch.not-found`)
    const dropped = await order(`dead-drop --queue ${receipts} --id ${id}`)
    expect(dropped).toEqual({ failed: false, out: '1 dropped.\n' })
    expect((await order('dead')).out).toBe('No dead letters.\n')
  })
})

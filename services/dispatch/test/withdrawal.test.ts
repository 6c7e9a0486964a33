import { randomUUID } from 'node:crypto'
import { expectProblem, until } from '@minaintyg/testing'
import { rowsOfAllTables } from './all-tables.ts'
import { startDispatch } from './start-dispatch.ts'
import type { StartedDispatch } from './start-dispatch.ts'
import type { TestCertificate } from './neighbours.ts'

let dispatch: StartedDispatch
beforeAll(async () => {
  dispatch = await startDispatch()
})
afterEach(() => {
  dispatch.recording.control.fail = undefined
})
afterAll(async () => {
  await dispatch.stop()
})

const type = { code: 'FK7804', version: '1.0-beta', name: 'Läkarintyg för sjukpenning' }
const words = { reason: 'Underlaget räcker inte', reference: 'FK-77-123' }
const document = (id: string) => `/recipient/dispatches/${id}/document`

async function send(patientId: string = randomUUID()) {
  const certificate = dispatch.neighbours.addCertificate({ patientId, type })
  const key = randomUUID()
  const answer = await dispatch.calls.send(certificate, { key })
  return { certificate, key, id: answer.json().id as string }
}
async function deliver(patientId?: string) {
  const sent = await send(patientId)
  await dispatch.service.relay.drain()
  return sent
}
async function fetched(patientId?: string) {
  const sent = await deliver(patientId)
  const answer = await dispatch.calls.recipient('GET', document(sent.id))
  expect(answer.statusCode).toBe(200)
  return { ...sent, sha256: String(answer.headers.etag).slice(1, -1) }
}
/** An attempt was made, so that its recipient may have it in its feed; the broker has not taken it. */
async function attempted(patientId?: string) {
  const sent = await send(patientId)
  dispatch.recording.control.fail = dispatch.recording.unroutable()
  await dispatch.service.relay.drain()
  dispatch.recording.control.fail = undefined
  return sent
}
async function withdraw(patientId: string): Promise<void> {
  dispatch.neighbours.withdrawn.add(patientId)
  const answer = await dispatch.calls.patient(patientId, 'POST', '/cancellations')
  expect(answer.statusCode).toBe(200)
}
const giveAgain = (patientId: string) => dispatch.neighbours.withdrawn.delete(patientId)
const view = async ({ patientId }: TestCertificate, id: string, language = 'sv') =>
  (
    await dispatch.calls.patient(patientId, 'GET', `/dispatches/${id}`, {
      'accept-language': language,
    })
  ).json()
const feed = async () =>
  (await dispatch.calls.recipient('GET', '/recipient/dispatches?limit=1000')).json<{
    items: { data: { dispatchId: string } }[]
    nextAfter: number
  }>()
const feedOf = async (dispatchId: string) =>
  (await feed()).items.filter((event) => event.data.dispatchId === dispatchId)

const everyRow = () => rowsOfAllTables(dispatch.owner)

describe('after a withdrawal', () => {
  test('no column of no table tells what was on its way, or what a recipient wrote', async () => {
    const patientId = randomUUID()
    const sent = [await deliver(patientId), await attempted(patientId), await send(patientId)]
    const taken = await fetched(patientId)
    await dispatch.calls.receipt(taken.id, 'rejected', words)
    const texts = [type.code, type.version, type.name, ...Object.values(words)]
    const telling = async () =>
      (await everyRow()).filter(
        ({ row }) =>
          sent.some(({ id }) => row.includes(id)) && texts.some((text) => row.includes(text)),
      )
    const before = new Set((await telling()).map(({ table }) => table))
    expect([...before].sort()).toEqual(['dispatch', 'idempotency_key', 'outbox', 'recipient_event'])

    await withdraw(patientId)
    expect(await telling()).toEqual([])
    await dispatch.service.relay.drain()
    expect(await telling()).toEqual([])
    // Of what the recipient has fetched, the signed event that its feed repeats, and nothing else.
    const left = (await everyRow()).filter(({ row }) => texts.some((text) => row.includes(text)))
    expect(left.map(({ table }) => table)).toEqual(['recipient_event'])
    expect(left[0]!.row).toContain(taken.id)
  })

  test('the patient sees to whom something went, when, and how it ended', async () => {
    const patientId = randomUUID()
    const { certificate, id } = await fetched(patientId)
    const queued = await send(patientId)
    const before = await view(certificate, id)
    await withdraw(patientId)
    expect(await view(certificate, id)).toEqual({
      ...before,
      certificate: { id: certificate.id, type: { name: 'Intyg' } },
    })
    expect((await view(certificate, id, 'en')).certificate.type).toEqual({ name: 'Certificate' })
    const list = await dispatch.calls.patient(patientId, 'GET', '/dispatches')
    expect(list.json().items).toMatchObject([
      { id: queued.id, state: 'cancelled', recipient: { name: 'Försäkringskassan' } },
      { id, state: 'delivered', recipient: { name: 'Försäkringskassan' } },
    ])
  })

  test('what a recipient writes later is not kept either', async () => {
    const { certificate, id } = await fetched()
    await withdraw(certificate.patientId)
    expect((await dispatch.calls.receipt(id, 'rejected', words)).statusCode).toBe(204)
    expect(await dispatch.calls.stateOf(certificate, id)).toBe('rejected')
    const rows = (await everyRow()).filter(({ row }) => row.includes(words.reason))
    expect(rows).toEqual([])
  })

  test('what is sent after consent was given anew stays', async () => {
    const { certificate } = await send()
    const { patientId } = certificate
    await withdraw(patientId)
    giveAgain(patientId)
    const again = await send(patientId)
    const later = await view(again.certificate, again.id)
    expect(later.certificate.type).toEqual(type)
    expect(later.state).toBe('queued')
  })

  test('what the relay has taken, but not asked about yet, is forgotten by it', async () => {
    const [before, { certificate, id }] = [await send(), await send()]
    let drained: Promise<unknown> = Promise.resolve()
    await dispatch.db.transaction().execute(async (tx) => {
      await tx.selectFrom('dispatch').where('id', '=', before.id).select('id').forUpdate().execute()
      drained = dispatch.service.relay.drain()
      await until(async () => {
        const { rowCount } = await dispatch.owner.query(
          `select from pg_stat_activity
           where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`,
        )
        return rowCount === 1
      })
      await withdraw(certificate.patientId)
      const held = (await everyRow()).filter(({ row }) => row.includes(type.code))
      expect(held.filter(({ row }) => row.includes(id)).map(({ table }) => table)).toEqual([
        'outbox',
      ])
    })
    await drained
    const left = (await everyRow()).filter(({ row }) => row.includes(type.code))
    expect(left.filter(({ row }) => row.includes(id))).toEqual([])
    expect(dispatch.recording.of(id)).toEqual([])
    expect(dispatch.recording.of(before.id)).toHaveLength(1)
  })

  test('what slipped in meanwhile is forgotten instead of sent', async () => {
    const { certificate, id } = await send()
    dispatch.neighbours.withdrawn.add(certificate.patientId)
    await dispatch.service.relay.drain()
    const rows = (await everyRow()).filter(({ row }) => row.includes(id))
    expect(rows.some(({ row }) => row.includes(type.name) || row.includes(type.code))).toBe(false)
    expect(dispatch.recording.of(id)).toEqual([])
  })
})

describe('a feed after a withdrawal', () => {
  test('has no gap: where a request was forgotten it says that it is revoked', async () => {
    const before = (await feed()).nextAfter
    const patientId = randomUUID()
    const delivered = await deliver(patientId)
    const [published] = dispatch.recording.of(delivered.id)
    await withdraw(patientId)
    await dispatch.service.relay.drain()
    const events = await feedOf(delivered.id)
    expect(events).toMatchObject([
      {
        id: published.id,
        type: 'se.minaintyg.dispatch.revoked.v1',
        data: { dispatchId: delivered.id, sequence: before + 1, reason: 'consent-withdrawn' },
      },
      { type: 'se.minaintyg.dispatch.revoked.v1', data: { sequence: before + 2 } },
    ])
  })

  test('repeats what a recipient has fetched, exactly', async () => {
    const { certificate, id } = await fetched()
    const [published] = dispatch.recording.of(id)
    await withdraw(certificate.patientId)
    expect(await feedOf(id)).toEqual([published])
  })
})

describe('with consent anew', () => {
  test('what was handed over is not sent again, and its recipient gets the same bytes', async () => {
    const { certificate, id, sha256 } = await fetched()
    const { patientId } = certificate
    await withdraw(patientId)
    expectProblem(await dispatch.calls.recipient('GET', document(id)), 410, 'dispatch.revoked')
    giveAgain(patientId)
    const refused = await dispatch.calls.send(certificate)
    expectProblem(refused, 409, 'dispatch.already-sent')
    expect(refused.json().dispatchId).toBe(id)
    const again = await dispatch.calls.recipient('GET', document(id))
    expect(again.headers.etag).toBe(`"${sha256}"`)
    certificate.xml = 'another'
    const changed = await dispatch.calls.recipient('GET', document(id))
    expectProblem(changed, 409, 'document.changed')
  })

  test.each([
    ['had not left', send],
    ['was not fetched', deliver],
  ])('what %s can be sent again', async (_what, start) => {
    const { certificate, id } = await start()
    await withdraw(certificate.patientId)
    giveAgain(certificate.patientId)
    const again = await dispatch.calls.send(certificate)
    expect(again.statusCode).toBe(202)
    expect(again.json().id).not.toBe(id)
  })

  test('a key of before never sends twice: it answers with what became of it', async () => {
    const { certificate, key, id } = await send()
    await withdraw(certificate.patientId)
    giveAgain(certificate.patientId)
    const answer = await dispatch.calls.send(certificate, { key })
    expect(answer.statusCode).toBe(202)
    expect(answer.json()).toMatchObject({
      id,
      state: 'cancelled',
      certificate: { type: { name: 'Intyg' } },
    })
  })
})

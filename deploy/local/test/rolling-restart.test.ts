import { jest } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { hasRabbitmq, startPrivateRabbitmq, until } from '@minaintyg/testing'
import type { PrivateRabbitmq } from '@minaintyg/testing'
import { testPersons } from '../src/test-persons.ts'
import type { Answer } from '../src/walk/browser.ts'
import type { PatientApi } from '../src/walk/patient-api.ts'
import { giveConsent } from '../src/walk/steps.ts'
import { listed } from './listed.ts'
import { startReplicatedSystem } from './replicated-system.ts'
import type { ReplicatedSystem } from './replicated-system.ts'

jest.setTimeout(600_000)

let rabbitmq: PrivateRabbitmq | undefined
let system: ReplicatedSystem

/** Milliseconds: enough for the balancer, which asks ten times a second; production's five would only take longer. */
const variables = { SHUTDOWN_NOTICE: '2000' }

beforeAll(async () => {
  const isRequired = process.env['REQUIRE_RABBITMQ'] === '1'
  if (hasRabbitmq || isRequired) rabbitmq = await startPrivateRabbitmq()
  else
    process.stdout.write(
      '\nRabbitMQ is not here: services are replaced on Postgres as the event bus.\n',
    )
  system = await startReplicatedSystem({
    variables,
    ...(rabbitmq === undefined ? {} : { amqpUrl: rabbitmq.url }),
  })
})
afterAll(async () => {
  await system.stop()
  await rabbitmq?.remove()
})

/** Milliseconds; what breaks a connection off is told at once. */
const tooSlow = 2_000

/** People who read, save and send, without a break. */
async function startPatients() {
  const failed: string[] = []
  const sent: { api: PatientApi; id: string }[] = []
  let answered = 0
  let going = true

  /**
   * @returns undefined where it has failed. A refusal after seconds was too slow for a busy machine: services that end
   * with 0 have answered all that they had taken on. A connection that was broken off counts whenever that was.
   */
  async function ask(what: string, asked: Promise<Answer>, expected: number) {
    const since = performance.now()
    const fail = (how: string): void => {
      if (performance.now() - since < tooSlow) failed.push(`${what}: ${how}`)
    }
    try {
      const answer = await asked
      if (answer.status === expected) {
        answered += 1
        return answer
      }
      fail(`${answer.status} ${answer.text}`)
    } catch (error) {
      const { name, cause } = error as Error
      if (name !== 'TimeoutError') failed.push(`${what}: ${String(cause ?? error)}`)
    }
    return undefined
  }

  async function sendOne(api: PatientApi, certificateId: string): Promise<void> {
    const recipients = api.get(`/certificates/${certificateId}/recipients`)
    const offered = await ask('recipients', recipients, 200)
    if (offered === undefined) return
    const [recipient] = JSON.parse(offered.text).items
    const sending = api.send(
      'POST',
      `/certificates/${certificateId}/dispatches`,
      { recipientId: recipient.id },
      { 'idempotency-key': randomUUID() },
    )
    const answer = await ask('send', sending, 202)
    if (answer === undefined || recipient.id !== 'FKASSA') return
    sent.push({ api, id: JSON.parse(answer.text).id })
  }

  async function live(number: string): Promise<void> {
    const api = await system.patient(number)
    await giveConsent(api)
    const { items } = await listed(api)
    const unsent = items.filter(({ statuses }) => statuses.includes('notSent'))
    const [first] = items
    while (going) {
      await ask('list', api.get('/certificates'), 200)
      await ask('read', api.get(`/certificates/${first!.id}`), 200)
      const next = unsent.pop()
      if (next !== undefined) await sendOne(api, next.id)
      await ask('PDF', api.get(`/certificates/${first!.id}/pdf`), 200)
      await pause(50)
    }
  }
  const [first, second, third] = testPersons
  const lives = [first!, second!, third!].map(({ number }) => live(number))
  const gone = Promise.all(lives).catch(() => undefined)
  await until(() => answered > 10 || failed.length > 0, { timeout: 120_000 })
  return {
    failed,
    sent,
    answered: () => answered,
    async stop() {
      going = false
      await gone
    },
  }
}

test('every service can be replaced under load: no request fails, and every dispatch is accepted', async () => {
  const patients = await startPatients()
  for (const name of system.names) {
    const before = patients.answered()
    const { code, signal, lines } = await system.replace(name)
    expect({ name, code, signal }).toEqual({ name, code: 0, signal: null })
    expect(lines.filter((line) => line.includes('"level":"error"'))).toEqual([])
    await until(() => patients.answered() > before + 3 || patients.failed.length > 0, {
      timeout: 120_000,
    })
  }
  await patients.stop()
  expect(patients.failed).toEqual([])
  expect(patients.sent.length).toBeGreaterThan(0)
  for (const { api, id } of patients.sent) {
    await until(
      async () => JSON.parse((await api.get(`/dispatches/${id}`)).text).state === 'accepted',
      { timeout: 120_000, interval: 200 },
    )
  }
})

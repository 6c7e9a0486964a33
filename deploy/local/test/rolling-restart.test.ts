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

beforeAll(async () => {
  const isRequired = process.env['REQUIRE_RABBITMQ'] === '1'
  if (hasRabbitmq || isRequired) rabbitmq = await startPrivateRabbitmq()
  else
    process.stdout.write(
      '\nRabbitMQ is not here: services are replaced on Postgres as the event bus.\n',
    )
  system = await startReplicatedSystem(rabbitmq === undefined ? {} : { amqpUrl: rabbitmq.url })
})
afterAll(async () => {
  await system.stop()
  await rabbitmq?.remove()
})

interface LoggedError {
  type: string
  cause?: LoggedError
}
const rootOf = ({ type, cause }: LoggedError): string =>
  cause === undefined ? type : rootOf(cause)

/** What the logs know of a refusal: the first causes, where they are not a neighbour's, who has logged them itself. */
function causesOf(refusal: string): string[] {
  const [, traceId] = /"traceId":"(\w+)"/.exec(refusal) ?? []
  return system
    .lines()
    .filter((line) => traceId !== undefined && line.includes(traceId) && line.includes('"err":'))
    .map((line) => rootOf((JSON.parse(line) as { err: LoggedError }).err))
    .filter((type) => type !== 'AppError')
}

const deadlines = ['TimeoutError', 'ConnectTimeoutError']

/**
 * Whether a deadline that had run out was the cause, and nothing else: then the machine was too busy, for services that end
 * with 0 have answered all that they had taken on. What was broken off or lost always counts.
 */
const wasLate = (causes: readonly string[]): boolean =>
  causes.length > 0 && causes.every((cause) => deadlines.includes(cause))

/** People who read, save and send, without a break. */
async function startPatients() {
  const failed: string[] = []
  const sent: { api: PatientApi; id: string }[] = []
  let answered = 0
  let going = true

  /** @returns undefined where it has failed */
  async function ask(what: string, asked: Promise<Answer>, expected: number) {
    try {
      const answer = await asked
      if (answer.status === expected) {
        answered += 1
        return answer
      }
      failed.push(`${what}: ${answer.status} ${answer.text}`)
    } catch (error) {
      failed.push(`${what}: ${String((error as Error).cause ?? error)}`)
    }
    return undefined
  }

  /** @returns false where it is to be tried again, under the same key: it may have been sent and only answered too late */
  async function sendOne(api: PatientApi, certificateId: string, key: string): Promise<boolean> {
    const recipients = api.get(`/certificates/${certificateId}/recipients`)
    const offered = await ask('recipients', recipients, 200)
    if (offered === undefined) return false
    const [recipient] = JSON.parse(offered.text).items
    const sending = api.send(
      'POST',
      `/certificates/${certificateId}/dispatches`,
      { recipientId: recipient.id },
      { 'idempotency-key': key },
    )
    const answer = await ask('send', sending, 202)
    if (answer === undefined) return false
    if (recipient.id === 'FKASSA') sent.push({ api, id: JSON.parse(answer.text).id })
    return true
  }

  async function live(number: string): Promise<void> {
    const api = await system.patient(number)
    await giveConsent(api)
    const { items } = await listed(api)
    const unsent = items
      .filter(({ statuses }) => statuses.includes('notSent'))
      .map(({ id }) => ({ id, key: randomUUID() }))
    const [first] = items
    while (going) {
      await ask('list', api.get('/certificates'), 200)
      await ask('read', api.get(`/certificates/${first!.id}`), 200)
      const next = unsent.pop()
      if (next !== undefined && !(await sendOne(api, next.id, next.key))) unsent.unshift(next)
      await ask('PDF', api.get(`/certificates/${first!.id}/pdf`), 200)
      await pause(50)
    }
  }
  const [first, second, third] = testPersons
  const lives = [first!, second!, third!].map(({ number }) => live(number))
  const gone = Promise.all(lives).catch(() => undefined)
  await until(() => answered > 10, { timeout: 120_000 })
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
    await until(() => patients.answered() > before + 3, { timeout: 120_000 })
  }
  await until(() => patients.sent.length > 0, { timeout: 120_000 })
  await patients.stop()
  const refusals = patients.failed.map((refusal) => ({ refusal, causes: causesOf(refusal) }))
  expect(refusals.filter(({ causes }) => !wasLate(causes))).toEqual([])
  for (const { api, id } of patients.sent) {
    await until(
      async () => JSON.parse((await api.get(`/dispatches/${id}`)).text).state === 'accepted',
      { timeout: 120_000, interval: 200 },
    )
  }
})

import { jest } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { until } from '@minaintyg/testing'
import { testPersons } from '../src/test-persons.ts'
import type { Answer } from '../src/walk/browser.ts'
import type { PatientApi } from '../src/walk/patient-api.ts'
import { giveConsent, list } from '../src/walk/steps.ts'
import { startReplicatedSystem } from './replicated-system.ts'
import type { ReplicatedSystem } from './replicated-system.ts'

jest.setTimeout(600_000)

let system: ReplicatedSystem

beforeAll(async () => {
  system = await startReplicatedSystem()
})
afterAll(() => system.stop())

/** People who read, save and send, without a break. */
async function startPatients() {
  const failed: string[] = []
  const sent: { api: PatientApi; id: string }[] = []
  let answered = 0
  let going = true

  async function ask(what: string, asked: Promise<Answer>, expected: number): Promise<Answer> {
    try {
      const answer = await asked
      answered += 1
      if (answer.status !== expected) failed.push(`${what}: ${answer.status} ${answer.text}`)
      return answer
    } catch (error) {
      failed.push(`${what}: ${String((error as Error).cause ?? error)}`)
      throw error
    }
  }

  async function live(number: string): Promise<void> {
    const api = await system.patient(number)
    await giveConsent(api)
    const { items } = await list(api)
    const unsent = items.filter(({ statuses }) => statuses.includes('notSent'))
    const [first] = items
    while (going) {
      await ask('list', api.get('/certificates'), 200)
      await ask('read', api.get(`/certificates/${first!.id}`), 200)
      const next = unsent.pop()
      if (next !== undefined) {
        const recipients = await ask(
          'recipients',
          api.get(`/certificates/${next.id}/recipients`),
          200,
        )
        const [recipient] = JSON.parse(recipients.text).items
        const answer = await ask(
          'send',
          api.send(
            'POST',
            `/certificates/${next.id}/dispatches`,
            { recipientId: recipient.id },
            { 'idempotency-key': randomUUID() },
          ),
          202,
        )
        const { id } = JSON.parse(answer.text)
        if (recipient.id === 'FKASSA') sent.push({ api, id })
      }
      await ask('PDF', api.get(`/certificates/${first!.id}/pdf`), 200)
      await pause(50)
    }
  }
  const [first, second, third] = testPersons
  const lives = [first!, second!, third!].map(({ number }) => live(number))
  const gone = Promise.all(lives).catch(() => undefined)
  await until(() => answered > 10 || failed.length > 0, { timeout: 60_000 })
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
      timeout: 60_000,
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

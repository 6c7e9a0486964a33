import { jest } from '@jest/globals'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { findPostgres } from '@minaintyg/embedded-postgres'
import { until } from '@minaintyg/testing'
import { databaseNames } from '../src/databases.ts'
import { openSecrets } from '../src/secrets.ts'
import type { PatientApi } from '../src/walk/patient-api.ts'
import { startRunningSystem } from './running-system.ts'
import type { RunningSystem } from './running-system.ts'
import { contentOf, findInDatabases } from './what-is-left.ts'

jest.setTimeout(120_000)

const number = '191212121212'
const other = '198503179809'
let system: RunningSystem
beforeAll(async () => {
  system = await startRunningSystem()
})
afterAll(async () => {
  await system.stop()
})

const bodyOf = async (answer: Promise<{ text: string }>) => JSON.parse((await answer).text)
const give = async (api: PatientApi) => {
  expect((await api.send('POST', '/consent', { textVersion: '1.0' })).status).toBe(201)
}
const certificates = async (api: PatientApi): Promise<{ id: string }[]> =>
  (await bodyOf(api.get('/certificates?limit=100'))).items
const stateOf = async (api: PatientApi) => (await bodyOf(api.get('/consent'))).state as string
const mayBeSent = async (api: PatientApi, id: string) => {
  const { actions } = await bodyOf(api.get(`/certificates/${id}`))
  return actions?.send.allowed === true ? (actions.send.recipients[0].id as string) : undefined
}

/** A command as operations.md has it, with what an operator sets. */
async function command(
  service: 'identity' | 'consent',
  script: string,
  flags: string[],
  input = '',
) {
  const urlOf = await findPostgres(join(system.settings.stateDir, 'postgres'))
  const secrets = await openSecrets(system.settings.stateDir)
  const path = join(import.meta.dirname, '../../../services', service, 'src/cli', script)
  const options = ['--conditions=source', '--disable-warning=ExperimentalWarning', path]
  const child = spawn(process.execPath, [...options, ...flags], {
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: urlOf?.(databaseNames[service]),
      PERSON_NUMBER_KEYS: `local:${await secrets.key('personal numbers')}`,
      PERSON_LOOKUP_KEY: await secrets.key('look-up of personal numbers'),
      SECRET_KEYS: `local:${await secrets.key('secrets of identity')}`,
    },
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await ended, out: out.trim(), error }
}
const withdraw = (patientId: string) =>
  command('consent', 'withdraw-consent.ts', ['--patient', patientId])

async function sendOne(api: PatientApi): Promise<void> {
  for (const { id } of await certificates(api)) {
    const recipientId = await mayBeSent(api, id)
    if (recipientId === undefined) continue
    const headers = { 'idempotency-key': randomUUID() }
    const answer = await api.send(
      'POST',
      `/certificates/${id}/dispatches`,
      { recipientId },
      headers,
    )
    expect(answer.status).toBe(202)
    const { id: dispatchId } = JSON.parse(answer.text)
    const state = async () => (await bodyOf(api.get(`/dispatches/${dispatchId}`))).state as string
    await until(async () => (await state()) !== 'queued', { timeout: 20_000 })
    return
  }
  throw new Error('None of the certificates can be sent')
}

async function everythingRead(api: PatientApi): Promise<string[]> {
  const texts: string[] = []
  for (const { id } of (await certificates(api)).slice(0, 10)) {
    const answer = await api.get(`/certificates/${id}`)
    if (answer.status === 200) texts.push(...contentOf(JSON.parse(answer.text)))
  }
  return texts
}

test('the procedure leaves an id that leads to nobody, and another person as before', async () => {
  const [api, bystander] = [await system.patient(number), await system.patient(other)]
  await give(api)
  await give(bystander)
  const content = await everythingRead(api)
  expect(content.length).toBeGreaterThan(10)
  await sendOne(api)
  const before = (await certificates(bystander)).length
  expect(before).toBeGreaterThan(0)

  const found = await command('identity', 'erase-person.ts', ['--find'], `${number}\n`)
  expect(found.code).toBe(0)
  const patientId = found.out
  await withdraw(patientId)
  expect(await stateOf(api)).toBe('withdrawn')
  await until(async () => (await withdraw(patientId)).code === 0, { timeout: 40_000 })
  const withdrawal = /Withdrawal: (\S+)/.exec((await withdraw(patientId)).out)?.[1] ?? ''
  const flags = ['--patient', patientId, '--withdrawal', withdrawal]
  const erased = await command('identity', 'erase-person.ts', flags)
  expect(erased).toMatchObject({ code: 0, error: '' })
  expect((await api.get('/me')).status).toBe(401)

  const identity = (await findInDatabases(system, [patientId])).filter((column) =>
    column.startsWith('identity.'),
  )
  expect(identity).toEqual(['identity.public.audit_event.patient_id'])
  expect(await findInDatabases(system, [number, ...content])).toEqual([])
  const copies = await system.query(
    'certificate_store',
    'select from certificate where patient_id = $1',
    [patientId],
  )
  expect(copies).toEqual([])
  const kept = await findInDatabases(system, [patientId])
  expect(kept).toEqual(
    expect.arrayContaining([
      'consent.public.consent_record.patient_id',
      'certificate_store.public.access_log.patient_id',
      'dispatch.public.dispatch.patient_id',
    ]),
  )

  expect((await bystander.get('/me')).status).toBe(200)
  expect(await certificates(bystander)).toHaveLength(before)
  const anew = await system.patient(number)
  expect(await stateOf(anew)).toBe('none')
  expect((await bodyOf(anew.get('/dispatches'))).items).toEqual([])
  const again = await command('identity', 'erase-person.ts', ['--find'], number)
  expect(again.code).toBe(0)
  expect(again.out).not.toBe(patientId)
  expect((await withdraw(patientId)).out).toContain(withdrawal)
})

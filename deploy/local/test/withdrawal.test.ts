import { jest } from '@jest/globals'
import { randomInt, randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { audiences, scopes } from '@minaintyg/contracts'
import { createCredentials } from '@minaintyg/service'
import { until } from '@minaintyg/testing'
import { clientKey } from '../src/clients.ts'
import { publicApi } from '../src/environments.ts'
import { createCalendar } from '../src/journal/certificates/calendar.ts'
import { forms } from '../src/journal/certificates/forms.ts'
import { intygXml } from '../src/journal/certificates/intyg.ts'
import { openSecrets } from '../src/secrets.ts'
import type { PatientApi } from '../src/walk/patient-api.ts'
import { startRunningSystem } from './running-system.ts'
import type { RunningSystem } from './running-system.ts'
import { contentOf, findInDatabases } from './what-is-left.ts'

/** How often each race is run: a few times in every test run, 100 times before a release. */
const runs = Number(process.env['RACE_RUNS'] ?? 4)
const kills = Number(process.env['RACE_KILLS'] ?? 2)

jest.setTimeout(60_000 + 10_000 * runs + 20_000 * kills)

const employed = '198503179809'
const driver = '196201059810'
let system: RunningSystem
let fetchAsRecipient: (dispatchId: string) => Promise<number>
let closeRecipient: () => Promise<void>

beforeAll(async () => {
  system = await startRunningSystem({ rateLimit: 1_000_000 })
  const credentials = createCredentials({
    identityUrl: system.addresses.identity.url,
    issuer: publicApi(system.addresses),
    clientId: 'transportstyrelsen',
    clientKey: await clientKey(await openSecrets(system.settings.stateDir), 'transportstyrelsen'),
  })
  closeRecipient = () => credentials.close()
  fetchAsRecipient = async (dispatchId) => {
    const token = await credentials.serviceToken(audiences.dispatch, scopes.recipient)
    const { status } = await fetch(
      `${publicApi(system.addresses)}/recipient/dispatches/${dispatchId}/document`,
      { headers: { authorization: `Bearer ${token}`, accept: 'application/xml' } },
    )
    return status
  }
})
afterAll(async () => {
  await closeRecipient()
  await system.stop()
})

const parsed = async (answer: Promise<{ status: number; text: string }>) => {
  const { status, text } = await answer
  return { status, body: text === '' ? {} : JSON.parse(text) }
}
const give = async (api: PatientApi) => {
  expect((await api.send('POST', '/consent', { textVersion: '1.0' })).status).toBeLessThan(300)
}
const withdraw = async (api: PatientApi) => {
  expect((await api.send('DELETE', '/consent')).status).toBe(200)
}
const list = (api: PatientApi) => parsed(api.get('/certificates?limit=100'))
const consentOf = async (api: PatientApi) => (await parsed(api.get('/consent'))).body
const finished = (api: PatientApi) =>
  until(async () => (await consentOf(api)).erasure?.finishedAt != null, { timeout: 20_000 })

async function tellJournals(mode: 'ok' | 'slow', delay = 0): Promise<void> {
  for (const source of ['region-norr', 'intygstjansten']) {
    await fetch(`${system.addresses.journals.url}/control`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ source, mode, delay }),
    })
  }
}

async function tellJournal(path: string, payload: object): Promise<Record<string, unknown>> {
  const answer = await fetch(`${system.addresses.journals.url}/control/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ source: 'region-norr', ...payload }),
  })
  expect(answer.ok).toBe(true)
  return (await answer.json()) as Record<string, unknown>
}

/** Puts a new certificate of the driver's into a journal. @returns its id there */
async function addToJournal(): Promise<string> {
  const { type, version, doctor, unit, answers } = forms.tsBas
  const calendar = createCalendar(new Date())
  const id = randomUUID()
  const document = intygXml({
    id,
    type,
    version,
    signedAt: calendar.time(0, '00:00:01'),
    personNumber: driver,
    doctor,
    unit,
    answers: answers(calendar, { signed: 0 }),
  })
  await tellJournal('certificates', { personNumber: driver, document })
  return id
}

/** New certificates that no run before has sent. @returns them as the patient has them */
async function addSendable(api: PatientApi, count: number): Promise<{ id: string }[]> {
  for (let index = 0; index < count; index += 1) await addToJournal()
  const today = createCalendar(new Date()).day(0)
  const all: { id: string; issuedAt: string }[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const { body } = await parsed(api.get(`/certificates?limit=100${query}`))
    all.push(...body.items)
    cursor = body.nextCursor
  }
  const added = all.filter(({ issuedAt }) => Date.parse(issuedAt) >= Date.parse(today) - 86_400_000)
  expect(added.length).toBeGreaterThanOrEqual(count)
  return added
}

/** Nobody else is logged in, so the tables are empty but for the one patient. */
const copiesLeft = async () => {
  const [row] = await system.query<{ count: number }>(
    'certificate_store',
    `select (select count(*) from certificate)::int + (select count(*) from patient_key)::int
       + (select count(*) from journal_fetch)::int as count`,
  )
  return row?.count
}
async function expectNothingLeft(api: PatientApi): Promise<void> {
  expect(await list(api)).toMatchObject({ status: 403, body: { code: 'consent.required' } })
  await finished(api)
  expect(await copiesLeft()).toBe(0)
}

async function eachRun(count: number, run: (index: number) => Promise<void>): Promise<void> {
  for (let index = 0; index < count; index += 1) await run(index)
}

/** What every certificate of a patient says, as long as one may read it. */
async function readEverything(api: PatientApi): Promise<string[]> {
  const { items } = (await list(api)).body
  const texts: string[] = []
  for (const { id } of items) {
    const { status, body } = await parsed(api.get(`/certificates/${id}`))
    if (status === 200) texts.push(...contentOf(body))
  }
  return texts
}

describe('consent that is withdrawn', () => {
  test('while journals are being asked: nothing is stored after it', async () => {
    const api = await system.patient(employed)
    await eachRun(runs, async () => {
      const delay = randomInt(20, 200)
      await tellJournals('slow', delay)
      await give(api)
      const asked = list(api)
      await pause(randomInt(0, delay + 60))
      await withdraw(api)
      expect([200, 403]).toContain((await asked).status)
      await expectNothingLeft(api)
    })
    await tellJournals('ok')
  })

  test('and given and withdrawn again, quickly and from two tabs: the last word holds', async () => {
    const api = await system.patient(employed)
    const other = await system.patient(employed)
    await eachRun(runs, async (index) => {
      await Promise.all([give(api), list(other), withdraw(other), give(api), list(api)])
      if (index % 2 === 0) {
        await give(other)
        const { status, body } = await list(api)
        expect(status).toBe(200)
        expect(body.total).toBeGreaterThan(0)
        expect(body.sources).toMatchObject([{ state: 'ok' }, { state: 'ok' }])
      }
      await withdraw(other)
      await expectNothingLeft(api)
    })
  })

  test('while a journal pushes: nothing is stored after it', async () => {
    const api = await system.patient(driver)
    const id = await addToJournal()
    await eachRun(runs, async () => {
      await give(api)
      await pause(randomInt(0, 10))
      const pushing = tellJournal('pushes', { id })
      await pause(randomInt(0, 25))
      await withdraw(api)
      const { resultCode } = await pushing
      expect(['OK', 'INFO', 'ERROR']).toContain(resultCode)
      expect(await tellJournal('pushes', { id })).toMatchObject({ resultCode: 'ERROR' })
      await expectNothingLeft(api)
    })
  })

  test('between sending and leaving, or before the document is fetched: nothing is handed over after it', async () => {
    const api = await system.patient(driver)
    await give(api)
    const certificates = await addSendable(api, runs)
    for (const certificate of certificates.slice(0, runs)) {
      await give(api)
      const { status, body } = await parsed(
        api.send(
          'POST',
          `/certificates/${certificate.id}/dispatches`,
          { recipientId: 'TRANSP' },
          { 'idempotency-key': randomUUID() },
        ),
      )
      expect(status).toBe(202)
      const trying = { goesOn: true }
      const handedOver: number[] = []
      const recipient = (async () => {
        while (trying.goesOn) {
          if ((await fetchAsRecipient(body.id)) === 200) handedOver.push(Date.now())
        }
      })()
      await pause(randomInt(0, 40))
      await withdraw(api)
      const before = handedOver.length
      await pause(20)
      trying.goesOn = false
      await recipient
      // What was under way as the answer came may still arrive; it was handed over before.
      expect(handedOver.length - before).toBeLessThanOrEqual(1)
      expect(await fetchAsRecipient(body.id)).toBe(410)
      await expectNothingLeft(api)
      const { state } = (await parsed(api.get(`/dispatches/${body.id}`))).body
      const ends = handedOver.length === 0 ? ['cancelled', 'revoked'] : ['delivered', 'queued']
      expect(ends).toContain(state)
    }
  })

  test('as everything is killed: what was answered holds, and the rest is done on the next start', async () => {
    let api = await system.patient(employed)
    await give(api)
    const texts = await readEverything(api)
    expect(texts.length).toBeGreaterThan(10)
    await eachRun(kills, async () => {
      await give(api)
      await list(api)
      const answer = api.send('DELETE', '/consent').then(
        ({ status }) => status,
        () => undefined,
      )
      await pause(randomInt(0, 60))
      await system.killAndStartAgain()
      api = await system.patient(employed)
      if ((await answer) === 200) expect((await consentOf(api)).state).toBe('withdrawn')
      await withdraw(api)
      await expectNothingLeft(api)
      expect(await findInDatabases(system, texts)).toEqual([])
    })
  })
})

test('what is looked for would be found: it is there for as long as nobody seals it', async () => {
  const needle = 'Personen som söks finns här'
  await system.query('dispatch', 'create table planted (words bytea)')
  await system.query('dispatch', 'insert into planted values ($1)', [Buffer.from(needle)])
  expect(await findInDatabases(system, [needle])).toEqual(['dispatch.public.planted.words'])
  await system.query('dispatch', 'drop table planted')
})

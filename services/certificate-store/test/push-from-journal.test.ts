import { join } from 'node:path'
import { describeWithShared, expectProblem, sharedFolder } from '@minaintyg/testing'
import { createTestAuthority } from '@minaintyg/testing/certificates'
import { buildJournals } from '../../../deploy/local/src/journal/index.ts'
import type { JournalsService, PushTarget } from '../../../deploy/local/src/journal/index.ts'
import { logicalAddress } from './pushes.ts'
import { hsaIds, startPushSystem } from './push-system.ts'
import type { PushSystem } from './push-system.ts'
import { numbers } from './system.ts'

const norr = 'region-norr'
const open: JournalsService[] = []
let system: PushSystem

afterAll(async () => {
  await Promise.all(open.map(({ app }) => app.close()))
  await system.stop()
})
async function journalsThatPush(push?: PushTarget) {
  const journals = await buildJournals({
    logLevel: 'silent',
    ...(push === undefined ? {} : { push }),
  })
  open.push(journals)
  const control = (path: string, payload: object) =>
    journals.app.inject({ method: 'POST', url: `/control/${path}`, payload })
  return { journals, control }
}

/** The simulator’s own HSA ids, through a platform, as one certificate for both journals. */
async function start(config: Record<string, string> = {}) {
  const { callers } = await buildJournals({ logLevel: 'silent', empty: true })
  const platform = { hsaId: hsaIds.platform, passesOn: true }
  system = await startPushSystem({
    config: { PUSH_CALLERS: JSON.stringify([...callers, platform]), ...config },
  })
  const tls = await system.clientTls(hsaIds.platform)
  return journalsThatPush({ url: `https://127.0.0.1:${system.port}`, logicalAddress, tls })
}

test('a journal that is told to push is heard, and so is its revocation', async () => {
  const { journals, control } = await start()
  const patient = await system.logIn(numbers.driver)
  const { id } = journals.journals[0]!.certificates.find(
    ({ personNumber }) => personNumber === numbers.driver,
  )!
  const reference = { source: norr, id }
  const ok = { status: 200, resultCode: 'OK', errorId: null, text: null }
  expect((await control('pushes', reference)).json()).toEqual(ok)
  expect((await control('pushes', reference)).json()).toMatchObject({
    resultCode: 'INFO',
    text: 'Certificate already exists',
  })
  const { rows } = await system.rows.query(
    'select id from certificate where patient_id = $1 and journal_id = $2',
    [patient.id, id],
  )
  expect((await patient.get(`/certificates/${rows[0].id}`)).statusCode).toBe(200)
  expect((await control('pushed-revocations', reference)).json()).toEqual(ok)
  expect((await patient.get(`/certificates/${rows[0].id}`)).statusCode).toBe(410)
  expectProblem(await control('pushes', { source: norr, id: 'none' }), 404, 'certificate.not-found')
})

test('a journal that is told nowhere to push, or where nobody is, says so', async () => {
  const silent = await journalsThatPush()
  const { id } = silent.journals.journals[0]!.certificates[0]!
  expectProblem(await silent.control('pushes', { source: norr, id }), 409, 'push.not-possible')
  const nowhere = await journalsThatPush({ url: 'http://127.0.0.1:1', logicalAddress })
  expectProblem(await nowhere.control('pushes', { source: norr, id }), 502, 'push.unanswered')
})

test('a journal with a certificate of somebody else’s authority is not heard', async () => {
  const stranger = await createTestAuthority()
  const tls = { ...(await system.clientTls(hsaIds.platform)), ...(await stranger.client('SE1')) }
  const url = `https://127.0.0.1:${system.port}`
  const { journals, control } = await journalsThatPush({ url, logicalAddress, tls })
  const { id } = journals.journals[0]!.certificates[0]!
  expectProblem(await control('pushes', { source: norr, id }), 502, 'push.unanswered')
})

describeWithShared('with the official schemas', () => {
  test('all that the journals have can be pushed, but for the old formats and what is never shown', async () => {
    await system.stop()
    const { journals, control } = await start({
      RIVTA_SCHEMA_DIR: join(
        sharedFolder,
        'rivta/contracts/clinicalprocess-healthcond-certificate',
      ),
    })
    const { tolvan, employed, replaced, driver } = numbers
    const people = new Set<string>([tolvan, employed, replaced, driver])
    for (const number of people) await system.logIn(number)
    const outcomes = new Map<string, number>()
    for (const { id: source, certificates } of journals.journals) {
      for (const { id, personNumber } of certificates) {
        if (!people.has(personNumber)) continue
        const answer = (await control('pushes', { source, id })).json()
        const outcome = String(answer.errorId ?? answer.resultCode ?? answer.code)
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      }
    }
    expect([...outcomes.keys()].sort()).toEqual(['APPLICATION_ERROR', 'OK'])
    expect(outcomes.get('OK')).toBeGreaterThan(15)
  })
})

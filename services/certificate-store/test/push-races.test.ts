import { AppError } from '@minaintyg/errors'
import { until } from '@minaintyg/testing'
import { certificateStoreErrors } from '../src/app.ts'
import { registration } from './pushes.ts'
import { hsaIds, startPushSystem } from './push-system.ts'
import type { PushCaller, PushSystem } from './push-system.ts'
import { numbers } from './system.ts'

const hour = 3_600_000
const number = numbers.none

let system: PushSystem
let norr: PushCaller
/** What happens right after consent was asked and before the answer is known to whoever asked. */
let afterQuestion: ((patientId: string, question: number) => Promise<void>) | undefined
let questions = 0
const given = new Map<string, boolean>()

beforeAll(async () => {
  system = await startPushSystem({
    deps: {
      requireConsent: async (patientId) => {
        const holds = given.get(patientId) !== false
        questions += 1
        await afterQuestion?.(patientId, questions)
        if (!holds) throw new AppError(certificateStoreErrors.consentRequired)
      },
    },
  })
  norr = await system.caller(hsaIds.norr)
})
afterAll(() => system.stop())
beforeEach(() => {
  questions = 0
})
afterEach(() => {
  afterQuestion = undefined
  const [journal] = system.journals.journals
  for (const { id } of journal!.certificates.filter((each) => each.personNumber === number)) {
    journal!.remove(id)
  }
  system.tell('ok')
})

const rowsOf = async (journalId: string) =>
  (await system.rows.query('select * from certificate where journal_id = $1', [journalId])).rows
const eventsOf = async (patientId: string, type: string) => {
  const { rows } = await system.rows.query('select body from outbox where type = $1', [type])
  return rows
    .map(({ body }) => JSON.parse(body).data)
    .filter((data) => data.patientId === patientId)
}
const northern = () => system.journals.journals[0]!
/** Has the journal list what it pushes under this id. */
function listIt(id: string) {
  northern().load(registration({ number, id }), number)
}
type Patient = Awaited<ReturnType<PushSystem['logIn']>>
/** Fresh copies, whatever is stored. */
async function refresh(patient: Patient) {
  const count = () => northern().asked.length
  const before = count()
  system.passTime(61_000)
  await patient.list()
  await until(() => count() >= before + 2)
  await until(async () => (await patient.list()).sources.every(({ state }) => state === 'ok'))
  return patient.list()
}

describe('while consent is withdrawn', () => {
  async function withdraw(patient: Patient) {
    given.set(patient.id, false)
    await patient.post('/erasures')
  }

  test.each([1, 2])('after question %i, nothing is stored and the push is refused', async (at) => {
    const patient = await system.logIn(number)
    afterQuestion = async (_patientId, question) => {
      if (question === at) await withdraw(patient)
    }
    const answer = await norr.register({ number, id: `withdrawn-${at}` })
    expect(answer).toMatchObject({ code: 'ERROR', errorId: 'APPLICATION_ERROR' })
    expect(await rowsOf(`withdrawn-${at}`)).toEqual([])
    expect(await eventsOf(patient.id, 'certificate.added.v1')).toEqual([])
  })

  test('with copies stored before, nothing is stored either', async () => {
    const patient = await system.logIn(number)
    expect((await norr.register({ number, id: 'before' })).code).toBe('OK')
    questions = 0
    afterQuestion = async (_patientId, question) => {
      if (question === 1) await withdraw(patient)
    }
    const answer = await norr.register({ number, id: 'withdrawn-later' })
    expect(answer).toMatchObject({ code: 'ERROR', errorId: 'APPLICATION_ERROR' })
    const { rowCount } = await system.rows.query('select from certificate where patient_id = $1', [
      patient.id,
    ])
    expect(rowCount).toBe(0)
  })

  test('and given anew meanwhile, the push is to come again, and is then taken in', async () => {
    const patient = await system.logIn(number)
    await norr.register({ number, id: 'first-key' })
    questions = 0
    afterQuestion = async (_patientId, question) => {
      if (question !== 1) return
      await patient.post('/erasures')
      await patient.list()
    }
    const answer = await norr.register({ number, id: 'second-key' })
    expect(answer).toMatchObject({ code: 'ERROR', errorId: 'TECHNICAL_ERROR' })
    expect(await rowsOf('second-key')).toEqual([])
    expect((await norr.register({ number, id: 'second-key' })).code).toBe('OK')
  })
})

describe('beside the journal’s list', () => {
  test('pushed while the same is being fetched, it is one copy and no news twice', async () => {
    const patient = await system.logIn(number)
    await patient.list()
    listIt('both-ways')
    system.tell('ok', { delay: 300 })
    const before = northern().asked.length
    const refreshed = refresh(patient)
    await until(() => northern().asked.length > before)
    const answers = await Promise.all([1, 2].map(() => norr.register({ number, id: 'both-ways' })))
    expect(answers.map(({ code }) => code).sort()).toEqual(['INFO', 'OK'])
    const { total } = await refreshed
    expect(total).toBe(1)
    expect(await rowsOf('both-ways')).toHaveLength(1)
    expect(await eventsOf(patient.id, 'certificate.added.v1')).toHaveLength(1)
    expect(await eventsOf(patient.id, 'certificate.stored.v1')).toHaveLength(1)
  })

  test('an answer from before the push does not take it away', async () => {
    const patient = await system.logIn(number)
    system.tell('ok', { delay: 300 })
    const before = northern().asked.length
    const list = patient.list()
    await until(() => northern().asked.length > before)
    expect((await norr.register({ number, id: 'just-now' })).code).toBe('OK')
    await list
    expect((await patient.list()).total).toBe(1)
  })

  test('a list that does not have it yet leaves it for a day, and then it is missed', async () => {
    const patient = await system.logIn(number)
    await patient.list()
    await norr.register({ number, id: 'ahead' })
    expect((await refresh(patient)).total).toBe(1)
    system.passTime(25 * hour)
    expect((await refresh(patient)).total).toBe(0)
    expect((await norr.register({ number, id: 'ahead' })).code).toBe('INFO')
    expect((await refresh(patient)).total).toBe(1)
    listIt('ahead')
    system.passTime(25 * hour)
    expect((await refresh(patient)).total).toBe(1)
    expect(await eventsOf(patient.id, 'certificate.added.v1')).toHaveLength(1)
  })

  test('once the list has had it, the list decides', async () => {
    const patient = await system.logIn(number)
    await patient.list()
    await norr.register({ number, id: 'listed' })
    listIt('listed')
    expect((await refresh(patient)).total).toBe(1)
    northern().remove('listed')
    expect((await refresh(patient)).total).toBe(0)
  })

  test('a revocation in the list is one, and told once', async () => {
    const patient = await system.logIn(number)
    await patient.list()
    await norr.register({ number, id: 'revoked-there' })
    listIt('revoked-there')
    northern().revoke('revoked-there', new Date())
    const { items } = await refresh(patient)
    expect(items).toMatchObject([{ statuses: expect.arrayContaining(['revoked']) }])
    const revoke = { number, id: 'revoked-there' }
    expect((await norr.revoke(revoke)).code).toBe('INFO')
    expect(await eventsOf(patient.id, 'certificate.revoked.v1')).toHaveLength(1)
  })

  test('a push that revokes what replaces another lets that one stand again', async () => {
    const patient = await system.logIn(number)
    await norr.register({ number, id: 'old' })
    const more =
      '<c:relation><c:typ><t:code>ERSATT</t:code><t:codeSystem>c2362fcd-eda0-4f9a-bd13-b3bbaf7f2146</t:codeSystem></c:typ>' +
      '<c:intygs-id><t:root>x</t:root><t:extension>old</t:extension></c:intygs-id></c:relation>'
    await norr.register({ number, id: 'replacement', more })
    const isReplaced = async () => {
      const [{ id }] = await rowsOf('old')
      const { items } = await patient.list()
      return items.find((item) => item.id === id)!.statuses.includes('replaced')
    }
    expect(await isReplaced()).toBe(true)
    await norr.revoke({ number, id: 'replacement' })
    expect(await isReplaced()).toBe(false)
  })
})

describe('news', () => {
  const added = (patient: Patient) => eventsOf(patient.id, 'certificate.added.v1')

  test('is not what a journal’s first answer holds, but what it has when asked again', async () => {
    listIt('there-before')
    const patient = await system.logIn(number)
    expect((await patient.list()).total).toBe(1)
    expect(await added(patient)).toEqual([])
    listIt('new-since')
    expect((await refresh(patient)).total).toBe(2)
    expect(await added(patient)).toMatchObject([
      { typeCode: 'LISJP', sourceId: 'region-norr', issuedAt: '2026-03-01T09:15:00.000Z' },
    ])
    await refresh(patient)
    expect(await added(patient)).toHaveLength(1)
  })

  test('is what is pushed before anything was fetched, and not what the fetch then finds', async () => {
    const patient = await system.logIn(number)
    listIt('pushed-first')
    listIt('fetched-first')
    await norr.register({ number, id: 'pushed-first' })
    expect((await patient.list()).total).toBe(2)
    expect(await added(patient)).toHaveLength(1)
  })

  test('is not what another journal gave already', async () => {
    const patient = await system.logIn(number)
    await norr.register({ number, id: 'shared-id' })
    const other = await system.caller(hsaIds.intygstjansten)
    expect((await other.register({ number, id: 'shared-id' })).code).toBe('OK')
    expect(await added(patient)).toHaveLength(1)
  })

  test('is nothing that is revoked from the first', async () => {
    const patient = await system.logIn(number)
    const more =
      '<c:status><c:part><t:code>HSVARD</t:code><t:codeSystem>769bb12b-bd9f-4203-a5cd-fd14f2eb3b80</t:codeSystem></c:part>' +
      '<c:status><t:code>CANCEL</t:code><t:codeSystem>9871cd17-8755-4ed9-b894-ff3729e775a4</t:codeSystem></c:status>' +
      '<c:tidpunkt>2026-03-02T08:00:00</c:tidpunkt></c:status>'
    expect((await norr.register({ number, id: 'stillborn', more })).code).toBe('OK')
    expect(await added(patient)).toEqual([])
  })

  test('names no type that is no code', async () => {
    const patient = await system.logIn(number)
    await norr.register({ number, id: 'odd-type', type: 'Anna Andersson' })
    expect(await added(patient)).toMatchObject([{ typeCode: 'UNKNOWN' }])
  })
})

import { decodeJwt } from 'jose'
import { expectProblem } from '@minaintyg/testing'
import { startHostileProvider } from './hostile-provider.ts'
import type { HostileProvider } from './hostile-provider.ts'
import { createIdentityUnderTest, createPrivateJwk, runWorker } from './identity-under-test.ts'
import type { IdentityUnderTest } from './identity-under-test.ts'
import {
  coordinationClaim,
  numberClaim,
  personWith,
  previousClaim,
  useSessions,
} from './sessions-under-test.ts'
import type { SessionsUnderTest } from './sessions-under-test.ts'

const personal = '198503179809'
const otherPersonal = '191212121212'
const coordination = '198809759874'
const otherCoordination = '197010632391'

let provider: HostileProvider
let identity: IdentityUnderTest
let sessions: SessionsUnderTest

beforeEach(async () => {
  provider = await startHostileProvider()
  identity = await createIdentityUnderTest(provider.issuer, await createPrivateJwk('rp-1'))
  sessions = useSessions(identity, provider)
})
afterEach(async () => {
  await identity.close()
  await provider.stop()
})

const logIn = (claims: Record<string, unknown>) => sessions.logIn(personWith(claims))
async function patientOf(claims: Record<string, unknown>): Promise<string> {
  const answer = await logIn(claims)
  expect(answer.statusCode).toBe(201)
  return decodeJwt(await sessions.tokenFor(answer.json().session)).sub ?? ''
}
async function numberOf(patientId: string, app = identity.forCallers) {
  const headers = await identity.tokens.client('identity', 'person-number:read')
  return (await app.inject({ url: `/patients/${patientId}/number`, headers })).json<object>()
}
const countPersons = async () => (await identity.query('select from person')).length
/** Refused, and told to an operator by the patients' ids alone. */
async function expectConflict(claims: Record<string, unknown>, patientIds: string[]) {
  expectProblem(await logIn(claims), 400, 'login.failed')
  const rows = await identity.query(
    "select reason, detail, patient_id from audit_event where event = 'log-in-failed'",
  )
  expect(rows).toContainEqual({
    reason: 'login.failed',
    detail: 'person.conflict',
    patient_id: null,
  })
  const alarms = identity.log.entries().filter(({ level }) => level === 'error')
  const told = alarms.flatMap((alarm) => alarm['patientIds'] as string[])
  expect(told.sort()).toEqual(patientIds.sort())
  const lines = identity.log.lines.join('')
  for (const number of Object.values(claims)) expect(lines).not.toContain(number)
}

describe('a person who is given a personal identity number', () => {
  test('is the same patient as before, and known by the new number', async () => {
    const before = await patientOf({ [coordinationClaim]: coordination })
    const after = await patientOf({ [numberClaim]: personal, [previousClaim]: coordination })
    expect(after).toBe(before)
    expect(await numberOf(after)).toEqual({
      number: personal,
      kind: 'personalIdentityNumber',
      earlier: [coordination],
    })
    expect(await countPersons()).toBe(1)
    for (const number of [personal, coordination]) {
      const headers = await identity.tokens.client('identity', 'patients:find')
      const search = { method: 'POST', url: '/patient-searches', payload: { number } } as const
      const found = await identity.forCallers.inject({ ...search, headers })
      expect(found.json()).toEqual({ patientId: after })
    }
    const history = await identity.query(
      'select kind, origin from person_number order by added_at, kind',
    )
    expect(history).toEqual([
      { kind: 'coordinationNumber', origin: 'log-in' },
      { kind: 'personalIdentityNumber', origin: 'log-in' },
    ])
  })

  test('stays so without the claim, and with an e-legitimation of the old number', async () => {
    const claims = { [numberClaim]: personal, [previousClaim]: coordination }
    const patient = await patientOf(claims)
    expect(await patientOf({ [numberClaim]: personal })).toBe(patient)
    expect(await patientOf({ [coordinationClaim]: coordination })).toBe(patient)
    expect(await patientOf(claims)).toBe(patient)
    expect(await numberOf(patient)).toMatchObject({ number: personal, earlier: [coordination] })
    expect(await countPersons()).toBe(1)
  })

  test('is one patient, however many first log-ins there are at the same time', async () => {
    const both = { [numberClaim]: personal, [previousClaim]: coordination }
    const claims = [both, { [numberClaim]: personal }, { [coordinationClaim]: coordination }]
    await patientOf(both)
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_none, index) => logIn(claims[index % 3] ?? both)),
    )
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(12).fill(201))
    expect(await countPersons()).toBe(1)
  })
})

describe('two patients are never made one', () => {
  test('where both numbers are known already', async () => {
    const [first, second] = [
      await patientOf({ [coordinationClaim]: coordination }),
      await patientOf({ [numberClaim]: personal }),
    ]
    expect(first).not.toBe(second)
    await expectConflict({ [numberClaim]: personal, [previousClaim]: coordination }, [
      first,
      second,
    ])
    expect(await patientOf({ [coordinationClaim]: coordination })).toBe(first)
    expect(await patientOf({ [numberClaim]: personal })).toBe(second)
  })

  test('where the old number has gone to another personal identity number', async () => {
    const first = await patientOf({ [numberClaim]: personal, [previousClaim]: coordination })
    await expectConflict({ [numberClaim]: otherPersonal, [previousClaim]: coordination }, [first])
    expect(await numberOf(first)).toMatchObject({ number: personal })
    expect(await patientOf({ [numberClaim]: otherPersonal })).not.toBe(first)
  })

  test.each([
    [
      'with a coordination number',
      { [coordinationClaim]: coordination, [previousClaim]: otherCoordination },
    ],
    [
      'that is a personal identity number',
      { [numberClaim]: personal, [previousClaim]: otherPersonal },
    ],
    ['of ten digits', { [numberClaim]: personal, [previousClaim]: coordination.slice(2) }],
    ['whose check digit is wrong', { [numberClaim]: personal, [previousClaim]: '198809759875' }],
    ['that is no text', { [numberClaim]: personal, [previousClaim]: [coordination] }],
  ])('by a previous number %s', async (_what, claims) => {
    expectProblem(await logIn(claims), 400, 'login.failed')
    expect(await countPersons()).toBe(0)
  })
})

describe('the age limit of 16', () => {
  const day = 24 * 60 * 60_000
  /** Of someone born so many years ago, the day that is so many days from now; in Stockholm, where the limit holds. */
  function numberOfAge(years: number, days: number, isCoordination: boolean): string {
    const date = new Date(identity.clock.now().getTime() + days * day)
    const [year = '', month = '', birthday = ''] = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Europe/Stockholm',
    })
      .format(date)
      .split('-')
    const dayOfBirth = Number(birthday) + (isCoordination ? 60 : 0)
    const digits = `${Number(year) - years}${month}${String(dayOfBirth).padStart(2, '0')}238`
    const sum = digits
      .slice(2)
      .split('')
      .reduce((total, digit, index) => {
        const product = Number(digit) * (index % 2 === 0 ? 2 : 1)
        return total + (product > 9 ? product - 9 : product)
      }, 0)
    return `${digits}${(10 - (sum % 10)) % 10}`
  }

  test.each([
    ['personal identity numbers', numberClaim, false],
    ['coordination numbers', coordinationClaim, true],
  ])('is reached on the birthday, by %s too', async (_what, claim, isCoordination) => {
    const tomorrow = { [claim]: numberOfAge(16, 1, isCoordination) }
    expectProblem(await logIn(tomorrow), 403, 'login.too-young')
    const rows = await identity.query(
      "select event, reason, patient_id from audit_event where event like 'log-in%'",
    )
    expect(rows).toEqual([{ event: 'log-in-failed', reason: 'login.too-young', patient_id: null }])
    expect(await countPersons()).toBe(0)
    expect((await logIn({ [claim]: numberOfAge(16, 0, isCoordination) })).statusCode).toBe(201)
  })
})

test('the provider is asked for the previous number by name, and the number is never a hint', async () => {
  const begun = await identity.post('/log-ins', { returnTo: '/' })
  const url = new URL(begun.json<{ authorizationUrl: string }>().authorizationUrl)
  const request = decodeJwt(url.searchParams.get('request') ?? '')
  expect(request['claims']).toMatchObject({ userinfo: { [previousClaim]: null } })
  expect(request).not.toHaveProperty('login_hint')
})

describe('keys that seal', () => {
  const key = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64')

  test('rotate: what the old ones sealed is sealed anew, and the old ones are needed no more', async () => {
    const patients = [
      await patientOf({ [numberClaim]: personal }),
      await patientOf({ [coordinationClaim]: coordination }),
    ]
    const { PERSON_NUMBER_KEYS: oldPersonKeys, SECRET_KEYS: oldSecretKeys } = identity.config
    const [personKeys, secretKeys] = [`p2:${key()}`, `s2:${key()}`]
    const keys = identity.tokens.authentication('identity').keys
    const between = await identity.build(
      { keys },
      {
        PERSON_NUMBER_KEYS: `${personKeys},${oldPersonKeys}`,
        SECRET_KEYS: `${secretKeys},${oldSecretKeys}`,
      },
    )
    await Promise.all([1, 2, 3].map(() => runWorker(between.workers, 're-sealing')))
    const after = await identity.build(
      { keys },
      { PERSON_NUMBER_KEYS: personKeys, SECRET_KEYS: secretKeys },
    )
    expect(await numberOf(patients[0]!, after.app)).toMatchObject({ number: personal })
    expect(await numberOf(patients[1]!, after.app)).toMatchObject({ number: coordination })
    expect((await after.app.inject('/.well-known/jwks.json')).json().keys).toHaveLength(1)
    expect(identity.log.lines.join('')).toContain('sealed anew')
    await between.app.close()
    await after.app.close()
  })
})

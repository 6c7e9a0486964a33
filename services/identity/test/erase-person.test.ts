import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { decodeJwt } from 'jose'
import { expectProblem } from '@minaintyg/testing'
import { createLookup } from '../src/persons/lookup.ts'
import { startHostileProvider } from './hostile-provider.ts'
import type { HostileProvider } from './hostile-provider.ts'
import { createIdentityUnderTest, createPrivateJwk } from './identity-under-test.ts'
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
const coordination = '198809759874'
const otherPersonal = '191212121212'
const name = 'Maja Lindqvist-Provsson'
const withdrawal = crypto.randomUUID()

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

async function erasePerson(flags: string[], input = '') {
  const { DATABASE_URL, PERSON_LOOKUP_KEY, PERSON_NUMBER_KEYS, SECRET_KEYS } = identity.config
  const script = join(import.meta.dirname, '../src/cli/erase-person.ts')
  const options = ['--conditions=source', '--disable-warning=ExperimentalWarning', script]
  const child = spawn(process.execPath, [...options, ...flags], {
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL,
      PERSON_LOOKUP_KEY,
      PERSON_NUMBER_KEYS,
      SECRET_KEYS,
    },
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await ended, out, error }
}

const openAs = (claims: Record<string, unknown>) => sessions.openSession(personWith(claims))
const patientOf = async (session: string) => decodeJwt(await sessions.tokenFor(session)).sub ?? ''
const isLive = async (session: string) => (await sessions.stateOf(session)).authenticated as boolean
const auditOf = (patientId: string) =>
  identity.query('select event, reason, detail from audit_event where patient_id = $1', [patientId])

/** Where in all columns of all tables one of these is, also as bytes. */
async function findInTables(needles: readonly string[]): Promise<string[]> {
  const tables = await identity.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`,
  )
  const found = new Set<string>()
  for (const { name } of tables) {
    for (const row of await identity.query(`select * from ${name}`)) {
      for (const [column, cell] of Object.entries(row)) {
        const cellText = cell instanceof Buffer ? cell.toString('latin1') : JSON.stringify(cell)
        if (needles.some((needle) => cellText.includes(needle))) found.add(`${name}.${column}`)
      }
    }
  }
  return [...found].sort()
}
const hashOf = (value: string) => createLookup(identity.config.PERSON_LOOKUP_KEY).hash(value)

/** Someone with a number from before, two sessions and a link to download. */
async function knownPerson() {
  const first = await openAs({ [coordinationClaim]: coordination, name })
  const second = await openAs({ [numberClaim]: personal, [previousClaim]: coordination, name })
  const patientId = await patientOf(second)
  const grant = await identity.post('/download-grants', { session: second, resource: '/x' })
  expect(grant.statusCode).toBe(201)
  return { patientId, live: [first, second] }
}

describe('an operator erases a person', () => {
  test.each([
    [
      'by patient id',
      (patientId: string) => erasePerson(['--patient', patientId, '--withdrawal', withdrawal]),
    ],
    ['by a number', () => erasePerson(['--withdrawal', withdrawal], `${personal}\n`)],
    ['by a number from before', () => erasePerson(['--withdrawal', withdrawal], coordination)],
  ])('%s: nothing leads to the person any more, and sessions are over', async (_how, erase) => {
    const { patientId, live } = await knownPerson()
    const leading = [
      personal,
      coordination,
      name,
      hashOf(personal),
      hashOf(coordination),
      patientId,
    ]
    expect(await findInTables(leading)).toEqual(
      expect.arrayContaining(['person.id', 'person_number.number_hash', 'session.person_id']),
    )

    const { code, out, error } = await erase(patientId)
    expect({ code, error }).toEqual({ code: 0, error: '' })
    expect(out).toBe(`Patient ${patientId} leads to nobody now. 2 sessions ended.\n`)
    expect(await findInTables(leading)).toEqual(['audit_event.patient_id'])
    for (const table of ['person', 'person_number', 'session', 'download_grant']) {
      expect(await identity.query(`select from ${table}`)).toEqual([])
    }
    expect(await Promise.all(live.map(isLive))).toEqual([false, false])
    expectProblem(await sessions.requestToken(live[0]!), 401, 'session.expired')
    expect(await auditOf(patientId)).toContainEqual({
      event: 'person-erased',
      reason: 'operator',
      detail: `withdrawal ${withdrawal}`,
    })
  })

  test('and nobody else', async () => {
    const { patientId } = await knownPerson()
    const other = await openAs({ [numberClaim]: otherPersonal })
    const otherId = await patientOf(other)
    const rowsOf = async () => ({
      person: await identity.query('select * from person where id = $1', [otherId]),
      numbers: await identity.query('select * from person_number where person_id = $1', [otherId]),
    })
    const before = await rowsOf()
    await erasePerson(['--patient', patientId, '--withdrawal', withdrawal])
    expect(await rowsOf()).toEqual(before)
    expect(await isLive(other)).toBe(true)
    expect(await patientOf(await openAs({ [numberClaim]: otherPersonal }))).toBe(otherId)
  })

  test('who logs in anew as another patient', async () => {
    const { patientId } = await knownPerson()
    await erasePerson(['--patient', patientId, '--withdrawal', withdrawal])
    const anew = await patientOf(await openAs({ [numberClaim]: personal }))
    expect(anew).not.toBe(patientId)
    expect(await findInTables([anew])).toContain('person.id')
    const again = await erasePerson(['--patient', patientId, '--withdrawal', withdrawal])
    expect(again).toMatchObject({ code: 1, out: 'There is no such person.\n' })
  })

  test('finds the patient id by a number, which is on record and shown nowhere', async () => {
    const { patientId } = await knownPerson()
    expect(await erasePerson(['--find'], `${personal}\n`)).toEqual({
      code: 0,
      out: `${patientId}\n`,
      error: '',
    })
    const unknown = await erasePerson(['--find'], otherPersonal)
    expect(unknown).toMatchObject({ code: 1, out: 'No patient is known by that number.\n' })
    expect(unknown.error).toBe('')
    const searches = await identity.query(
      "select reason, patient_id, client_id from audit_event where event = 'patient-searched' order by id",
    )
    expect(searches).toEqual([
      { reason: null, patient_id: patientId, client_id: 'operator' },
      { reason: 'unknown', patient_id: null, client_id: 'operator' },
    ])
  })

  test('not where that could not be put on record', async () => {
    const { patientId, live } = await knownPerson()
    await identity.query('alter table audit_event rename to audit_event_away')
    const { code } = await erasePerson(['--patient', patientId, '--withdrawal', withdrawal])
    await identity.query('alter table audit_event_away rename to audit_event')
    expect(code).not.toBe(0)
    expect(await patientOf(live[1]!)).toBe(patientId)
  })

  test.each([
    [[]],
    [['--patient', crypto.randomUUID()]],
    [['--patient', '198503179809', '--withdrawal', withdrawal]],
    [['--patient', crypto.randomUUID(), '--withdrawal', 'yes']],
    [['--find', '--patient', crypto.randomUUID()]],
    [['198503179809', '--withdrawal', withdrawal]],
  ])(
    'not by %j: the withdrawal that was carried out must be named, and no number',
    async (flags) => {
      const { live } = await knownPerson()
      const { code, error } = await erasePerson(flags)
      expect(code).toBe(2)
      expect(error).toContain('usage: erase-person')
      expect(error).not.toContain(personal)
      expect(await isLive(live[0]!)).toBe(true)
    },
  )
})

test('log-ins at the same time are of the person before, or of a new patient', async () => {
  const { patientId } = await knownPerson()
  const logIns = Array.from({ length: 16 }, () =>
    sessions.logIn(personWith({ [numberClaim]: personal })),
  )
  const [erased, ...answers] = await Promise.all([
    erasePerson(['--patient', patientId, '--withdrawal', withdrawal]),
    ...logIns,
  ])
  expect(erased.code).toBe(0)
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(16).fill(201))
  expect(await findInTables([patientId])).toEqual(['audit_event.patient_id'])
  const persons = await identity.query('select from person')
  expect(persons.length).toBeLessThanOrEqual(1)
})

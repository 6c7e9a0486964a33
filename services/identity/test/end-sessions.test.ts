import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { decodeJwt } from 'jose'
import { expectProblem } from '@minaintyg/testing'
import { startHostileProvider } from './hostile-provider.ts'
import type { HostileProvider } from './hostile-provider.ts'
import { createIdentityUnderTest, createPrivateJwk } from './identity-under-test.ts'
import type { IdentityUnderTest } from './identity-under-test.ts'
import { numberClaim, personWith, useSessions } from './sessions-under-test.ts'
import type { SessionsUnderTest } from './sessions-under-test.ts'

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

async function endSessions(...flags: string[]): Promise<string> {
  const { DATABASE_URL, PERSON_LOOKUP_KEY, SECRET_KEYS } = identity.config
  const script = join(import.meta.dirname, '../src/cli/end-sessions.ts')
  const options = ['--conditions=source', '--disable-warning=ExperimentalWarning', script]
  const { stdout } = await promisify(execFile)(process.execPath, [...options, ...flags], {
    env: { PATH: process.env['PATH'], DATABASE_URL, PERSON_LOOKUP_KEY, SECRET_KEYS },
  })
  return stdout
}
const openAs = (number: string) => sessions.openSession(personWith({ [numberClaim]: number }))
const isLive = async (session: string) => (await sessions.stateOf(session)).authenticated as boolean
const claimsOf = async (session: string) => decodeJwt(await sessions.tokenFor(session))
const onRecord = () =>
  identity.query(
    "select reason, patient_id, session_id from audit_event where event = 'session-ended' order by session_id",
  )

describe('an operator', () => {
  test('ends all sessions of one patient at once, nobody else’s, and each is on record', async () => {
    const own = [await openAs('191212121212'), await openAs('191212121212')]
    const other = await openAs('198503179809')
    const claims = await Promise.all(own.map(claimsOf))
    const { sub = '' } = claims[0]!
    expect(await endSessions('--patient', sub)).toBe('2 sessions ended.\n')
    expect(await Promise.all([...own, other].map(isLive))).toEqual([false, false, true])
    for (const session of own) {
      expectProblem(await sessions.requestToken(session), 401, 'session.expired')
    }
    const ids = claims.map(({ sid }) => sid as string).sort()
    expect(await onRecord()).toEqual(
      ids.map((id) => ({ reason: 'operator', patient_id: sub, session_id: id })),
    )
    expect(await endSessions('--patient', sub)).toBe('0 sessions ended.\n')
    expect(await isLive(await openAs('191212121212'))).toBe(true)
  })

  test('ends everyone’s, and tells of those alone that were live', async () => {
    const ended = await openAs('191212121212')
    await sessions.ask('/sessions/terminations', ended)
    const live = [await openAs('191212121212'), await openAs('198503179809')]
    expect(await endSessions('--all')).toBe('2 sessions ended.\n')
    expect(await Promise.all(live.map(isLive))).toEqual([false, false])
    expect(await onRecord()).toHaveLength(2)
  })

  test('ends none that could not be put on record', async () => {
    const session = await openAs('191212121212')
    await identity.query('alter table audit_event rename to audit_event_away')
    await expect(endSessions('--all')).rejects.toMatchObject({ code: 1 })
    await identity.query('alter table audit_event_away rename to audit_event')
    expect(await isLive(session)).toBe(true)
  })

  test.each([
    [[]],
    [['--patient']],
    [['--patient', '191212121212']],
    [['--patient', crypto.randomUUID(), '--all']],
    [['--every']],
  ])('is told how to ask instead of %j, and ends nothing', async (flags) => {
    const session = await openAs('191212121212')
    await expect(endSessions(...flags)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('usage: end-sessions') as string,
    })
    expect(await isLive(session)).toBe(true)
  })
})

import pg from 'pg'
import { decodeJwt } from 'jose'
import { expectProblem, until } from '@minaintyg/testing'
import { startHostileProvider } from './hostile-provider.ts'
import type { HostileProvider } from './hostile-provider.ts'
import { createIdentityUnderTest, createPrivateJwk } from './identity-under-test.ts'
import type { IdentityUnderTest } from './identity-under-test.ts'
import { numberClaim, personWith, useSessions } from './sessions-under-test.ts'
import type { SessionsUnderTest } from './sessions-under-test.ts'

let provider: HostileProvider
let identity: IdentityUnderTest
let sessions: SessionsUnderTest

beforeAll(async () => {
  provider = await startHostileProvider()
  identity = await createIdentityUnderTest(provider.issuer, await createPrivateJwk('rp-1'))
  sessions = useSessions(identity, provider)
})
afterAll(async () => {
  await identity.close()
  await provider.stop()
})

interface Row {
  event: string
  reason: string | null
  detail: string | null
  patient_id: string | null
  session_id: string | null
  client_id: string | null
  route: string | null
  trace_id: string | null
}
const events = (where: string, ...values: unknown[]) =>
  identity.query<Row & pg.QueryResultRow>(
    `select * from audit_event where ${where} order by id`,
    values,
  )
const newest = async (event: string) => (await events('event = $1', event)).at(-1)

describe('on record is', () => {
  test('a log-in and its log-out, with patient, session and trace', async () => {
    const session = await sessions.openSession()
    const { sub, sid } = decodeJwt(await sessions.tokenFor(session))
    await Promise.all(
      Array.from({ length: 20 }, () => sessions.ask('/sessions/terminations', session)),
    )
    const rows = await events('session_id = $1', sid)
    const common = { patient_id: sub, trace_id: expect.stringMatching(/^\w{32}$/) as string }
    expect(rows).toEqual([
      expect.objectContaining({ event: 'log-in', ...common }),
      expect.objectContaining({ event: 'log-out', reason: 'patient', ...common }),
    ])
  })

  test('a log-out by the provider', async () => {
    const session = await sessions.openSession()
    const { sub, sid } = decodeJwt(await sessions.tokenFor(session))
    await identity.app.inject({
      method: 'POST',
      url: '/backchannel-logout',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ logout_token: await provider.logOutToken() }).toString(),
    })
    expect(await events("event = 'log-out' and session_id = $1", sid)).toEqual([
      expect.objectContaining({ reason: 'provider', patient_id: sub }),
    ])
  })

  test('a log-in that failed, with its reason and what lay behind it', async () => {
    const failures = [
      [{ idToken: (claims: object) => ({ ...claims, nonce: 'x' }) }, 'login.failed', /^OAUTH_/],
      [{ idToken: (claims: object) => ({ ...claims, acr: 'loa1' }) }, 'login.loa-too-low', null],
      [
        { idToken: (claims: { iat?: number }) => ({ ...claims, exp: (claims.iat ?? 0) + 7200 }) },
        'login.failed',
        /^id-token\.lifetime$/,
      ],
      [personWith({ [numberClaim]: '1212121212' }), 'login.failed', /^number\.invalid$/],
      [personWith({ [numberClaim]: '201504129840' }), 'login.too-young', null],
      [{ tokenStatus: 502 }, 'login.provider-unavailable', /^\w+$/],
    ] as const
    for (const [misbehaviour, reason, detail] of failures) {
      expect((await sessions.logIn(misbehaviour)).json().code).toBe(reason)
      expect(await newest('log-in-failed')).toMatchObject({
        reason,
        detail: detail === null ? null : (expect.stringMatching(detail) as string),
        patient_id: null,
      })
    }
  })

  test('access that was refused: what to, to whom, and why', async () => {
    const patient = crypto.randomUUID()
    const headers = await identity.tokens.patient('identity', patient)
    const payload = { session: 'x', audience: 'identity' }
    const url = '/session-tokens'
    await identity.forCallers.inject({ method: 'POST', url, payload, headers })
    await identity.forCallers.inject({ method: 'POST', url, payload })
    const rows = await until(async () => {
      const found = await events("event = 'access-refused' and route = 'POST /session-tokens'")
      return found.length === 2 ? found : undefined
    })
    expect(rows).toContainEqual(
      expect.objectContaining({ reason: 'token.insufficient-scope', patient_id: patient }),
    )
    expect(rows).toContainEqual(
      expect.objectContaining({ reason: 'token.invalid', patient_id: null, client_id: null }),
    )
  })

  test('a token for another service, and a log-out token that does not hold', async () => {
    const before = (await events('true')).length
    const headers = await identity.tokens.patient('consent', crypto.randomUUID())
    expectProblem(await identity.forCallers.inject({ url: '/me', headers }), 401, 'token.invalid')
    await identity.app.inject({
      method: 'POST',
      url: '/backchannel-logout',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'logout_token=forged',
    })
    const rows = await until(async () => {
      const found = (await events('true')).slice(before)
      return found.length === 2 ? found : undefined
    })
    const refused = { event: 'access-refused', patient_id: null, client_id: null }
    // Each is put on record behind its own answer, so either may come first.
    expect(rows).toContainEqual(
      expect.objectContaining({ ...refused, route: 'GET /me', reason: 'token.invalid' }),
    )
    expect(rows).toContainEqual(
      expect.objectContaining({
        ...refused,
        route: 'POST /backchannel-logout',
        reason: 'logout-token.invalid',
      }),
    )
  })

  test('that a number was read: whose, and by which client', async () => {
    const { sub = '' } = decodeJwt(await sessions.tokenFor(await sessions.openSession()))
    const headers = await identity.tokens.client('identity', 'person-number:read', 'store')
    await identity.forCallers.inject({ url: `/patients/${sub}/number`, headers })
    expect(await newest('person-number-read')).toMatchObject({
      patient_id: sub,
      client_id: 'store',
    })
  })

  test('nothing that tells who someone is, and no secret', async () => {
    const session = await sessions.openSession()
    await sessions.tokenFor(session)
    const text = JSON.stringify(await events('true'))
    for (const secret of ['121212', 'T T', 'person-1', 'sid-1', session, 'eyJ']) {
      expect(text).not.toContain(secret)
    }
  })
})

describe('the record', () => {
  test('is not changed, shortened or emptied, whoever asks the database for it', async () => {
    await sessions.openSession()
    const before = await events('true')
    for (const statement of [
      "update audit_event set reason = 'x'",
      'delete from audit_event',
      'truncate audit_event',
    ]) {
      await expect(identity.query(statement)).rejects.toThrow('append-only')
    }
    expect(await events('true')).toEqual(before)
  })

  test('lets go of what is older than five years, in the clean-up', async () => {
    await identity.query(
      "insert into audit_event (at, event) select now() - age, 'log-in' from (values (interval '4 years 11 months'), (interval '5 years 3 days')) as ages (age)",
    )
    const old = () => events("at < now() - interval '4 years'")
    expect(await old()).toHaveLength(2)
    await identity.run('clean-up')
    expect(await old()).toHaveLength(1)
  })

  test('not being there stops log-ins, and does not keep anyone from logging out', async () => {
    const session = await sessions.openSession()
    await identity.query('alter table audit_event rename to audit_event_away')
    try {
      expectProblem(await sessions.logIn(), 500, 'service.failed')
      expect((await sessions.ask('/sessions/terminations', session)).statusCode).toBe(200)
      expect(await sessions.stateOf(session)).toMatchObject({ authenticated: false })
    } finally {
      await identity.query('alter table audit_event_away rename to audit_event')
    }
    expect(identity.log.lines.join('')).toContain('an audit event could not be stored')
  })

  test('takes a flood of refusals without holding answers up, and says what it let go', async () => {
    const holder = new pg.Client({ connectionString: identity.database.ownerUrl })
    await holder.connect()
    await holder.query('begin; lock table audit_event in exclusive mode')
    const refused = await Promise.all(Array.from({ length: 150 }, () => identity.app.inject('/me')))
    expect(new Set(refused.map(({ statusCode }) => statusCode))).toEqual(new Set([401]))
    await holder.query('commit')
    await holder.end()
    const stored = await until(async () => {
      const rows = await events("route = 'GET /me'")
      return rows.length >= 100 ? rows : undefined
    })
    expect(stored?.length).toBeLessThan(150)
    expect(identity.log.lines.join('')).toContain('an audit event was dropped')
  })
})

import { decodeJwt } from 'jose'
import pg from 'pg'
import { expectProblem } from '@minaintyg/testing'
import { startHostileProvider } from './hostile-provider.ts'
import type { HostileProvider } from './hostile-provider.ts'
import { createIdentityUnderTest, createPrivateJwk } from './identity-under-test.ts'
import type { IdentityUnderTest } from './identity-under-test.ts'
import { useSessions } from './sessions-under-test.ts'
import type { SessionsUnderTest } from './sessions-under-test.ts'

const minute = 60_000
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
afterEach(() => {
  identity.clock.reset()
})

const loggedOut = { authenticated: false, secondsUntilExpire: null, absoluteExpiry: null }

describe('a session', () => {
  test('ends after 30 minutes without use, and looking at it is no use', async () => {
    const session = await sessions.openSession()
    expect(await sessions.stateOf(session)).toMatchObject({ authenticated: true })
    identity.clock.forward(29 * minute)
    const { secondsUntilExpire } = await sessions.stateOf(session)
    expect(secondsUntilExpire).toBeGreaterThan(50)
    expect(secondsUntilExpire).toBeLessThanOrEqual(60)
    identity.clock.forward(minute)
    expect(await sessions.stateOf(session)).toEqual(loggedOut)
    expectProblem(await sessions.requestToken(session), 401, 'session.expired')
    expect((await sessions.ask('/sessions/extensions', session)).json()).toEqual(loggedOut)
  })

  test('goes on with use and with extension, for 8 hours at most', async () => {
    const session = await sessions.openSession()
    for (let passed = 0; passed < 460; passed += 20) {
      identity.clock.forward(20 * minute)
      if (passed % 40 === 0) await sessions.tokenFor(session)
      else
        expect((await sessions.ask('/sessions/extensions', session)).json().authenticated).toBe(
          true,
        )
    }
    expect((await sessions.stateOf(session)).secondsUntilExpire).toBeLessThanOrEqual(20 * 60)
    identity.clock.forward(20 * minute)
    expect(await sessions.stateOf(session)).toEqual(loggedOut)
  })

  test('ends at once, for all of 20 log-outs at the same time, and stays ended', async () => {
    const session = await sessions.openSession()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => sessions.ask('/sessions/terminations', session)),
    )
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]))
    expect(await sessions.stateOf(session)).toEqual(loggedOut)
    expectProblem(await sessions.requestToken(session), 401, 'session.expired')
    expect((await sessions.ask('/sessions/terminations', 'unknown')).json()).toEqual({
      endSessionUrl: null,
    })
  })

  test('ends on every replica at once, whichever was told', async () => {
    const keys = identity.tokens.authentication('identity').keys
    const replica = await identity.build({ keys })
    const atReplica = async (url: string, payload: object) =>
      replica.app.inject({
        method: 'POST',
        url,
        payload,
        headers: await identity.tokens.client('identity', 'sessions', 'gateway'),
      })
    const session = await sessions.openSession()
    const token = await atReplica('/session-tokens', { session, audience: 'identity' })
    expect(token.statusCode).toBe(201)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_none, index) =>
        index % 2 === 0
          ? atReplica('/sessions/terminations', { session })
          : sessions.ask('/sessions/terminations', session),
      ),
    )
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]))
    for (const answer of [
      await atReplica('/session-tokens', { session, audience: 'identity' }),
      await sessions.requestToken(session),
    ]) {
      expectProblem(answer, 401, 'session.expired')
    }
    expect((await atReplica('/sessions/introspections', { session })).json()).toEqual(loggedOut)
    const { sid } = decodeJwt(token.json<{ accessToken: string }>().accessToken)
    const logOuts = await identity.query(
      "select 1 from audit_event where event = 'log-out' and session_id = $1",
      [sid],
    )
    expect(logOuts).toHaveLength(1)
    await replica.app.close()
  })

  test('is new at each log-in, and nothing of it stands in the database', async () => {
    const [first, second] = [await sessions.openSession(), await sessions.openSession()]
    expect(first).not.toBe(second)
    const client = new pg.Client({ connectionString: identity.database.url })
    await client.connect()
    const dump: unknown[] = []
    for (const table of ['session', 'person', 'person_number', 'log_in', 'signing_key']) {
      dump.push((await client.query(`select * from ${table}`)).rows)
    }
    await client.end()
    const text = JSON.stringify(dump, (_key, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data as number[]).toString('latin1') : value,
    )
    for (const secret of [first, second, '191212121212', 'T T', 'sid-1', 'person-1', '"d"']) {
      expect(text).not.toContain(secret)
    }
  })
})

describe('GET /patients/{id}/number', () => {
  const read = async (id: string, scope = 'person-number:read') =>
    identity.forCallers.inject({
      url: `/patients/${id}/number`,
      headers: await identity.tokens.client('identity', scope, 'certificate-store'),
    })

  test('tells certificate-store alone, and leaves a trace without the number', async () => {
    const { sub = '' } = decodeJwt(await sessions.tokenFor(await sessions.openSession()))
    const answer = await read(sub)
    expect(answer.json()).toEqual({
      number: '191212121212',
      kind: 'personalIdentityNumber',
      earlier: [],
    })
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(identity.log.lines.join('')).toContain('person-number-read')
    expect(identity.log.lines.join('')).not.toContain('191212121212')
    expectProblem(await read(sub, 'sessions'), 403, 'token.insufficient-scope')
  })

  test('answers 404 for an unknown patient and 400 for what is no id', async () => {
    expectProblem(await read(crypto.randomUUID()), 404, 'patient.not-found')
    expectProblem(await read('no-id'), 400, 'request.invalid')
  })
})

describe('POST /patient-searches', () => {
  const search = async (number: string, scope = 'patients:find') =>
    identity.forCallers.inject({
      method: 'POST',
      url: '/patient-searches',
      payload: { number },
      headers: await identity.tokens.client('identity', scope, 'certificate-store'),
    })

  test('finds whose number it is, or nobody, and leaves a trace without the number', async () => {
    const { sub = '' } = decodeJwt(await sessions.tokenFor(await sessions.openSession()))
    const answer = await search('191212121212')
    expect(answer.json()).toEqual({ patientId: sub })
    expect(answer.headers['cache-control']).toBe('no-store')
    expect((await search('198503179809')).json()).toEqual({ patientId: null })
    const rows = await identity.query(
      "select patient_id, reason, client_id from audit_event where event = 'patient-searched' order by id",
    )
    expect(rows).toEqual([
      { patient_id: sub, reason: null, client_id: 'certificate-store' },
      { patient_id: null, reason: 'unknown', client_id: 'certificate-store' },
    ])
    for (const number of ['191212121212', '198503179809']) {
      expect(identity.log.lines.join('')).not.toContain(number)
    }
  })

  test('answers 403 to whoever may only read numbers, and 400 for what is no number', async () => {
    expectProblem(
      await search('191212121212', 'person-number:read'),
      403,
      'token.insufficient-scope',
    )
    expectProblem(await search('1912121212'), 400, 'request.invalid')
  })
})

describe('every closed route', () => {
  const routes = [
    ['POST', '/log-ins', { returnTo: '/' }],
    ['POST', '/log-ins/completions', { logInId: 'x', parameters: 'x' }],
    ['POST', '/session-tokens', { session: 'x', audience: 'identity' }],
    ['POST', '/sessions/introspections', { session: 'x' }],
    ['POST', '/sessions/extensions', { session: 'x' }],
    ['POST', '/sessions/terminations', { session: 'x' }],
    ['POST', '/download-grants', { session: 'x', resource: '/x' }],
    ['POST', '/download-grants/redemptions', { grant: 'x', audience: 'identity' }],
    ['POST', '/token-exchanges', { subjectToken: 'x', audience: 'identity' }],
  ] as const

  test.each(routes)(
    '%s %s refuses callers without a token, and unknown fields',
    async (...route) => {
      const [method, url, payload] = route
      expectProblem(await identity.app.inject({ method, url, payload }), 401, 'token.invalid')
      const patient = await identity.tokens.patient('identity', crypto.randomUUID())
      expectProblem(
        await identity.forCallers.inject({ method, url, payload, headers: patient }),
        403,
        'token.insufficient-scope',
      )
      const scope = url === '/token-exchanges' ? 'token-exchange' : 'sessions'
      const extra = await identity.post(url, { ...payload, extra: 1 }, scope)
      expectProblem(extra, 400, 'request.invalid')
      expectProblem(await identity.post(url, {}, scope), 400, 'request.invalid')
    },
  )

  test('GET /me and /patients refuse callers without a token, and /me a client’s', async () => {
    for (const url of ['/me', `/patients/${crypto.randomUUID()}/number`]) {
      expectProblem(await identity.app.inject({ url }), 401, 'token.invalid')
    }
    const headers = await identity.tokens.client('identity', 'sessions')
    expectProblem(
      await identity.forCallers.inject({ url: '/me', headers }),
      403,
      'token.insufficient-scope',
    )
  })
})

import { decodeJwt } from 'jose'
import { expectProblem, until } from '@minaintyg/testing'
import { startHostileProvider } from './hostile-provider.ts'
import type { HostileProvider } from './hostile-provider.ts'
import { createIdentityUnderTest, createPrivateJwk } from './identity-under-test.ts'
import type { IdentityUnderTest } from './identity-under-test.ts'
import { numberClaim, personWith, useSessions } from './sessions-under-test.ts'
import type { SessionsUnderTest } from './sessions-under-test.ts'

const minute = 60_000
const someoneElse = personWith({ [numberClaim]: '198503179809' })
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
afterEach(async () => {
  identity.clock.reset()
  await identity.query('update session set ended_at = now() where ended_at is null')
})

const idOf = (token: string) => decodeJwt(token)['sid'] as string
const ask = (token: string, method: 'GET' | 'DELETE' = 'GET', url = '/sessions') =>
  identity.app.inject({ method, url, headers: { authorization: `Bearer ${token}` } })
const isLive = async (session: string) => (await sessions.stateOf(session)).authenticated as boolean
const list = async (token: string) =>
  (await ask(token)).json<{ items: Record<string, unknown>[] }>().items

async function open(...about: Parameters<SessionsUnderTest['openSession']>) {
  const session = await sessions.openSession(...about)
  const token = await sessions.tokenFor(session)
  return { session, token, id: idOf(token) }
}

describe('GET /sessions', () => {
  test('tells a patient where they are logged in, newest first, and nobody else', async () => {
    const [elsewhere, here] = [await open(), await open()]
    const other = await open(someoneElse)
    const items = await list(here.token)
    expect(items).toEqual([
      {
        id: here.id,
        createdAt: expect.stringMatching(/Z$/) as string,
        lastSeenAt: expect.stringMatching(/Z$/) as string,
        current: true,
        loa: 'http://id.elegnamnden.se/loa/1.0/loa3',
      },
      expect.objectContaining({ id: elsewhere.id, current: false }),
    ])
    expect((await list(other.token)).map(({ id }) => id)).toEqual([other.id])
  })

  test('gives ids that open nothing', async () => {
    const { token, id } = await open()
    expect(await list(token)).toHaveLength(1)
    expectProblem(await sessions.requestToken(id), 401, 'session.expired')
    expect(await isLive(id)).toBe(false)
  })

  test('knows when each was last used, and leaves out what has ended or run out', async () => {
    const [forgotten, ended] = [await open(), await open()]
    await sessions.ask('/sessions/terminations', ended.session)
    identity.clock.forward(31 * minute)
    identity.clock.reset()
    const here = await open()
    await identity.query(
      "update session set last_used_at = last_used_at - interval '31 minutes' where id = $1",
      [forgotten.id],
    )
    const [before] = await list(here.token)
    identity.clock.forward(2 * minute)
    const [after, ...none] = await list(await sessions.tokenFor(here.session))
    expect(none).toEqual([])
    expect(Date.parse(String(after!['lastSeenAt']))).toBeGreaterThan(
      Date.parse(String(before!['lastSeenAt'])) + minute,
    )
    expect(after!['createdAt']).toBe(before!['createdAt'])
  })
})

describe('DELETE /sessions', () => {
  test('ends one, at once', async () => {
    const [elsewhere, here] = [await open(), await open()]
    const answer = await ask(here.token, 'DELETE', `/sessions/${elsewhere.id}`)
    expect([answer.statusCode, answer.body]).toEqual([204, ''])
    expect([await isLive(elsewhere.session), await isLive(here.session)]).toEqual([false, true])
    expectProblem(await sessions.requestToken(elsewhere.session), 401, 'session.expired')
    const again = await ask(here.token, 'DELETE', `/sessions/${elsewhere.id}`)
    expectProblem(again, 404, 'session.not-found')
  })

  test('ends the current one as well, and its token ends nothing any more', async () => {
    const [elsewhere, here] = [await open(), await open()]
    expect((await ask(here.token, 'DELETE', `/sessions/${here.id}`)).statusCode).toBe(204)
    expectProblem(await ask(here.token), 401, 'session.expired')
    expectProblem(await ask(here.token, 'DELETE'), 401, 'session.expired')
    const answer = await ask(here.token, 'DELETE', `/sessions/${elsewhere.id}`)
    expectProblem(answer, 401, 'session.expired')
    expect(await isLive(elsewhere.session)).toBe(true)
  })

  test('ends all others of the patient, and no one else’s', async () => {
    const others = [await open(), await open()]
    const stranger = await open(someoneElse)
    const here = await open()
    expect((await ask(here.token, 'DELETE')).json()).toEqual({ ended: 2 })
    const live = await Promise.all(
      [...others, stranger, here].map(({ session }) => isLive(session)),
    )
    expect(live).toEqual([false, false, true, true])
    expect((await ask(here.token, 'DELETE')).json()).toEqual({ ended: 0 })
  })

  test('answers another’s session as one that never was, and puts it on record', async () => {
    const [here, stranger] = [await open(), await open(someoneElse)]
    const [others, unknown] = [
      await ask(here.token, 'DELETE', `/sessions/${stranger.id}`),
      await ask(here.token, 'DELETE', `/sessions/${crypto.randomUUID()}`),
    ]
    const { instance, traceId, ...told } = others.json()
    expect([instance, traceId]).not.toContain(undefined)
    expectProblem(others, 404, 'session.not-found')
    expect(unknown.json()).toMatchObject(told)
    expect(await isLive(stranger.session)).toBe(true)
    const patientId = decodeJwt(here.token).sub
    const refused = await until(async () => {
      const rows = await identity.query(
        "select reason, route, patient_id from audit_event where event = 'access-refused' and patient_id = $1 and reason = 'session.not-found'",
        [patientId],
      )
      return rows.length >= 2 ? rows : undefined
    })
    expect(refused?.[0]).toMatchObject({
      route: 'DELETE /sessions/:sessionId',
      patient_id: patientId,
    })
  })

  test('of 20 at the same time ends it once', async () => {
    const [elsewhere, here] = [await open(), await open()]
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => ask(here.token, 'DELETE', `/sessions/${elsewhere.id}`)),
    )
    const counts = Map.groupBy(answers, ({ statusCode }) => statusCode)
    expect([counts.get(204)?.length, counts.get(404)?.length]).toEqual([1, 19])
    const rows = await identity.query(
      'select event, reason from audit_event where session_id = $1 and event <> $2',
      [elsewhere.id, 'log-in'],
    )
    expect(rows).toEqual([{ event: 'session-ended', reason: 'patient' }])
  })

  test('takes ids and nothing else, from patients and nobody else', async () => {
    const { token } = await open()
    expectProblem(await ask(token, 'DELETE', '/sessions/x'), 400, 'request.invalid')
    for (const url of ['/sessions', `/sessions/${crypto.randomUUID()}`]) {
      expectProblem(await identity.app.inject({ method: 'DELETE', url }), 401, 'token.invalid')
      const headers = await identity.tokens.client('identity', 'sessions')
      expectProblem(
        await identity.forCallers.inject({ method: 'DELETE', url, headers }),
        403,
        'token.insufficient-scope',
      )
    }
  })
})

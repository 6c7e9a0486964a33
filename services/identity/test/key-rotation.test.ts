import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { decodeProtectedHeader } from 'jose'
import type { AddressInfo } from 'node:net'
import { createServer, remoteAuthentication } from '@minaintyg/service'
import { createTestTokens, until } from '@minaintyg/testing'
import { startHostileProvider } from './hostile-provider.ts'
import type { HostileProvider } from './hostile-provider.ts'
import { createIdentityUnderTest, createPrivateJwk, runWorker } from './identity-under-test.ts'
import type { IdentityUnderTest } from './identity-under-test.ts'
import { useSessions } from './sessions-under-test.ts'
import type { SessionsUnderTest } from './sessions-under-test.ts'

const minute = 60_000
const day = 24 * 60 * minute
let provider: HostileProvider
let identity: IdentityUnderTest
let sessions: SessionsUnderTest
let session: string | undefined

beforeEach(async () => {
  provider = await startHostileProvider()
  identity = await createIdentityUnderTest(provider.issuer, await createPrivateJwk('rp-1'))
  session = undefined
  sessions = useSessions(identity, provider)
})
afterEach(async () => {
  await identity.close()
  await provider.stop()
})

const kidOf = (token: string) => decodeProtectedHeader(token).kid
/** Of the key that signs now; the session is kept from ending, for what clocks of days would do to it. */
async function signingKid(): Promise<string | undefined> {
  session ??= await sessions.openSession()
  const now = identity.clock.now()
  const end = new Date(now.getTime() + 60 * minute)
  await identity.query('update session set last_used_at = $1, expires_at = $2', [now, end])
  return kidOf(await sessions.tokenFor(session))
}
const rotate = () => identity.run('key-rotation')
async function publishedKids(): Promise<string[]> {
  const answer = await identity.app.inject('/.well-known/jwks.json')
  return answer.json<{ keys: { kid: string }[] }>().keys.map(({ kid }) => kid)
}
const states = () =>
  identity.query<{ kid: string; state: string }>(
    'select kid, state from signing_key order by created_at',
  )

const runCommand = (...flags: string[]) => {
  const { DATABASE_URL, SECRET_KEYS } = identity.config
  const script = join(import.meta.dirname, '../src/cli/rotate-keys.ts')
  const options = ['--conditions=source', '--disable-warning=ExperimentalWarning', script]
  return promisify(execFile)(process.execPath, [...options, ...flags], {
    env: { PATH: process.env['PATH'], DATABASE_URL, SECRET_KEYS },
  })
}

describe('signing keys follow each other', () => {
  test('published a day before they sign, and until the last token has long expired', async () => {
    const first = await signingKid()
    identity.clock.forward(28 * day)
    await rotate()
    expect(await publishedKids()).toEqual([first])
    identity.clock.forward(day + minute)
    await rotate()
    identity.clock.forward(2 * minute)
    const [, second] = await publishedKids()
    expect(second).toBeDefined()
    await rotate()
    expect(await signingKid()).toBe(first)

    identity.clock.forward(day)
    await rotate()
    identity.clock.forward(2 * minute)
    expect(await signingKid()).toBe(second)
    expect(await publishedKids()).toEqual([first, second])
    identity.clock.forward(13 * minute)
    await rotate()
    expect(await publishedKids()).toEqual([first, second])
    identity.clock.forward(2 * minute)
    await rotate()
    identity.clock.forward(2 * minute)
    expect(await publishedKids()).toEqual([second])
  })

  test('even when nothing rotated for long: a new key is known 15 minutes before it signs', async () => {
    const first = await signingKid()
    identity.clock.forward(100 * day)
    await rotate()
    identity.clock.forward(14 * minute)
    await rotate()
    expect(await signingKid()).toBe(first)
    identity.clock.forward(minute)
    await rotate()
    identity.clock.forward(2 * minute)
    expect(await signingKid()).not.toBe(first)
  })

  test('once, however many replicas rotate at the same time', async () => {
    await signingKid()
    const replicas = await Promise.all([identity.build(), identity.build(), identity.build()])
    const rotateAll = () =>
      Promise.all(
        replicas.flatMap(({ workers }) =>
          Array.from({ length: 4 }, () => runWorker(workers, 'key-rotation')),
        ),
      )
    identity.clock.forward(30 * day)
    await rotateAll()
    expect((await states()).map(({ state }) => state)).toEqual(['active', 'next'])
    identity.clock.forward(15 * minute)
    await rotateAll()
    expect((await states()).map(({ state }) => state)).toEqual(['retired', 'active'])
    for (const { app } of replicas) await app.close()
  })
})

describe('the command rotate-keys', () => {
  test('publishes the next key, which signs 15 minutes later, and asks for no other meanwhile', async () => {
    const first = await signingKid()
    const [one, other] = await Promise.all([runCommand(), runCommand()])
    const [, second] = (await states()).map(({ kid }) => kid)
    expect(one.stdout).toBe(other.stdout)
    expect(one.stdout).toMatch(
      new RegExp(`^Key ${second!} is published and signs from 20\\S+Z\\.\n$`),
    )
    identity.clock.forward(14 * minute)
    await rotate()
    expect(await signingKid()).toBe(first)
    identity.clock.forward(2 * minute)
    await rotate()
    identity.clock.forward(2 * minute)
    expect(await signingKid()).toBe(second)
  })

  test('puts another key in the place of all where they have leaked, and their tokens end', async () => {
    session = await sessions.openSession()
    const token = await sessions.tokenFor(session)
    const readMe = () =>
      identity.app.inject({ url: '/me', headers: { authorization: `Bearer ${token}` } })
    expect((await readMe()).statusCode).toBe(200)
    await runCommand('--leaked')
    identity.clock.forward(2 * minute)
    expect((await readMe()).statusCode).toBe(401)
    expect(await publishedKids()).toEqual((await states()).map(({ kid }) => kid))
    expect(await signingKid()).not.toBe(kidOf(token))
  })

  test('knows no other flag', async () => {
    await expect(runCommand('--leak')).rejects.toMatchObject({ code: 2 })
    expect(await states()).toEqual([])
  })
})

test('no request fails while keys rotate under load, and strangers’ tokens hold the verifier off', async () => {
  await identity.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = identity.app.server.address() as AddressInfo
  const neighbour = await createServer({
    name: 'consent',
    logLevel: 'silent',
    authentication: remoteAuthentication(
      {
        ISSUER_URL: identity.config.ISSUER_URL,
        JWKS_URL: `http://127.0.0.1:${port}/.well-known/jwks.json`,
      },
      'consent',
    ),
  })
  neighbour.get('/', { config: { access: 'patient' } }, async () => ({}))
  const loaded = await sessions.openSession()
  const stranger = await createTestTokens()
  const seen = new Map<string, number>()
  const failed: unknown[] = []
  let isOver = false

  const call = (authorization: string) => neighbour.inject({ url: '/', headers: { authorization } })
  async function load() {
    while (!isOver) {
      const token = await sessions.tokenFor(loaded, 'consent')
      const answer = await call(`Bearer ${token}`)
      if (answer.statusCode !== 200) failed.push(answer.json())
      const kid = kidOf(token) ?? ''
      seen.set(kid, (seen.get(kid) ?? 0) + 1)
    }
  }
  async function attack() {
    while (!isOver) {
      const header = { kid: crypto.randomUUID() }
      const token = await stranger.sign({ aud: 'consent', sub: 'x', client_id: 'x' }, header)
      expect((await call(`Bearer ${token}`)).statusCode).toBe(401)
      // So that the others get a turn.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const rounds = () => [...seen.values()].reduce((sum, count) => sum + count, 0)
  const fetches = () =>
    identity.log.entries().filter(({ route }) => route === '/.well-known/jwks.json').length
  const goOn = async (count = 20) => {
    const before = rounds()
    await until(() => rounds() >= before + count)
  }
  async function rotateUnderLoad() {
    await goOn()
    await identity.query("update signing_key set activated_at = activated_at - interval '30 days'")
    await rotate()
    identity.clock.forward(2 * minute)
    // Strangers’ tokens make the verifier ask anew, and then not again for 5 seconds.
    const before = fetches()
    await until(() => fetches() > before + 1, { timeout: 15_000 })
    identity.clock.forward(14 * minute)
    await rotate()
    identity.clock.forward(2 * minute)
    await goOn()
    identity.clock.forward(14 * minute)
    await rotate()
    identity.clock.forward(2 * minute)
    await goOn()
  }
  await Promise.all([
    ...Array.from({ length: 4 }, load),
    attack(),
    rotateUnderLoad().finally(() => (isOver = true)),
  ])
  await neighbour.close()
  expect(failed).toEqual([])
  expect(seen.size).toBe(2)
  expect((await states()).map(({ state }) => state)).toEqual(['active'])
})

import type { AddressInfo } from 'node:net'
import { decodeJwt } from 'jose'
import { Value } from 'typebox/value'
import { Verification } from '@minaintyg/contracts'
import type { CopyVerification } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import { createServer } from '@minaintyg/service'
import { createLogSink, expectProblem } from '@minaintyg/testing'
import { base, startTestGateway } from './gateway.ts'
import type { TestGateway } from './gateway.ts'

const ids = {
  valid: '4mzk3w9yq7tn2bxvr5hp1sgfd0',
  adapted: '4mzk3w9yq7tn2bxvr5hp1sgfd1',
  replaced: '4mzk3w9yq7tn2bxvr5hp1sgfd2',
  revoked: '4mzk3w9yq7tn2bxvr5hp1sgfd3',
  undated: '4mzk3w9yq7tn2bxvr5hp1sgfd4',
  down: '4mzk3w9yq7tn2bxvr5hp1sgfd5',
  off: '4mzk3w9yq7tn2bxvr5hp1sgfd6',
  broken: '4mzk3w9yq7tn2bxvr5hp1sgfd7',
}
const genuine = {
  genuine: true,
  type: { code: 'AG7804', name: { sv: 'Intyg om <arbete>', en: 'Certificate of <work>' } },
  issuedAt: '2026-03-05T09:00:00.000Z',
  unit: { name: 'Fjällets "vårdcentral"' },
  status: 'valid',
  adapted: false,
} as const satisfies CopyVerification
const known: Record<string, CopyVerification> = {
  [ids.valid]: genuine,
  [ids.adapted]: { ...genuine, adapted: true },
  [ids.replaced]: { ...genuine, status: 'replaced' },
  [ids.revoked]: { ...genuine, status: 'revoked' },
  [ids.undated]: { ...genuine, issuedAt: null, unit: { name: '' } },
}
const faults: Record<string, () => Error> = {
  [ids.down]: () => new AppError({ code: 'consent.unavailable', status: 503, title: 'x' }),
  [ids.off]: () => new AppError({ code: 'verification.off', status: 404, title: 'x' }),
  [ids.broken]: () => new Error('a bug'),
}

/** certificate-store, as its contract is. */
async function startStore() {
  const seen: { url: string; token: Record<string, unknown>; body: unknown }[] = []
  const app = await createServer({ name: 'certificate-store', logLevel: 'silent' })
  app.post('/verifications', { config: { access: 'open' } }, async ({ url, headers, body }) => {
    seen.push({ url, token: decodeJwt(headers.authorization!.slice('Bearer '.length)), body })
    const { id } = body as { id: string }
    const fault = faults[id]
    if (fault !== undefined) throw fault()
    return known[id] ?? { genuine: false }
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  return { app, seen, url: `http://127.0.0.1:${port}` }
}

const log = createLogSink()
let store: Awaited<ReturnType<typeof startStore>>
let gateway: TestGateway

beforeAll(async () => {
  store = await startStore()
  gateway = await startTestGateway(
    { CERTIFICATE_STORE_URL: store.url, RATE_LIMIT_VERIFICATION: '100000', LOG_LEVEL: 'debug' },
    { logDestination: log.destination },
  )
})
afterAll(async () => {
  await gateway.close()
  await store.app.close()
})

const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
const open = (id: string, headers: Record<string, string> = {}) =>
  gateway.ask('GET', `/verify/${id}`, { headers: { accept: browser, ...headers } })
const json = (id: string, headers: Record<string, string> = {}) =>
  open(id, { accept: 'application/json', ...headers })

describe('GET /verify/{id}', () => {
  test('gives JSON to whoever asks for it, in their language, and nothing more than it may', async () => {
    const answer = await json(ids.valid)
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({
      ...genuine,
      type: { code: 'AG7804', name: 'Intyg om <arbete>' },
    })
    expect(Value.Errors(Verification, answer.json())).toEqual([])
    const english = await json(ids.revoked, { 'accept-language': 'en' })
    expect(english.json()).toMatchObject({
      type: { name: 'Certificate of <work>' },
      status: 'revoked',
    })
    expect(english.headers['content-language']).toBe('en')
    expect((await json('never')).json()).toEqual({ genuine: false })
  })

  test.each([
    ['valid', 'Koden är äkta och intyget gäller', 'The code is genuine and the certificate stands'],
    ['adapted', 'diagnosen är utelämnad', 'the diagnosis is left out'],
    ['replaced', 'men intyget är ersatt', 'but the certificate is replaced'],
    ['revoked', 'men intyget är makulerat', 'but the certificate is revoked'],
  ] as const)('gives people a page in their language: %s', async (kind, swedish, english) => {
    const page = await open(ids[kind])
    expect(page.statusCode).toBe(200)
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(page.body).toContain('<html lang="sv">')
    for (const said of [swedish, 'Jämför med papperet', '2026-03-05 10:00']) {
      expect(page.body).toContain(said)
    }
    expect(page.body).toContain('<dd>Intyg om &#60;arbete&#62;</dd>')
    expect(page.body).toContain('<dd>Fjällets &#34;vårdcentral&#34;</dd>')
    expect(page.body.includes('Hela intyget')).toBe(kind !== 'adapted')
    const other = await open(ids[kind], { 'accept-language': 'en-GB,en;q=0.9' })
    expect(other.body).toContain('<html lang="en">')
    for (const said of [english, 'Compare it with the paper', 'Certificate of &#60;work&#62;']) {
      expect(other.body).toContain(said)
    }
  })

  test('says so where the journal named no date or unit', async () => {
    expect((await open(ids.undated)).body.match(/<dd>Inte angivet<\/dd>/g)).toHaveLength(2)
  })

  test('says of what it does not know that it can say nothing', async () => {
    const pages = await Promise.all(['never', 'x'.repeat(400), '%C3%A5'].map((id) => open(id)))
    for (const { statusCode, body } of pages) {
      expect([statusCode, body]).toEqual([200, pages[0]!.body])
    }
    expect(pages[0]!.body).toContain('Det betyder inte att papperet är falskt')
  })

  test('is a page without scripts that nobody keeps, frames, finds or is told of', async () => {
    const { headers, body } = await open(ids.valid)
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
      'x-content-type-options': 'nosniff',
      vary: 'accept, accept-language',
    })
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'none'; frame-ancestors 'none'/,
    )
    expect(body).not.toMatch(/<script|<a |<img|<link|https?:/)
    expect((await json(ids.valid)).headers['cache-control']).toBe('no-store')
  })

  test('asks certificate-store as itself, with the id in the body alone', async () => {
    await json(ids.valid)
    expect(store.seen.at(-1)).toMatchObject({
      url: '/verifications',
      token: { scope: 'copies:verify', aud: 'certificate-store', client_id: 'gateway' },
      body: { id: ids.valid },
    })
  })

  test('does not ask for who only looks whether it is there', async () => {
    const before = store.seen.length
    expect((await gateway.ask('HEAD', `/verify/${ids.valid}`)).statusCode).toBe(405)
    expect(store.seen).toHaveLength(before)
  })

  test('leaves the id in no line of the log, whatever comes of it', async () => {
    for (const id of Object.values(ids)) await open(id)
    const requests = log.entries().filter(({ msg }) => msg === 'request')
    expect(requests.map(({ route }) => route)).toContain(`${base}/verify/:id`)
    expect(requests.map(({ code }) => code)).toContain('verification.off')
    for (const id of Object.values(ids)) expect(log.lines.join('')).not.toContain(id)
  })
})

describe('where nothing can be found out', () => {
  test.each([
    ['off', 404, 'verification.off', 'Här kontrolleras inga utskrifter'],
    ['down', 503, 'consent.unavailable', 'Det går inte att kontrollera just nu'],
    ['broken', 503, 'certificate-store.unavailable', 'Det går inte att kontrollera just nu'],
  ] as const)('people get a page and programs a problem: %s', async (kind, status, code, said) => {
    const page = await open(ids[kind])
    expect([page.statusCode, page.headers['content-type']]).toEqual([
      status,
      'text/html; charset=utf-8',
    ])
    expect(page.body).toContain(said)
    expect(page.headers['retry-after']).toBe(status === 503 ? '5' : undefined)
    expect(page.headers['cache-control']).toBe('no-store')
    expectProblem(await json(ids[kind]), status, code)
  })
})

describe('the rate limit of verifications', () => {
  let limited: TestGateway
  beforeEach(async () => {
    limited = await startTestGateway({
      CERTIFICATE_STORE_URL: store.url,
      RATE_LIMIT_VERIFICATION: '2',
      TRUSTED_PROXIES: '127.0.0.1',
    })
  })
  afterEach(() => limited.close())
  const ask = (path: string, address = '192.0.2.1', accept = 'application/json') =>
    limited.ask('GET', path, { headers: { accept, 'x-forwarded-for': address } })

  test('counts by address alone, apart from all else', async () => {
    for (const id of ['first', 'second']) {
      const answer = await ask(`/verify/${id}`)
      expect([answer.statusCode, answer.headers['ratelimit-limit']]).toEqual([200, '2'])
    }
    const answer = await ask('/verify/third')
    expectProblem(answer, 429, 'request.too-many')
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    const page = await ask('/verify/third', '192.0.2.1', browser)
    expect([page.statusCode, page.headers['retry-after']]).toEqual([429, expect.any(String)])
    expect(page.body).toContain('Vänta en minut')
    expect((await ask('/verify/third', '192.0.2.2')).statusCode).toBe(200)
    expect((await ask('/api-info')).statusCode).toBe(200)
  })

  test('is not evaded by another spelling of the path', async () => {
    const statuses = []
    for (const path of ['/%76erify/a', '/verify/a?b', '/verif%79/c']) {
      statuses.push((await ask(path)).statusCode)
    }
    expect(statuses).toEqual([200, 200, 429])
  })
})

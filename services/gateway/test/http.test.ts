import { createHash } from 'node:crypto'
import { expectProblem } from '@minaintyg/testing'
import { change, cookie, frontEnd, startTestGateway } from './gateway.ts'
import type { Answer, TestGateway } from './gateway.ts'
import { ids } from './neighbours.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.close())

const one = `/certificates/${ids.certificate}`
const guide = '/guides/sick-leave?situation=employed&from=2026-11-02'
const get = (path: string, headers: Record<string, string> = {}) =>
  gateway.asPatient('GET', path, { headers })

describe('tags', () => {
  test.each([
    '/consent',
    '/certificates',
    one,
    `${one}/pdf`,
    `${one}/recipients`,
    '/dispatches',
    '/access-log',
    '/openapi.json',
    '/api-info',
    '/problems/route.not-found',
    guide,
  ])('GET %s has one, and is 304 for who has it', async (path) => {
    const first = await get(path)
    const tag = String(first.headers['etag'])
    expect(tag).toMatch(/^(W\/)?"[^"]+"$/)
    for (const known of [tag, `W/"other", ${tag}`, tag.replace('W/', ''), '*']) {
      const again = await get(path, { 'if-none-match': known })
      expect([again.statusCode, again.body, again.headers['etag']]).toEqual([304, '', tag])
      expect(again.headers['vary']).toBe(first.headers['vary'])
    }
    const other = await get(path, { 'if-none-match': '"other"' })
    expect([other.statusCode, other.body]).toEqual([200, first.body])
  })

  test('another language is another answer', async () => {
    const tags = await Promise.all(
      ['sv', 'en'].map(async (language) => {
        const answer = await get(guide, { 'accept-language': language })
        return answer.headers['etag']
      }),
    )
    expect(new Set(tags).size).toBe(2)
  })

  test('a problem and a change have none', async () => {
    const problem = await get('/nothing', { 'if-none-match': '*' })
    expect([problem.statusCode, problem.headers['etag']]).toEqual([404, undefined])
    const changed = await gateway.asPatient('POST', '/session/extend', {
      headers: { 'if-none-match': '*' },
    })
    expect([changed.statusCode, changed.headers['etag']]).toEqual([200, undefined])
  })

  test('what is everybody’s may be kept for a while, what is a patient’s by nobody', async () => {
    expect((await get(guide)).headers['cache-control']).toBe('public, max-age=3600')
    for (const path of ['/certificates', one, `${one}/pdf`, '/consent', '/me']) {
      expect((await get(path)).headers['cache-control']).toBe('no-store')
    }
  })
})

describe('languages', () => {
  test.each([
    '/consent',
    '/certificates',
    one,
    `${one}/recipients`,
    '/dispatches',
    '/access-log',
    guide,
  ])('GET %s says in which it is, and that it depends on what is asked for', async (path) => {
    for (const [asked, answered] of [
      ['', 'sv'],
      ['en-GB, sv;q=0.5', 'en'],
      ['de', 'sv'],
    ]) {
      const { headers } = await get(path, { 'accept-language': asked ?? '' })
      expect(headers['content-language']).toBe(answered)
      expect(String(headers['vary']).toLowerCase()).toContain('accept-language')
      expect(String(headers['vary'])).toContain('Origin')
    }
  })

  test('what has no language says none', async () => {
    expect((await get('/session')).headers['content-language']).toBeUndefined()
  })
})

describe('limits', () => {
  test.each([
    ['GET', `/certificates?cursor=${'x'.repeat(9_000)}`, 414, 'request.uri-too-long'],
    ['GET', `/certificates?cursor=${'x'.repeat(600)}`, 400, 'request.invalid'],
    ['GET', `/certificates/${'x'.repeat(600)}`, 404, 'route.not-found'],
    ['GET', `/problems/${'x'.repeat(200)}`, 400, 'request.invalid'],
  ] as const)('%s %.40s… is %i', async (method, path, status, code) => {
    expectProblem(await gateway.asPatient(method, path), status, code)
  })

  test('the rate is told in the words of the draft, and in those from before it', async () => {
    const { headers } = await get('/me')
    expect(headers['ratelimit-policy']).toBe('"address";q=100000;w=60, "session";q=100000;w=60')
    expect(headers['ratelimit']).toMatch(/^"address";r=\d+;t=\d{1,2}, "session";r=\d+;t=\d{1,2}$/)
    for (const name of ['limit', 'remaining', 'reset']) {
      expect(String(headers[`ratelimit-${name}`])).toMatch(/^\d+$/)
    }
  })
})

describe('traces', () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` }
  test.each([
    ['a success', '/api-info'],
    ['a problem', '/certificates?limit=0'],
    ['an unknown path', '/nothing'],
    ['an address that cannot be read', '/%E0%A4%A'],
  ])('%s is answered in the caller’s', async (_what, path) => {
    const answer = await get(path, headers)
    expect(answer.headers['traceparent']).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-0[01]$`))
    if (answer.statusCode >= 400) expect(answer.json()).toMatchObject({ traceId })
  })

  test.each(['', 'nonsense', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`])(
    '«%s» begins one, which a problem names',
    async (traceparent) => {
      const answer = await get('/nothing', { traceparent })
      const [, begun] = /^00-([0-9a-f]{32})-/.exec(String(answer.headers['traceparent'])) ?? []
      expect(begun).not.toBe('0'.repeat(32))
      expect(answer.json()).toMatchObject({ traceId: begun })
    },
  )
})

describe('HEAD and OPTIONS', () => {
  const methodsOf = async () => {
    const { paths } = (await get('/openapi.json')).json<{ paths: Record<string, object> }>()
    return Object.entries(paths).map(([path, operations]) => ({
      path: path.replaceAll(/\{[^}]+\}/g, ids.certificate),
      methods: Object.keys(operations)
        .map((method) => method.toUpperCase())
        .filter((method) => ['GET', 'POST', 'PUT', 'DELETE'].includes(method)),
    }))
  }

  test('every path tells its methods', async () => {
    const paths = await methodsOf()
    expect(paths.length).toBeGreaterThan(25)
    for (const { path, methods } of paths) {
      const answer = await gateway.ask('OPTIONS', path)
      expect([path, answer.statusCode, answer.body]).toEqual([path, 204, ''])
      const allowed = String(answer.headers['allow']).split(', ')
      expect(allowed).toEqual(expect.arrayContaining([...methods, 'OPTIONS']))
    }
  })

  test('every path that can be read can be asked for its headers, but where asking does something', async () => {
    const without: string[] = []
    for (const { path, methods } of await methodsOf()) {
      if (!methods.includes('GET')) continue
      const answer = await gateway.ask('OPTIONS', path)
      if (!String(answer.headers['allow']).includes('HEAD')) without.push(path)
    }
    // A log-in that begins or ends, a link that is used up, a look at a copy that the patient is told of.
    expect(without.sort()).toEqual([
      '/auth/callback',
      '/auth/login',
      `/downloads/${ids.certificate}`,
      `/verify/${ids.certificate}`,
    ])
  })

  test.each(['/certificates', one, `${one}/pdf`, '/consent', '/api-info', guide])(
    'HEAD %s is what GET is, without the body',
    async (path) => {
      const [read, asked] = [await get(path), await gateway.asPatient('HEAD', path)]
      const compared = ({ statusCode, headers }: Answer) => ({
        statusCode,
        length: headers['content-length'],
        type: headers['content-type'],
        tag: headers['etag'],
        language: headers['content-language'],
      })
      expect(compared(asked)).toEqual(compared(read))
      expect(asked.body).toBe('')
    },
  )

  test('the preflight of a front end allows them', async () => {
    const answer = await gateway.ask('OPTIONS', '/certificates', {
      headers: { origin: frontEnd, 'access-control-request-method': 'HEAD' },
    })
    expect(answer.headers['access-control-allow-methods']).toContain('HEAD')
    expect(answer.headers['access-control-allow-methods']).toContain('OPTIONS')
  })
})

test('an Idempotency-Key goes along unchanged, and is needed to send', async () => {
  const send = (headers: Record<string, string>) =>
    gateway.ask('POST', `${one}/dispatches`, {
      headers: { cookie, ...change, ...headers },
      payload: { recipientId: 'FKASSA' },
    })
  expectProblem(await send({}), 400, 'dispatch.idempotency-key-missing')
  expectProblem(await send({ 'idempotency-key': 'å' }), 400, 'request.invalid')
  expectProblem(await send({ 'idempotency-key': 'x'.repeat(256) }), 400, 'request.invalid')
  const key = createHash('sha256').update('a decision to send').digest('base64url')
  gateway.neighbours.seen.length = 0
  expect((await send({ 'idempotency-key': key })).statusCode).toBe(202)
  const asked = gateway.neighbours.seen.filter(({ service }) => service === 'dispatch')
  expect(asked.map(({ headers }) => headers['idempotency-key'])).toEqual([key])
})

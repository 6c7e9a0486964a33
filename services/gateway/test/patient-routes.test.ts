import { expectProblem, until } from '@minaintyg/testing'
import { change, cookie, startTestGateway } from './gateway.ts'
import type { TestGateway } from './gateway.ts'
import { ids, pdfBytes } from './neighbours.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway({ NEIGHBOUR_DEADLINE: '1000' })
})
afterAll(() => gateway.close())
beforeEach(() => {
  const { mood, seen } = gateway.neighbours
  mood.consent = 'given'
  mood.broken.clear()
  mood.slow.clear()
  mood.grants.clear()
  seen.length = 0
})

const seenBy = (service: string) =>
  gateway.neighbours.seen.filter((call) => call.service === service)
const one = `/certificates/${ids.certificate}`
const key = { 'idempotency-key': 'a-random-key' }

type Call = ['GET' | 'POST' | 'PUT' | 'DELETE', string, object | undefined]
// Rows of one length: Jest takes an argument that a row lacks for a callback.
const calls = (
  [
    ['GET', '/me'],
    ['GET', '/consent'],
    ['POST', '/consent', { textVersion: '1.0' }],
    ['DELETE', '/consent'],
    ['GET', '/consent/proof'],
    ['GET', '/certificates'],
    ['GET', one],
    ['GET', `${one}/pdf`],
    ['POST', `${one}/download-link`],
    ['PUT', `${one}/archived`],
    ['DELETE', `${one}/archived`],
    ['GET', `${one}/recipients`],
    ['POST', `${one}/dispatches`, { recipientId: 'FKASSA' }],
    ['GET', '/dispatches'],
    ['GET', `/dispatches/${ids.dispatch}`],
    ['DELETE', `/dispatches/${ids.dispatch}`],
    ['GET', '/access-log'],
  ] as [Call[0], string, object?][]
).map(([method, path, payload]): Call => [method, path, payload])
const ownSessions: Call[] = [
  ['GET', '/sessions', undefined],
  ['DELETE', '/sessions', undefined],
  ['DELETE', `/sessions/${ids.otherSession}`, undefined],
]
const optionsOf = (payload?: object) => ({
  headers: key,
  ...(payload === undefined ? {} : { payload }),
})

describe('every route of a patient', () => {
  test.each([...calls, ...ownSessions])(
    '%s %s is 401 without a session, and asks nobody',
    async (...call) => {
      const [method, path, payload] = call
      const options = optionsOf(payload)
      const answer = await gateway.ask(method, path, {
        ...options,
        headers: { ...options.headers, ...change },
      })
      expectProblem(answer, 401, 'session.required')
      expect(gateway.neighbours.seen).toEqual([])
    },
  )

  test.each([...calls, ...ownSessions])(
    '%s %s is 401 after the session has ended',
    async (method, path, payload) => {
      const options = optionsOf(payload)
      const answer = await gateway.ask(method, path, {
        ...options,
        headers: { ...options.headers, ...change, cookie: `minaintyg-session=${'e'.repeat(43)}` },
      })
      expectProblem(answer, 401, 'session.expired')
      expect(gateway.neighbours.seen.every(({ service }) => service === 'identity')).toBe(true)
    },
  )

  test.each(calls)('%s %s asks in the patient’s own name', async (method, path, payload) => {
    const answer = await gateway.asPatient(method, path, optionsOf(payload))
    expect(answer.statusCode).toBeLessThan(300)
    const inPatientsName = gateway.neighbours.seen.filter(({ url }) => !url.startsWith('/session'))
    const asked = inPatientsName.filter(({ url }) => !url.startsWith('/download-grants'))
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.every(({ subject }) => subject === ids.patient)).toBe(true)
  })

  test.each(calls)('%s %s is 503 when what is behind it fails, and says so', async (...call) => {
    const [method, path, payload] = call
    for (const each of ['consent', 'certificate-store', 'rendering', 'dispatch']) {
      gateway.neighbours.mood.broken.add(each)
    }
    const answer = await gateway.asPatient(method, path, optionsOf(payload))
    expect(answer.statusCode).toBe(503)
    expect(answer.json().code).toMatch(
      /^(consent|certificate-store|rendering|dispatch)\.unavailable$/,
    )
    expect(answer.headers['retry-after']).toBeDefined()
    expect(answer.body).not.toContain('a bug')
  })

  test.each(
    calls.filter(([, path]) => path.includes(ids.certificate) && !path.includes('recipients')),
  )(
    '%s %s is 403 without consent, and 404 for someone else’s certificate',
    async (method, path, payload) => {
      const others = path.replace(ids.certificate, ids.othersCertificate)
      const other = await gateway.asPatient(method, others, optionsOf(payload))
      expectProblem(other, 404, 'certificate.not-found')
      gateway.neighbours.mood.consent = 'withdrawn'
      const answer = await gateway.asPatient(method, path, optionsOf(payload))
      expectProblem(answer, 403, 'consent.required')
    },
  )

  test('a slow neighbour is 504 for its part, and the rest stands', async () => {
    gateway.neighbours.mood.slow.add('dispatch')
    expectProblem(await gateway.asPatient('GET', '/dispatches'), 504, 'service.timeout')
    expect((await gateway.asPatient('GET', '/certificates')).statusCode).toBe(200)
  })
})

describe('the patient’s own sessions', () => {
  test.each(ownSessions)('%s %s asks identity in the patient’s own name', async (method, path) => {
    const answer = await gateway.asPatient(method, path)
    expect(answer.statusCode).toBeLessThan(300)
    const asked = seenBy('identity').filter(({ url }) => /^\/sessions(?!\/intro)/.test(url))
    expect(asked).toMatchObject([{ method, url: path, subject: ids.patient }])
  })

  test('whoever ends the one that they are in is logged out in the browser too', async () => {
    const others = await gateway.asPatient('DELETE', `/sessions/${ids.otherSession}`)
    expect(others.headers['set-cookie']).toBeUndefined()
    const own = await gateway.asPatient('DELETE', `/sessions/${ids.session}`)
    gateway.neighbours.mood.hasEnded = false
    expect([others.statusCode, own.statusCode]).toEqual([204, 204])
    expect(own.headers['set-cookie']).toMatch(
      /^minaintyg-session=; Max-Age=0; Path=\/;.*HttpOnly; SameSite=Strict$/,
    )
    expect(own.headers['clear-site-data']).toBe('"cache", "storage"')
    expect(others.headers['clear-site-data']).toBeUndefined()
  })

  test('someone else’s session is 404, as one that never was', async () => {
    const answer = await gateway.asPatient('DELETE', `/sessions/${ids.othersCertificate}`)
    expectProblem(answer, 404, 'session.not-found')
  })

  test('what is no id is 400', async () => {
    expectProblem(await gateway.asPatient('DELETE', '/sessions/1'), 400, 'request.invalid')
  })
})

test('GET /me tells who, and whether there is consent', async () => {
  const answer = await gateway.asPatient('GET', '/me')
  expect(answer.json()).toEqual({
    name: 'Test Person',
    personalIdentityNumberMasked: '19900101-••••',
    protectedIdentity: false,
    loa: 'http://id.elegnamnden.se/loa/1.0/loa3',
    consent: 'given',
  })
})

describe('consent', () => {
  test('withdrawing says what was erased and cancelled', async () => {
    const answer = await gateway.asPatient('DELETE', '/consent')
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({
      withdrawnAt: '2026-11-22T10:00:00.000Z',
      erased: { certificates: 3 },
      cancelledDispatches: 2,
    })
    const order = gateway.neighbours.seen
      .filter(({ service }) => service !== 'identity')
      .map(({ method, url }) => `${method} ${url}`)
    expect(order[0]).toBe('DELETE /consent')
    expect(order.slice(1).sort()).toEqual(['POST /cancellations', 'POST /erasures'])
  })

  test.each([
    ['broken', 'certificate-store', { erased: { certificates: null }, cancelledDispatches: 2 }],
    ['broken', 'dispatch', { erased: { certificates: 3 }, cancelledDispatches: null }],
    ['slow', 'certificate-store', { erased: { certificates: null }, cancelledDispatches: 2 }],
  ] as const)('and holds when what follows is %s in %s', async (how, service, expected) => {
    gateway.neighbours.mood[how].add(service)
    const began = performance.now()
    const answer = await gateway.asPatient('DELETE', '/consent')
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject(expected)
    expect(performance.now() - began).toBeLessThan(1_500)
  })

  test('nothing is erased when the withdrawal itself failed', async () => {
    gateway.neighbours.mood.broken.add('consent')
    expectProblem(await gateway.asPatient('DELETE', '/consent'), 503, 'consent.unavailable')
    expect([...seenBy('certificate-store'), ...seenBy('dispatch')]).toEqual([])
  })

  test('the language that is asked for goes along', async () => {
    await gateway.asPatient('GET', '/consent', { headers: { 'accept-language': 'en' } })
    expect(seenBy('consent')[0]?.headers['accept-language']).toBe('en')
  })
})

describe('certificates', () => {
  test('filters go along as they repeat, empty ones do not, and the list comes back as it is', async () => {
    const answer = await gateway.asPatient(
      'GET',
      '/certificates?type=LISJP&type=AG7804&unit=&year=2026&archived=true&sort=issuedAt',
    )
    expect(answer.json()).toMatchObject({ total: 1, nextCursor: null, unforeseen: 'kept' })
    const asked = new URL(seenBy('certificate-store')[0]!.url, 'http://x').searchParams
    expect(asked.getAll('type')).toEqual(['LISJP', 'AG7804'])
    expect(asked.has('unit')).toBe(false)
    expect(Object.fromEntries(asked)).toMatchObject({
      year: '2026',
      archived: 'true',
      sort: 'issuedAt',
      limit: '20',
    })
  })

  test('one has the store’s ETag, and is 304 for who has it', async () => {
    // Whether dispatch answers is asked behind the answers: while that is unknown the tag is another.
    await until(async () => !(await gateway.asPatient('GET', one)).body.includes('"unknown"'))
    const first = await gateway.asPatient('GET', one)
    const etag = String(first.headers['etag'])
    expect(etag).toBe('W/"known"')
    expect(seenBy('certificate-store')[0]?.url).toBe(`${one}?purpose=read`)
    const again = await gateway.asPatient('GET', one, {
      headers: { 'if-none-match': `"other", ${etag.slice(2)}` },
    })
    expect([again.statusCode, again.body, again.headers['etag']]).toEqual([304, '', etag])
  })

  test('the PDF comes byte for byte, for the browser’s own viewer to show', async () => {
    const answer = await gateway.asPatient('GET', `${one}/pdf?hide=diagnosis&disposition=inline`)
    expect(answer.rawPayload.equals(pdfBytes)).toBe(true)
    expect(answer.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': 'attachment; filename="a.pdf"',
      etag: '"of-the-pdf"',
      'cache-control': 'no-store',
      'content-security-policy': "frame-ancestors 'none'",
    })
    expect(seenBy('rendering')[0]?.url).toBe(`${one}/pdf?hide=diagnosis&disposition=inline`)
    const again = await gateway.asPatient('GET', `${one}/pdf`, {
      headers: { 'if-none-match': '"of-the-pdf"' },
    })
    expect(again.statusCode).toBe(304)
  })

  test.each(['hide=name', 'disposition=evil', 'hide=diagnosis&hide=name'])(
    'the PDF is 400 with %s',
    async (query) => {
      expectProblem(await gateway.asPatient('GET', `${one}/pdf?${query}`), 400, 'request.invalid')
    },
  )

  test('archiving and restoring are 204', async () => {
    expect((await gateway.asPatient('PUT', `${one}/archived`)).statusCode).toBe(204)
    expect((await gateway.asPatient('DELETE', `${one}/archived`)).statusCode).toBe(204)
  })
})

test('a session cookie opens no route of recipients', async () => {
  const answer = await gateway.ask('GET', '/recipient/dispatches', { headers: { cookie } })
  expectProblem(answer, 401, 'token.invalid')
})

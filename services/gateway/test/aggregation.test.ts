import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { expectProblem, until } from '@minaintyg/testing'
import { startTestGateway } from './gateway.ts'
import type { Answer, TestGateway } from './gateway.ts'
import { ids } from './neighbours.ts'

const one = `/certificates/${ids.certificate}`
const troubles = ['dead', 'slow', 'resetting'] as const
type Trouble = (typeof troubles)[number]

interface TroubledPlace {
  url: string
  /** Requests that reached it. */
  methods: string[]
  close(): Promise<void>
}

/** Somebody who is not there, never answers, or hangs up on whoever asks. */
async function startTrouble(trouble: Trouble): Promise<TroubledPlace> {
  const methods: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      const [, method] = /^([A-Z]+) (?!\/readyz)/.exec(bytes.toString('latin1')) ?? []
      if (method !== undefined) methods.push(method)
      if (trouble === 'resetting') socket.resetAndDestroy()
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy()
      server.close(() => {
        resolve()
      })
    })
  if (trouble === 'dead') await close()
  return {
    url: `http://127.0.0.1:${port}`,
    methods,
    close: trouble === 'dead' ? async () => undefined : close,
  }
}

type Call = [method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string]
/** What fails with a neighbour, and what stands without it. */
const parts: Record<string, { variable: string; fails: Call[]; stands: Call[] }> = {
  consent: {
    variable: 'CONSENT_URL',
    fails: [
      ['GET', '/consent'],
      ['GET', '/me'],
      ['DELETE', '/consent'],
    ],
    stands: [
      ['GET', '/session'],
      ['GET', '/access-log'],
      ['GET', '/dispatches'],
    ],
  },
  'certificate-store': {
    variable: 'CERTIFICATE_STORE_URL',
    fails: [
      ['GET', '/certificates'],
      ['GET', one],
      ['PUT', `${one}/archived`],
      ['GET', '/access-log'],
    ],
    stands: [
      ['GET', '/consent'],
      ['GET', '/dispatches'],
      ['GET', '/me'],
    ],
  },
  rendering: {
    variable: 'RENDERING_URL',
    fails: [['GET', `${one}/pdf`]],
    stands: [
      ['GET', '/certificates'],
      ['GET', one],
      ['GET', '/dispatches'],
    ],
  },
  dispatch: {
    variable: 'DISPATCH_URL',
    fails: [
      ['GET', '/dispatches'],
      ['GET', `/dispatches/${ids.dispatch}`],
      ['GET', `${one}/recipients`],
      ['POST', `${one}/dispatches`],
      ['DELETE', `/dispatches/${ids.dispatch}`],
    ],
    stands: [
      ['GET', '/certificates'],
      ['GET', one],
      ['GET', `${one}/pdf`],
      ['DELETE', '/consent'],
    ],
  },
  identity: {
    variable: 'IDENTITY_URL',
    fails: [
      ['GET', '/certificates'],
      ['GET', '/session'],
      ['POST', '/session/extend'],
    ],
    stands: [
      ['GET', '/api-info'],
      ['GET', '/guides/sick-leave?situation=student&from=2026-11-02'],
    ],
  },
}

const cases = Object.keys(parts).flatMap((name) =>
  troubles.map((trouble): [Trouble, string] => [trouble, name]),
)

describe.each(cases)('a %s %s', (trouble, name) => {
  const { variable, fails, stands } = parts[name]!
  let place: TroubledPlace
  let gateway: TestGateway
  beforeAll(async () => {
    place = await startTrouble(trouble)
    gateway = await startTestGateway({
      [variable]: place.url,
      // As long as it takes to see that nothing comes; the others need but little of it.
      NEIGHBOUR_DEADLINE: trouble === 'slow' ? '3000' : '20000',
    })
  })
  afterAll(async () => {
    await gateway.close()
    await place.close()
  })
  beforeEach(() => {
    place.methods.length = 0
    gateway.neighbours.mood.consent = 'given'
  })

  const call = ([method, path]: Call): Promise<Answer> =>
    gateway.asPatient(method, path, {
      headers: { 'idempotency-key': 'a-random-key' },
      ...(method === 'POST' && path.includes(one) ? { payload: { recipientId: 'FKASSA' } } : {}),
    })

  test('fails its parts, 504 where only time ran out, and is asked no oftener than is safe', async () => {
    const answers = await Promise.all(fails.map(call))
    for (const answer of answers) {
      if (trouble === 'slow') expectProblem(answer, 504, 'service.timeout')
      else expectProblem(answer, 503, `${name}.unavailable`)
      expect(answer.headers['retry-after']).toBeDefined()
    }
    if (trouble === 'dead') return
    // Of identity a token is asked first, which is a POST like any other.
    const methods = fails.map(([method]) => (name === 'identity' ? 'POST' : method))
    const asked = methods.flatMap((method) =>
      trouble === 'resetting' && method === 'GET' ? [method, method] : [method],
    )
    expect(place.methods.toSorted()).toEqual(asked.toSorted())
  })

  test.each(stands)('leaves the rest as it was: %s %s', async (...asked) => {
    expect((await call(asked)).statusCode).toBe(200)
  })
})

describe('the list', () => {
  let gateway: TestGateway
  beforeAll(async () => {
    gateway = await startTestGateway()
  })
  afterAll(() => gateway.close())
  beforeEach(() => {
    gateway.neighbours.mood.broken.clear()
    gateway.neighbours.seen.length = 0
  })
  const read = async () => (await gateway.asPatient('GET', '/certificates')).json()

  test('says whether its sending states are known, and none that is not', async () => {
    const known = {
      dispatchState: 'known',
      items: [{ statuses: ['new', 'notSent'] }],
      facets: { statuses: [{ value: 'new' }, { value: 'notSent' }] },
    }
    await until(async () => (await read()).dispatchState === 'known')
    expect(await read()).toMatchObject(known)

    gateway.neighbours.mood.broken.add('dispatch')
    await until(async () => (await read()).dispatchState === 'unknown')
    expect(await read()).toMatchObject({
      items: [{ statuses: ['new'] }],
      facets: { statuses: [{ value: 'new' }] },
    })

    gateway.neighbours.mood.broken.clear()
    await until(async () => (await read()).dispatchState === 'known')
    expect(await read()).toMatchObject(known)
  })

  test('asks dispatch nothing in the patient’s name', async () => {
    await read()
    const asked = gateway.neighbours.seen.filter(({ service }) => service === 'dispatch')
    expect(asked).toEqual([])
  })
})

describe('one certificate', () => {
  let gateway: TestGateway
  beforeAll(async () => {
    gateway = await startTestGateway()
  })
  afterAll(() => gateway.close())
  const read = (headers: Record<string, string> = {}) => gateway.asPatient('GET', one, { headers })
  const untilState = (state: string) =>
    until(async () => (await read()).json().dispatchState === state)

  test('says the same as the list', async () => {
    await untilState('known')
    const known = await read()
    expect(known.json()).toMatchObject({ statuses: ['new', 'notSent'] })
    const { etag } = known.headers
    expect((await read({ 'if-none-match': String(etag) })).statusCode).toBe(304)

    gateway.neighbours.mood.broken.add('dispatch')
    await untilState('unknown')
    const unknown = await read({ 'if-none-match': String(etag) })
    expect(unknown.statusCode).toBe(200)
    expect(unknown.json()).toMatchObject({ dispatchState: 'unknown', statuses: ['new'] })
    expect(unknown.headers.etag).not.toBe(etag)

    gateway.neighbours.mood.broken.clear()
    await untilState('known')
    expect((await read()).json()).toEqual(known.json())
  })
})

describe('deadlines', () => {
  let gateway: TestGateway
  beforeAll(async () => {
    gateway = await startTestGateway({ NEIGHBOUR_DEADLINE: '8000' })
  })
  afterAll(() => gateway.close())
  beforeEach(() => {
    gateway.neighbours.seen.length = 0
  })
  const budgets = () =>
    gateway.neighbours.seen.map(({ headers }) => Number(headers['x-request-budget']))

  test('shrink from one service to the next', async () => {
    await gateway.asPatient('GET', one)
    const [token = 0, certificate = 0] = budgets()
    expect(gateway.neighbours.seen.map(({ service }) => service)).toEqual([
      'identity',
      'certificate-store',
    ])
    expect(token).toBeLessThanOrEqual(8_000)
    expect(certificate).toBeLessThanOrEqual(token)
    expect(certificate).toBeGreaterThan(0)
  })

  test('are the caller’s own where that waits less, and never more', async () => {
    const withBudget = (budget: string) =>
      gateway.asPatient('GET', one, { headers: { 'x-request-budget': budget } })
    await withBudget('6000')
    expect(Math.max(...budgets())).toBeLessThanOrEqual(6_000)
    gateway.neighbours.seen.length = 0
    await withBudget('600000')
    // Less by what has passed since the request came: no service has all of it for itself.
    expect(Math.max(...budgets())).toBeLessThan(8_000)
  })

  test('of nothing ask nobody', async () => {
    const headers = { 'x-request-budget': '0' }
    const answer = await gateway.asPatient('GET', one, { headers })
    expectProblem(answer, 504, 'service.timeout')
    expect(answer.headers['retry-after']).toBeDefined()
    expect(gateway.neighbours.seen).toEqual([])
  })
})

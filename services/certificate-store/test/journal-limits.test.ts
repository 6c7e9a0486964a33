import { gzipSync } from 'node:zlib'
import { until } from '@minaintyg/testing'
import { listResponse, result } from './documents.ts'
import { answering, fault, startJournal, useJournal, xml } from './journal-under-test.ts'
import type { Answer } from './journal-under-test.ts'

const { server, client } = useJournal()

describe('a deadline', () => {
  const drip: Answer = (response) => {
    response.writeHead(200, xml)
    const timer = setInterval(() => response.write(' '), 20)
    response.on('close', () => {
      clearInterval(timer)
    })
  }
  test.each<[string, Answer]>([
    ['that never answers', () => undefined],
    ['that never ends its answer', (response) => void response.writeHead(200, xml).write('<a>')],
    ['that answers a character at a time', drip],
    [
      'that packs an endless answer',
      (response) =>
        void response
          .writeHead(200, { ...xml, 'content-encoding': 'gzip' })
          .write(gzipSync('<a>').subarray(0, 15)),
    ],
  ])('ends the wait for a journal %s, and the connection', async (_, answer) => {
    server.journal.answer = (response, request) => {
      response.on('close', () => (closed += 1))
      answer(response, request)
    }
    let closed = 0
    expect(await client({ deadline: 300 }).failure()).toEqual({ kind: 'timeout', code: null })
    await until(() => closed === 2)
  })

  test('counts the time in the queue', async () => {
    server.journal.answer = () => undefined
    const asking = client({ deadline: 300, connections: 2 })
    const failures = await Promise.all([asking.failure(), asking.failure()])
    expect(failures.map(({ kind }) => kind)).toEqual(['timeout', 'timeout'])
    expect(server.journal.requests).toHaveLength(2)
  })
})

describe('a journal that is away', () => {
  test.each<[string, Answer, string | null]>([
    ['breaks off before it answers', (response) => void response.destroy(), 'UND_ERR_SOCKET'],
    [
      'breaks off in its answer',
      (response) => {
        response.writeHead(200, { ...xml, 'content-length': '1000' })
        response.write('<a>', () => response.destroy())
      },
      'UND_ERR_SOCKET',
    ],
  ])('%s', async (_, answer, code) => {
    server.journal.answer = answer
    expect(await client().failure()).toEqual({ kind: 'network', code })
  })

  test('closes the connections that were kept: the next question has others', async () => {
    const asking = client()
    for (let questions = 1; questions <= 3; questions += 1) {
      expect(await asking.ids()).toEqual([])
      server.disconnect()
    }
    expect(server.journal.connections).toBeGreaterThan(2)
  })

  test('is not there at all', async () => {
    const elsewhere = await startJournal()
    await elsewhere.stop()
    const { failure } = client({ endpoint: elsewhere.endpoint })
    expect(await failure()).toEqual({ kind: 'network', code: 'ECONNREFUSED' })
  })
})

describe('bounds', () => {
  test('no more connections are open at once than were configured', async () => {
    let open = 0
    let most = 0
    const waiting: (() => void)[] = []
    server.journal.answer = (response, request) => {
      open += 1
      most = Math.max(most, open)
      waiting.push(() => {
        open -= 1
        answering()(response, request)
      })
    }
    const asking = client({ connections: 4 })
    const all = Promise.all(Array.from({ length: 12 }, () => asking.ids()))
    let over = false
    void all.then(() => (over = true))
    await until(() => {
      if (open === 4 || over) for (const answer of waiting.splice(0)) answer()
      return over
    })
    expect(most).toBe(4)
    expect(server.journal.requests).toHaveLength(24)
    expect(server.journal.connections).toBeLessThanOrEqual(4)
  })

  test('who comes when too many wait already is refused, and the others are served', async () => {
    const waiting: (() => void)[] = []
    server.journal.answer = (response, request) =>
      void waiting.push(() => {
        answering()(response, request)
      })
    const limits = { failures: 5, openFor: 10_000, waiting: 3 }
    const asking = client({ connections: 2 }, { limits })
    const served = Promise.all(Array.from({ length: 4 }, () => asking.ids()))
    expect(await asking.failure()).toEqual({ kind: 'overloaded', code: null })
    let over = false
    void served.then(() => (over = true))
    await until(() => {
      for (const answer of waiting.splice(0)) answer()
      return over
    })
    expect(await served).toEqual([[], [], [], []])
  })
})

describe('the breaker', () => {
  const limits = { failures: 3, openFor: 150, waiting: 200 }
  const down: Answer = (response) => void response.writeHead(503).end()

  const questions = () =>
    new Set(server.journal.requests.map(({ headers }) => headers['x-skltp-correlation-id'])).size

  test('leaves a journal alone that keeps failing, tries once, and lets all through again', async () => {
    const asking = client({}, { limits })
    server.journal.answer = down
    for (let failures = 0; failures < 3; failures += 1) await asking.failure()
    expect(await asking.failure()).toEqual({ kind: 'circuit-open', code: null })
    expect(questions()).toBe(3)

    // Half open: one try, which fails, and it is left alone again.
    await until(async () => (await asking.failure()).kind === 'http')
    expect(questions()).toBe(4)
    expect((await asking.failure()).kind).toBe('circuit-open')

    server.journal.answer = answering()
    await until(() => asking.ids().catch(() => false))
    expect(await Promise.all([asking.ids(), asking.ids()])).toEqual([[], []])
  })

  test('of one journal is not that of another', async () => {
    const other = await startJournal()
    const asking = client({}, { limits })
    const askingOther = client({ endpoint: other.endpoint, id: 'other' }, { limits })
    server.journal.answer = down
    for (let failures = 0; failures < 3; failures += 1) await asking.failure()
    expect((await asking.failure()).kind).toBe('circuit-open')
    expect(await askingOther.ids()).toEqual([])
    await askingOther.close()
    await other.stop()
  })

  const errorResult = (errorId: string) =>
    listResponse([], { result: result(['resultCode', 'ERROR'], ['errorId', errorId]) })
  const long = { ...limits, openFor: 60_000 }

  test.each([
    ['what it says of one patient', errorResult('VALIDATION_ERROR')],
    ['a fault that blames the question', fault('s:Client', 'x')],
  ])('does not open for %s', async (_, body) => {
    const asking = client({}, { limits: long })
    server.journal.answer = answering(body)
    for (let failures = 0; failures < 3; failures += 1) await asking.failure()
    expect((await asking.failure()).kind).not.toBe('circuit-open')
  })

  test.each([
    ['an error of its own', errorResult('TECHNICAL_ERROR')],
    ['a fault of the platform', fault('s:Client', 'VP009')],
    ['what cannot be read', '<html/>'],
  ])('opens for %s', async (_, body) => {
    const asking = client({}, { limits: long })
    server.journal.answer = answering(body)
    for (let failures = 0; failures < 3; failures += 1) await asking.failure()
    expect((await asking.failure()).kind).toBe('circuit-open')
  })
})

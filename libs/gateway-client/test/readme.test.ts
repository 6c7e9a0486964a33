import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createPatient } from './readme-example.ts'

const text = (path: string) => readFileSync(join(import.meta.dirname, path), 'utf8')

test('the README shows the example that runs', () => {
  expect(text('../README.md')).toContain(text('readme-example.ts').trim())
})

describe('the example', () => {
  const dispatch = (state: string, said: string) => ({
    id: 'd',
    state,
    timeline: [{ state, at: '2026-11-03T08:00:00Z', text: said }],
  })
  const answers: Record<string, () => [number, unknown]> = {
    'GET /certificates?status=notSent': () => [
      200,
      { items: [{ type: { name: 'A' } }], nextCursor: 'next' },
    ],
    'GET /certificates?status=notSent&cursor=next': () => [
      200,
      { items: [{ type: { name: 'B' } }], nextCursor: null },
    ],
    'POST /certificates/new/dispatches': () => [202, dispatch('queued', 'På väg')],
    'POST /certificates/old/dispatches': () => [409, { code: 'certificate.replaced' }],
    'POST /certificates/late/dispatches': () => [401, { code: 'session.expired' }],
    'GET /dispatches/d': () => [200, dispatch('accepted', 'Godtaget')],
  }
  const server = createServer((request, response) => {
    const [status, body] = answers[`${request.method} ${request.url}`]?.() ?? [404, {}]
    const type = status < 400 ? 'application/json' : 'application/problem+json'
    response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body))
  })
  const left: string[] = []
  const place = {
    pathname: '/intyg',
    search: '?year=2026',
    assign: (url: string) => left.push(url),
  }
  let patient: ReturnType<typeof createPatient>
  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    patient = createPatient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, place)
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  const said = async (id: string) => {
    const words: string[] = []
    await patient.send(id, 'FKASSA', 'a key', (word) => words.push(word))
    return words
  }

  test('reads all pages', async () => {
    expect(await patient.typesToSend()).toEqual(['A', 'B'])
  })

  test('sends and follows, and says what went wrong', async () => {
    expect(await said('new')).toEqual(['Godtaget'])
    expect(await said('old')).toEqual(['Öppna det nya intyget i stället.'])
    expect(left).toEqual([])
  })

  test('leaves for the log-in when the session has ended, and comes back to the same page', async () => {
    await said('late')
    expect(left).toEqual([expect.stringMatching(/returnTo=%2Fintyg%3Fyear%3D2026$/)])
  })
})

import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expectProblem } from '@minaintyg/testing'
import { startTestGateway } from './gateway.ts'
import type { TestGateway } from './gateway.ts'
import { grant, ids } from './neighbours.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.close())

const one = `/certificates/${ids.certificate}`
const get = (path: string, headers: Record<string, string> = {}) =>
  gateway.asPatient('GET', path, { headers })

describe('packing', () => {
  const unpack = { br: brotliDecompressSync, gzip: gunzipSync }

  test.each(['br', 'gzip'] as const)(
    'long answers come as %s where that is asked for',
    async (coding) => {
      const plain = await get('/openapi.json')
      const packed = await get('/openapi.json', { 'accept-encoding': coding })
      expect(packed.headers).toMatchObject({
        'content-encoding': coding,
        vary: expect.stringMatching(/origin.*accept-encoding/i) as string,
        etag: plain.headers['etag'],
      })
      expect(packed.rawPayload.length).toBeLessThan(plain.rawPayload.length / 3)
      expect(unpack[coding](packed.rawPayload).equals(plain.rawPayload)).toBe(true)
    },
  )

  test('and plain where nothing else is understood', async () => {
    for (const accepted of ['', 'identity', 'deflate', 'br;q=0, gzip;q=0']) {
      const answer = await get('/openapi.json', { 'accept-encoding': accepted })
      expect(answer.headers['content-encoding']).toBeUndefined()
      expect(answer.json().openapi).toBe('3.1.0')
    }
  })

  test('patients’ own lists are packed, and say what they said', async () => {
    const { mood } = gateway.neighbours
    mood.padding = 'x'.repeat(4_000)
    const packed = await get('/certificates', { 'accept-encoding': 'br, gzip' })
    mood.padding = ''
    expect(packed.headers['content-encoding']).toBe('br')
    expect(JSON.parse(brotliDecompressSync(packed.rawPayload).toString())).toMatchObject({
      unforeseen: 'kept',
    })
  })

  test.each([
    ['GET', '/session'],
    ['GET', '/sessions'],
    ['GET', '/me'],
    ['POST', `${one}/download-link`],
    ['GET', `/downloads/${grant}`],
    ['GET', `${one}/pdf`],
    ['GET', '/consent/proof'],
    ['POST', '/session/extend'],
  ] as const)('%s %s never is, however long it might be', async (method, path) => {
    const { mood } = gateway.neighbours
    mood.grants.add(`${one}/pdf`)
    mood.padding = 'x'.repeat(4_000)
    const headers = { 'accept-encoding': 'br, gzip' }
    const answer = await gateway.asPatient(method, path, { headers })
    mood.padding = ''
    expect(answer.statusCode).toBeLessThan(300)
    expect(answer.headers['content-encoding']).toBeUndefined()
  })

  test('what is sent here may not be packed: it could be a bomb', async () => {
    const answer = await gateway.asPatient('POST', '/consent', {
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      payload: { textVersion: '1.0' },
    })
    expectProblem(answer, 415, 'request.unsupported-media-type')
    expect(answer.headers['accept-encoding']).toBe('identity')
  })
})

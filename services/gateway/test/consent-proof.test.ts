import { expectProblem } from '@minaintyg/testing'
import { startTestGateway } from './gateway.ts'
import type { TestGateway } from './gateway.ts'
import { ids, pdfBytes } from './neighbours.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway({ NEIGHBOUR_DEADLINE: '1000' })
})
afterAll(() => gateway.close())
beforeEach(() => {
  const { mood, seen } = gateway.neighbours
  mood.broken.clear()
  seen.length = 0
})

test('the proof of consent is had as a PDF too, drawn of what consent has signed', async () => {
  const headers = { 'accept-language': 'en' }
  const answer = await gateway.asPatient('GET', '/consent/proof?format=pdf', { headers })
  expect(answer.statusCode).toBe(200)
  expect(answer.rawPayload).toEqual(pdfBytes)
  expect(answer.headers).toMatchObject({
    'content-type': 'application/pdf',
    'content-language': 'en',
    'content-disposition': 'attachment; filename="b.pdf"',
    'cache-control': 'no-store',
  })
  expect(gateway.neighbours.seen.at(-1)).toMatchObject({
    url: '/consent-proofs',
    subject: ids.patient,
    body: { proof: { statements: [] }, jws: 'a.b.c' },
    headers: { 'accept-language': 'en' },
  })
})

test('the proof of consent needs rendering as a PDF alone, and has no third form', async () => {
  gateway.neighbours.mood.broken.add('rendering')
  const ask = (format: string) => gateway.asPatient('GET', `/consent/proof?format=${format}`)
  expect((await ask('json')).json()).toEqual({ proof: { statements: [] }, jws: 'a.b.c' })
  expectProblem(await ask('pdf'), 503, 'rendering.unavailable')
  expectProblem(await ask('xml'), 400, 'request.invalid')
})

test('the keys of proofs of consent are had from consent, whatever else is down', async () => {
  gateway.neighbours.mood.broken.add('identity')
  const answer = await gateway.ask('GET', '/.well-known/consent-jwks.json')
  expect(answer.json()).toEqual({ keys: [{ kty: 'OKP', kid: 'proofs' }] })
  gateway.neighbours.mood.broken.add('consent')
  const down = await gateway.ask('GET', '/.well-known/consent-jwks.json')
  expectProblem(down, 503, 'consent.unavailable')
})

import { expectProblem } from '@minaintyg/testing'
import { base, startTestGateway } from './gateway.ts'
import type { TestGateway } from './gateway.ts'
import { grant, ids, pdfBytes } from './neighbours.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.close())
beforeEach(() => {
  gateway.neighbours.mood.grants.clear()
  gateway.neighbours.seen.length = 0
})

const seenBy = (service: string) =>
  gateway.neighbours.seen.filter((call) => call.service === service)
const one = `/certificates/${ids.certificate}`
const send = {
  payload: { recipientId: 'FKASSA' },
  headers: { 'idempotency-key': 'a-random-key' },
}

describe('download links', () => {
  test('open the PDF once, without the cookie, and a HEAD does not use them up', async () => {
    const link = await gateway.asPatient('POST', `${one}/download-link?hide=diagnosis`)
    expect(link.statusCode).toBe(201)
    const { url, expiresAt } = link.json()
    expect(url).toBe(`http://localhost:8080${base}/downloads/${grant}`)
    expect(expiresAt).toBe('2026-11-22T12:00:00Z')

    const path = `!${new URL(url).pathname}`
    expect((await gateway.ask('HEAD', path)).statusCode).toBe(405)
    const first = await gateway.ask('GET', path)
    expect(first.rawPayload.equals(pdfBytes)).toBe(true)
    // Asked for once, by who makes the copy: the patient's log has one line for one download.
    expect(seenBy('certificate-store').map((seen) => seen.url)).toEqual([`${one}/copy-permission`])
    expect(seenBy('rendering').at(-1)?.url).toMatch(/\/pdf\?hide=diagnosis&/)
    expectProblem(await gateway.ask('GET', path), 410, 'download-link.expired')
  })

  test.each([
    ['sv', 'Intyget kunde inte visas', 'Länken har redan använts eller gått ut.'],
    ['en', 'The certificate could not be shown', 'The link has been used or has run out.'],
  ])('that fail in a browser are a page with a sentence, in %s', async (language, title, words) => {
    gateway.neighbours.mood.grants.clear()
    const headers = { accept: 'text/html,*/*;q=0.8', 'accept-language': language }
    const answer = await gateway.ask('GET', `/downloads/${grant}`, { headers })
    expect(answer.statusCode).toBe(410)
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
    expect(answer.body).toContain(`<html lang="${language}">`)
    expect(answer.body).toContain(`<h1>${title}</h1>`)
    expect(answer.body).toContain(words)
    expect(answer.body).not.toContain(grant)
  })

  test('open nothing but a PDF, whatever stands in the grant', async () => {
    gateway.neighbours.mood.grants.add('/certificates')
    expectProblem(await gateway.ask('GET', `/downloads/${grant}`), 404, 'route.not-found')
    expect(seenBy('rendering')).toEqual([])
  })
})

describe('sending', () => {
  test('is 202, with the address of the dispatch here', async () => {
    const answer = await gateway.asPatient('POST', `${one}/dispatches`, send)
    expect(answer.statusCode).toBe(202)
    expect(answer.headers['location']).toBe(`${base}/dispatches/${ids.dispatch}`)
    expect(answer.json()).toMatchObject({ id: ids.dispatch, state: 'queued' })
    expect(seenBy('dispatch')[0]).toMatchObject({
      headers: { 'idempotency-key': 'a-random-key' },
      body: { recipientId: 'FKASSA' },
    })
  })

  test('needs an Idempotency-Key', async () => {
    const { payload } = send
    const answer = await gateway.asPatient('POST', `${one}/dispatches`, { payload })
    expectProblem(answer, 400, 'dispatch.idempotency-key-missing')
    expect(seenBy('dispatch')).toEqual([])
  })

  test.each(['a b', 'é', 'x'.repeat(256)])('refuses the key %s', async (value) => {
    const headers = { 'idempotency-key': value }
    const answer = await gateway.asPatient('POST', `${one}/dispatches`, { ...send, headers })
    expectProblem(answer, 400, 'request.invalid')
  })

  test('can be taken back', async () => {
    const answer = await gateway.asPatient('DELETE', `/dispatches/${ids.dispatch}`)
    expect(answer.statusCode).toBe(204)
  })

  test('someone else’s dispatch is one that there is not', async () => {
    const answer = await gateway.asPatient('GET', `/dispatches/${ids.othersCertificate}`)
    expectProblem(answer, 404, 'dispatch.not-found')
  })
})

import { createHash, randomUUID } from 'node:crypto'
import { expectProblem } from '@minaintyg/testing'
import { startDispatch } from './start-dispatch.ts'
import type { StartedDispatch } from './start-dispatch.ts'

let dispatch: StartedDispatch
beforeAll(async () => {
  dispatch = await startDispatch()
})
afterAll(async () => {
  await dispatch.stop()
})

async function deliver() {
  const certificate = dispatch.neighbours.addCertificate()
  const { id } = (await dispatch.calls.send(certificate)).json()
  await dispatch.service.relay.drain()
  return { certificate, id: id as string }
}
const fetchDocument = (id: string, headers: Record<string, string> = {}, clientId?: string) =>
  dispatch.calls.recipient('GET', `/recipient/dispatches/${id}/document`, {
    headers,
    ...(clientId === undefined ? {} : { clientId }),
  })

describe('GET /recipient/dispatches/{id}/document', () => {
  test('hands out the original bytes, with the hash of the event', async () => {
    const { certificate, id } = await deliver()
    const answer = await fetchDocument(id)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toBe('application/xml')
    expect(answer.rawPayload).toEqual(Buffer.from(certificate.xml))
    const [event] = dispatch.recording.of(id)
    const sha256 = createHash('sha256').update(answer.rawPayload).digest('hex')
    expect(sha256).toBe(event.data.document.sha256)
    expect(dispatch.neighbours.handedOver.at(-1)).toEqual({
      certificateId: certificate.id,
      recipient: 'FKASSA',
      dispatch: id,
    })
  })

  test.each([
    ['application/json', 'application/json'],
    ['application/pdf', 'application/pdf'],
    ['application/json;q=0.5, application/pdf;q=0.1', 'application/json'],
    ['*/*', 'application/xml'],
    ['text/plain, application/*;q=0.5', 'application/xml'],
  ])('answers to Accept: %s with %s', async (accept, type) => {
    const { certificate, id } = await deliver()
    const answer = await fetchDocument(id, { accept })
    expect(answer.headers['content-type']).toBe(type)
    if (type === 'application/pdf') expect(answer.body).toBe(`%PDF-1.7 of ${certificate.id}`)
    if (type === 'application/json') expect(answer.json()).toEqual({ id: certificate.id })
  })

  test('has no other form', async () => {
    const { id } = await deliver()
    expectProblem(await fetchDocument(id, { accept: 'text/html' }), 406, 'document.not-acceptable')
  })

  test('answers 304 to its own ETag', async () => {
    const { id } = await deliver()
    for (const accept of ['application/xml', 'application/json', 'application/pdf']) {
      const { etag } = (await fetchDocument(id, { accept })).headers
      const again = await fetchDocument(id, { accept, 'if-none-match': String(etag) })
      expect([again.statusCode, again.body]).toEqual([304, ''])
    }
  })

  test.each(['"x"', 'W/"x"', '"x", *', '*'])(
    'compares the tags of If-None-Match: %s',
    async (given) => {
      const { id } = await deliver()
      const { etag } = (await fetchDocument(id)).headers
      const tags = given.replace('x', 'other')
      const known = await fetchDocument(id, { 'if-none-match': `${tags}, W/${String(etag)}` })
      expect(known.statusCode).toBe(304)
      const { statusCode } = await fetchDocument(id, { 'if-none-match': tags })
      expect(statusCode).toBe(given.includes('*') ? 304 : 200)
    },
  )

  test('answers another recipient as for an id that there is not', async () => {
    const { id } = await deliver()
    expectProblem(await fetchDocument(id, {}, 'transportstyrelsen'), 404, 'dispatch.not-found')
    expectProblem(await fetchDocument(randomUUID()), 404, 'dispatch.not-found')
  })

  test('answers 410 once consent is withdrawn, and a revoked event follows', async () => {
    const { certificate, id } = await deliver()
    dispatch.neighbours.withdrawn.add(certificate.patientId)
    expectProblem(await fetchDocument(id), 410, 'dispatch.revoked')
    expectProblem(await fetchDocument(id), 410, 'dispatch.revoked')
    expect(await dispatch.calls.stateOf(certificate, id)).toBe('revoked')
    await dispatch.service.relay.drain()
    const revoked = dispatch.recording.of(id).slice(1)
    expect(revoked).toMatchObject([{ data: { reason: 'consent-withdrawn' } }])
    expect(revoked[0].data.sequence).toBe(Number(dispatch.recording.of(id)[0].data.sequence) + 1)
  })

  test('hands nothing out after a withdrawal even where it was fetched before', async () => {
    const { certificate, id } = await deliver()
    await fetchDocument(id)
    dispatch.neighbours.withdrawn.add(certificate.patientId)
    expectProblem(await fetchDocument(id), 410, 'dispatch.revoked')
    expect(await dispatch.calls.stateOf(certificate, id)).toBe('delivered')
  })

  test('answers 503 when nobody can say whether consent stands', async () => {
    const { id } = await deliver()
    dispatch.neighbours.control.consentDown = true
    const answer = await fetchDocument(id)
    dispatch.neighbours.control.consentDown = false
    expectProblem(answer, 503, 'consent.unavailable')
  })

  test('hands out no bytes but those that were sent', async () => {
    const { certificate, id } = await deliver()
    certificate.xml += '<!-- changed -->'
    expectProblem(await fetchDocument(id), 409, 'document.changed')
  })

  test('says so when certificate-store no longer has it', async () => {
    const { certificate, id } = await deliver()
    certificate.patientId = randomUUID()
    expectProblem(await fetchDocument(id), 410, 'document.gone')
  })

  test('is open to recipients alone', async () => {
    const { certificate, id } = await deliver()
    const url = `/recipient/dispatches/${id}/document`
    expectProblem(await dispatch.service.app.inject(url), 401, 'token.invalid')
    expectProblem(
      await dispatch.calls.patient(certificate.patientId, 'GET', url),
      403,
      'token.insufficient-scope',
    )
  })
})

describe('POST /recipient/dispatches/{id}/receipts', () => {
  test('moves the dispatch on, and certificate-store is told once', async () => {
    const { certificate, id } = await deliver()
    for (const kind of ['received', 'accepted']) {
      expect((await dispatch.calls.receipt(id, kind)).statusCode).toBe(204)
    }
    expect(await dispatch.calls.stateOf(certificate, id)).toBe('accepted')
    await dispatch.service.relay.drain()
    const facts = dispatch.recording
      .to('minaintyg.events')
      .map(({ body }) => JSON.parse(body.toString()))
      .filter(({ type, data }) => data.dispatchId === id && type === 'dispatch.received.v1')
    expect(facts).toHaveLength(1)
  })

  test('changes nothing when the same id comes again', async () => {
    const { certificate, id } = await deliver()
    const receiptId = randomUUID()
    for (const kind of ['received', 'rejected']) {
      expect((await dispatch.calls.receipt(id, kind, { id: receiptId })).statusCode).toBe(204)
    }
    expect(await dispatch.calls.stateOf(certificate, id)).toBe('received')
  })

  test('bears receipts that come out of order', async () => {
    const { certificate, id } = await deliver()
    for (const kind of ['accepted', 'received']) await dispatch.calls.receipt(id, kind)
    const view = await dispatch.calls.patient(certificate.patientId, 'GET', `/dispatches/${id}`)
    expect(view.json().state).toBe('accepted')
    expect(view.json().timeline.map(({ state }: { state: string }) => state)).toEqual([
      'queued',
      'delivered',
      'received',
      'accepted',
    ])
  })

  test('shows the patient what the recipient asks', async () => {
    const { certificate, id } = await deliver()
    const question = 'Hur länge beräknas nedsättningen vara?'
    await dispatch.calls.receipt(id, 'completion-requested', { question })
    const view = await dispatch.calls.patient(certificate.patientId, 'GET', `/dispatches/${id}`)
    expect(view.json()).toMatchObject({ state: 'completionRequested' })
    expect(view.json().timeline.at(-1).text).toContain(question)
  })

  test('shows what is asked as words alone, and keeps it within its bounds', async () => {
    const { certificate, id } = await deliver()
    const esc = String.fromCodePoint(27)
    const turn = String.fromCodePoint(0x202e)
    const question = `Hur länge?${esc}[2J${turn}\r\n\n\n\nSkriv  `
    await dispatch.calls.receipt(id, 'completion-requested', { question })
    const view = await dispatch.calls.patient(certificate.patientId, 'GET', `/dispatches/${id}`)
    expect(view.json().timeline.at(-1).text).toBe(
      'Försäkringskassan behöver fler uppgifter från vården. De skriver: ”Hur länge?[2J\n\nSkriv”',
    )
    const long = { question: 'x'.repeat(2001) }
    expectProblem(
      await dispatch.calls.receipt(id, 'completion-requested', long),
      400,
      'request.invalid',
    )
  })

  test('tells care that it is asked, once, with ids and nothing else', async () => {
    const { certificate, id } = await deliver()
    const question = 'Hur länge beräknas nedsättningen vara?'
    for (let times = 0; times < 2; times += 1) {
      await dispatch.calls.receipt(id, 'completion-requested', { question, reference: 'FK-1' })
    }
    await dispatch.service.relay.drain()
    const told = dispatch.recording
      .to('minaintyg.events')
      .filter(({ routingKey }) => routingKey === 'dispatch.completion-requested.v1')
      .map(({ body }) => JSON.parse(body.toString()))
      .filter(({ data }) => data.dispatchId === id)
    expect(told.map(({ data }) => data)).toEqual([
      {
        patientId: certificate.patientId,
        certificateId: certificate.id,
        dispatchId: id,
        recipientId: 'FKASSA',
        at: expect.any(String),
      },
    ])
  })

  test('refuses another recipient’s receipt as for a dispatch that there is not', async () => {
    const { certificate, id } = await deliver()
    const { calls } = dispatch
    expectProblem(
      await calls.receipt(id, 'accepted', {}, 'arbetsformedlingen'),
      404,
      'dispatch.not-found',
    )
    expectProblem(await calls.receipt(randomUUID(), 'accepted'), 404, 'dispatch.not-found')
    expect(await calls.stateOf(certificate, id)).toBe('delivered')
  })

  test.each([
    ['an unknown kind', { kind: 'lost' }],
    ['an unknown field', { colour: 'red' }],
    ['an id that is none', { id: 'x' }],
    ['a time that is none', { at: 'yesterday' }],
    ['a reason beyond measure', { reason: 'x'.repeat(1001) }],
  ])('answers 400 to %s', async (_name, more) => {
    const { id } = await deliver()
    expectProblem(await dispatch.calls.receipt(id, 'received', more), 400, 'request.invalid')
  })

  test('is open to recipients alone', async () => {
    const { certificate, id } = await deliver()
    const url = `/recipient/dispatches/${id}/receipts`
    expectProblem(await dispatch.service.app.inject({ method: 'POST', url }), 401, 'token.invalid')
    expectProblem(
      await dispatch.calls.patient(certificate.patientId, 'POST', url),
      403,
      'token.insufficient-scope',
    )
  })
})

import { randomUUID } from 'node:crypto'
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

const rowsOf = (patientId: string) =>
  dispatch.db.selectFrom('dispatch').selectAll().where('patient_id', '=', patientId).execute()

describe('POST /certificates/{id}/dispatches', () => {
  test('accepts the certificate for sending and says where to follow it', async () => {
    const certificate = dispatch.neighbours.addCertificate()
    const answer = await dispatch.calls.send(certificate)
    expect(answer.statusCode).toBe(202)
    const view = answer.json()
    expect(answer.headers.location).toBe(`/dispatches/${view.id}`)
    expect(view).toMatchObject({
      certificate: { id: certificate.id, type: { code: 'LISJP' } },
      recipient: { id: 'FKASSA', name: 'Försäkringskassan' },
      state: 'queued',
      timeline: [
        {
          state: 'queued',
          text: 'Du har skickat intyget till Försäkringskassan. Det är på väg.',
        },
      ],
    })
  })

  test('puts the dispatch and its event down together, without personal data', async () => {
    const certificate = dispatch.neighbours.addCertificate()
    const { id } = (await dispatch.calls.send(certificate)).json()
    const rows = await dispatch.db
      .selectFrom('outbox')
      .selectAll()
      .where('subject', '=', id)
      .execute()
    expect(rows).toHaveLength(1)
    const body = rows[0]!.body.toString()
    expect(JSON.parse(body)).toMatchObject({ type: 'se.minaintyg.dispatch.requested.v1' })
    expect(body).not.toContain(certificate.patientId)
  })

  test('answers the same key and body with the same answer', async () => {
    const certificate = dispatch.neighbours.addCertificate()
    const key = randomUUID()
    const first = await dispatch.calls.send(certificate, { key })
    const second = await dispatch.calls.send(certificate, { key })
    expect(second.statusCode).toBe(202)
    expect(second.json()).toEqual(first.json())
    expect(second.headers.location).toBe(first.headers.location)
    expect(await rowsOf(certificate.patientId)).toHaveLength(1)
  })

  test('gives one dispatch to parallel requests with one key', async () => {
    const certificate = dispatch.neighbours.addCertificate()
    const key = randomUUID()
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => dispatch.calls.send(certificate, { key })),
    )
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(6).fill(202))
    expect(new Set(answers.map((answer) => answer.json().id)).size).toBe(1)
  })

  test('gives one dispatch to parallel requests with different keys', async () => {
    const certificate = dispatch.neighbours.addCertificate()
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => dispatch.calls.send(certificate)),
    )
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([
      202, 409, 409, 409, 409, 409,
    ])
    const accepted = answers.find(({ statusCode }) => statusCode === 202)!.json()
    for (const refused of answers.filter(({ statusCode }) => statusCode === 409)) {
      expectProblem(refused, 409, 'dispatch.already-sent')
      expect(refused.json().dispatchId).toBe(accepted.id)
    }
    expect(await rowsOf(certificate.patientId)).toHaveLength(1)
  })

  test('refuses a key that was used for another request', async () => {
    const certificate = dispatch.neighbours.addCertificate()
    const { patientId } = certificate
    const key = randomUUID()
    await dispatch.calls.send(certificate, { key })
    const other = dispatch.neighbours.addCertificate({ patientId })
    expectProblem(await dispatch.calls.send(other, { key }), 422, 'dispatch.idempotency-key-reused')
    expectProblem(
      await dispatch.calls.send(certificate, { key, recipientId: 'AF' }),
      422,
      'dispatch.idempotency-key-reused',
    )
  })

  test('lets two patients use the same key', async () => {
    const key = randomUUID()
    for (const certificate of [1, 2].map(() => dispatch.neighbours.addCertificate())) {
      expect((await dispatch.calls.send(certificate, { key })).statusCode).toBe(202)
    }
  })

  test('needs an Idempotency-Key', async () => {
    const { id, patientId } = dispatch.neighbours.addCertificate()
    const answer = await dispatch.service.app.inject({
      method: 'POST',
      url: `/certificates/${id}/dispatches`,
      headers: await dispatch.calls.asPatient(patientId),
      payload: { recipientId: 'FKASSA' },
    })
    expectProblem(answer, 400, 'request.invalid')
  })

  test.each([
    ['certificate.revoked', 410, 'certificate.revoked'],
    ['certificate.replaced', 409, 'certificate.replaced'],
    ['certificate.complemented', 409, 'certificate.complemented'],
    ['certificate.version-too-old', 409, 'certificate.version-too-old'],
    ['certificate.unreadable', 409, 'certificate.unreadable'],
    ['recipient.none', 422, 'recipient.not-accepted'],
    ['something.new', 409, 'certificate.not-sendable'],
  ])('refuses a certificate that certificate-store says is %s', async (reason, status, code) => {
    const certificate = dispatch.neighbours.addCertificate()
    dispatch.neighbours.refuseSending(certificate, reason)
    expectProblem(await dispatch.calls.send(certificate), status, code)
    expect(await rowsOf(certificate.patientId)).toHaveLength(0)
  })

  test.each(['TRANSP', 'NOBODY'])('refuses the recipient %s', async (recipientId) => {
    const certificate = dispatch.neighbours.addCertificate()
    const answer = await dispatch.calls.send(certificate, { recipientId })
    expectProblem(answer, 422, 'recipient.not-accepted')
    expect(answer.body).not.toContain('NOBODY')
  })

  test('answers 404 when the certificate belongs to someone else', async () => {
    const certificate = dispatch.neighbours.addCertificate()
    const answer = await dispatch.calls.send({ ...certificate, patientId: randomUUID() })
    expectProblem(answer, 404, 'certificate.not-found')
  })

  test('answers 403 without consent', async () => {
    const certificate = dispatch.neighbours.addCertificate()
    dispatch.neighbours.withdrawn.add(certificate.patientId)
    expectProblem(await dispatch.calls.send(certificate), 403, 'consent.required')
  })

  test('answers 503 when nobody can say whether consent stands', async () => {
    const certificate = dispatch.neighbours.addCertificate()
    dispatch.neighbours.control.consentDown = true
    try {
      const answer = await dispatch.calls.send(certificate)
      expectProblem(answer, 503, 'consent.unavailable')
      expect(answer.headers['retry-after']).toBeDefined()
    } finally {
      dispatch.neighbours.control.consentDown = false
    }
    expect(await rowsOf(certificate.patientId)).toHaveLength(0)
  })

  test('answers 401 without a token and 403 with a token of another scope', async () => {
    const { id } = dispatch.neighbours.addCertificate()
    const request = { method: 'POST', url: `/certificates/${id}/dispatches` } as const
    const payload = { recipientId: 'FKASSA' }
    const { app } = dispatch.service
    expectProblem(await app.inject({ ...request, payload }), 401, 'token.invalid')
    const headers = { ...(await dispatch.calls.asRecipient()), 'idempotency-key': 'k' }
    expectProblem(
      await app.inject({ ...request, payload, headers }),
      403,
      'token.insufficient-scope',
    )
  })

  test.each([
    ['an unknown field', { recipientId: 'FKASSA', note: 'x' }],
    ['no recipient', {}],
    ['a number for a recipient', { recipientId: 5 }],
  ])('answers 400 to %s', async (_name, payload) => {
    const { id, patientId } = dispatch.neighbours.addCertificate()
    const answer = await dispatch.service.app.inject({
      method: 'POST',
      url: `/certificates/${id}/dispatches`,
      headers: { ...(await dispatch.calls.asPatient(patientId)), 'idempotency-key': 'k' },
      payload,
    })
    expectProblem(answer, 400, 'request.invalid')
  })

  test('can be sent again after the recipient rejected it', async () => {
    const certificate = dispatch.neighbours.addCertificate()
    const { id } = (await dispatch.calls.send(certificate)).json()
    await dispatch.service.relay.drain()
    expect(
      (await dispatch.calls.receipt(id, 'rejected', { reason: 'Fel blankett' })).statusCode,
    ).toBe(204)
    const again = await dispatch.calls.send(certificate)
    expect(again.statusCode).toBe(202)
    expect(again.json().id).not.toBe(id)
  })
})

describe('GET /certificates/{id}/recipients', () => {
  const fkassa = {
    id: 'FKASSA',
    name: 'Försäkringskassan',
    kind: 'authority',
    receives: 'certificate',
  }
  const recipientsOf = async (certificate: { id: string; patientId: string }) =>
    dispatch.calls.patient(
      certificate.patientId,
      'GET',
      `/certificates/${certificate.id}/recipients`,
    )

  test('names who it can go to, and afterwards that it has been sent', async () => {
    const certificate = dispatch.neighbours.addCertificate()
    expect((await recipientsOf(certificate)).json()).toEqual({
      items: [{ ...fkassa, allowed: true, sent: null }],
    })
    const { id } = (await dispatch.calls.send(certificate)).json()
    expect((await recipientsOf(certificate)).json().items).toMatchObject([
      {
        allowed: false,
        reason: 'dispatch.already-sent',
        sent: { dispatchId: id, state: 'queued' },
      },
    ])
  })

  test('says why not', async () => {
    const certificate = dispatch.neighbours.addCertificate()
    dispatch.neighbours.refuseSending(certificate, 'certificate.replaced')
    expect((await recipientsOf(certificate)).json().items).toEqual([
      {
        ...fkassa,
        allowed: false,
        reason: 'certificate.replaced',
        sent: null,
      },
    ])
  })

  test('names nobody for a certificate without an electronic recipient', async () => {
    const type = { code: 'AG7804', version: '1.0', name: 'Läkarintyg till arbetsgivare' }
    const certificate = dispatch.neighbours.addCertificate({ type })
    dispatch.neighbours.refuseSending(certificate, 'recipient.none')
    expect((await recipientsOf(certificate)).json()).toEqual({ items: [] })
  })

  test('answers 403 without consent and 404 to others', async () => {
    const certificate = dispatch.neighbours.addCertificate()
    expectProblem(
      await recipientsOf({ ...certificate, patientId: randomUUID() }),
      404,
      'certificate.not-found',
    )
    dispatch.neighbours.withdrawn.add(certificate.patientId)
    expectProblem(await recipientsOf(certificate), 403, 'consent.required')
  })
})

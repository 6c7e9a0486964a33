import { createHash } from 'node:crypto'
import { expectProblem } from '@minaintyg/testing'
import { exampleRecipients } from './example-recipients.ts'
import type { TestCertificate } from './neighbours.ts'
import { startDispatch } from './start-dispatch.ts'
import type { StartedDispatch } from './start-dispatch.ts'

let dispatch: StartedDispatch
beforeAll(async () => {
  dispatch = await startDispatch({ config: { RECIPIENTS: JSON.stringify(exampleRecipients) } })
})
afterAll(async () => {
  await dispatch.stop()
})

const toEmployer = { code: 'AG7804', version: '2.0', name: 'Läkarintyg till arbetsgivaren' }
const none = { allowed: false, reason: 'recipient.none', recipients: [] }
const forEmployer = () => dispatch.neighbours.addCertificate({ type: toEmployer, send: none })
const [employer, insurer] = ['EXAMPLE-EMPLOYER', 'EXAMPLE-INSURER']

async function deliver(certificate: TestCertificate, recipientId: string) {
  const answer = await dispatch.calls.send(certificate, { recipientId })
  expect(answer.statusCode).toBe(202)
  const { id } = answer.json()
  await dispatch.service.relay.drain()
  return { id: id as string, event: dispatch.recording.of(id)[0] }
}
const fetchDocument = (id: string, clientId: string, accept = '*/*') =>
  dispatch.calls.recipient('GET', `/recipient/dispatches/${id}/document`, {
    clientId,
    headers: { accept },
  })

describe('an employer', () => {
  test('is told of its own copy and gets it, and no other form', async () => {
    const certificate = forEmployer()
    const { id, event } = await deliver(certificate, employer)
    const answer = await fetchDocument(id, 'example-employer')
    expect(answer.headers['content-type']).toBe('application/json')
    expect(answer.json()).toEqual({ id: certificate.id, degrees: [] })
    expect(event.data.document).toMatchObject({
      mediaType: 'application/json',
      sha256: createHash('sha256').update(answer.rawPayload).digest('hex'),
      size: answer.rawPayload.length,
    })
    expect(dispatch.neighbours.handedOver.at(-1)).toMatchObject({
      recipient: employer,
      projection: 'employment',
    })
    for (const accept of ['application/xml', 'application/pdf']) {
      const refused = await fetchDocument(id, 'example-employer', accept)
      expectProblem(refused, 406, 'document.not-acceptable')
    }
  })

  test('gets nothing of certificates that are not for employers', async () => {
    const certificate = dispatch.neighbours.addCertificate()
    const answer = await dispatch.calls.send(certificate, { recipientId: employer })
    expectProblem(answer, 422, 'recipient.not-accepted')
  })

  test('who takes nothing electronically is named, and nothing can be sent there', async () => {
    const certificate = forEmployer()
    const answer = await dispatch.calls.send(certificate, { recipientId: 'PAPER-EMPLOYER' })
    expectProblem(answer, 422, 'recipient.not-accepted')
    const { items } = (
      await dispatch.calls.patient(
        certificate.patientId,
        'GET',
        `/certificates/${certificate.id}/recipients`,
      )
    ).json()
    expect(items).toEqual([
      {
        id: insurer,
        name: 'Exempelförsäkring',
        kind: 'insurer',
        receives: 'certificate',
        retentionDays: 3650,
        allowed: true,
        sent: null,
      },
      {
        id: employer,
        name: 'Exempelverket AB',
        kind: 'employer',
        receives: 'employmentCopy',
        retentionDays: 730,
        allowed: true,
        sent: null,
      },
      {
        id: 'PAPER-EMPLOYER',
        name: 'Pappersbruket AB',
        kind: 'employer',
        receives: 'employmentCopy',
        allowed: false,
        reason: 'recipient.not-accepted',
        sent: null,
      },
    ])
  })

  test.each(['certificate.revoked', 'certificate.replaced', 'certificate.complemented'])(
    'gets nothing of what is %s',
    async (reason) => {
      const certificate = forEmployer()
      dispatch.neighbours.refuseSending(certificate, reason)
      const answer = await dispatch.calls.send(certificate, { recipientId: employer })
      expectProblem(answer, reason === 'certificate.revoked' ? 410 : 409, reason)
    },
  )
})

describe('an insurer', () => {
  test('gets the original beside the authority, and the forms that it has', async () => {
    const certificate = dispatch.neighbours.addCertificate()
    await deliver(certificate, 'FKASSA')
    const { id, event } = await deliver(certificate, insurer)
    expect(event.data.document.mediaType).toBe('application/xml')
    const answer = await fetchDocument(id, 'example-insurer')
    expect(answer.rawPayload).toEqual(Buffer.from(certificate.xml))
    expect((await fetchDocument(id, 'example-insurer', 'application/pdf')).statusCode).toBe(200)
    expectProblem(
      await fetchDocument(id, 'example-insurer', 'application/json'),
      406,
      'document.not-acceptable',
    )
    expectProblem(await fetchDocument(id, 'example-employer'), 404, 'dispatch.not-found')
  })

  test('takes what the authority no longer does', async () => {
    const certificate = dispatch.neighbours.addCertificate()
    dispatch.neighbours.refuseSending(certificate, 'certificate.version-too-old')
    expectProblem(await dispatch.calls.send(certificate), 409, 'certificate.version-too-old')
    await deliver(certificate, insurer)
  })
})

import { randomUUID } from 'node:crypto'
import { capturingBus } from './captured-handlers.ts'
import { createRecordingBus, startDispatch } from './start-dispatch.ts'
import type { StartedDispatch } from './start-dispatch.ts'

let dispatch: StartedDispatch
const recording = createRecordingBus()
const { bus, hear } = capturingBus(recording.bus)

beforeAll(async () => {
  dispatch = await startDispatch({ deps: { bus } })
  for (const worker of dispatch.service.workers.slice(1)) await worker.start()
})
afterEach(() => {
  recording.control.fail = undefined
})
afterAll(async () => {
  for (const worker of dispatch.service.workers.slice(1)) await worker.stop()
  await dispatch.stop()
})

async function send(leaves = true) {
  const certificate = dispatch.neighbours.addCertificate()
  const { id } = (await dispatch.calls.send(certificate)).json()
  if (leaves) await dispatch.service.relay.drain()
  return { certificate, id: id as string, state: () => dispatch.calls.stateOf(certificate, id) }
}
const replace = async (
  { certificate }: { certificate: { id: string; patientId: string } },
  replacedBy: string = randomUUID(),
) => {
  const { id: certificateId, patientId } = certificate
  const at = new Date().toISOString()
  await hear('certificate.replaced.v1', { patientId, certificateId, replacedBy, at })
  await dispatch.service.relay.drain()
  return replacedBy
}
const toldOf = (id: string) =>
  recording.of(id).filter(({ type }) => type === 'se.minaintyg.dispatch.replaced.v1')
const textOf = async ({ certificate, id }: Awaited<ReturnType<typeof send>>, language = 'sv') => {
  const headers = { 'accept-language': language }
  const url = `/dispatches/${id}`
  const view = await dispatch.calls.patient(certificate.patientId, 'GET', url, headers)
  return String(view.json().timeline.at(-1).text)
}

describe('a certificate that its journal replaces', () => {
  test('is told to who has got it, with the new one’s id, and the dispatch stands', async () => {
    const sent = await send()
    const replacedBy = await replace(sent)
    expect(toldOf(sent.id)).toEqual([
      expect.objectContaining({
        subject: sent.id,
        data: {
          dispatchId: sent.id,
          recipientId: 'FKASSA',
          sequence: Number(recording.of(sent.id)[0].data.sequence) + 1,
          certificateId: sent.certificate.id,
          replacedBy,
          replacedAt: expect.any(String),
        },
      }),
    ])
    expect(JSON.stringify(toldOf(sent.id))).not.toContain(sent.certificate.patientId)
    expect(await sent.state()).toBe('delivered')
    const fetched = await dispatch.calls.recipient(
      'GET',
      `/recipient/dispatches/${sent.id}/document`,
    )
    expect(fetched.statusCode).toBe(200)
    const feed = await dispatch.calls.recipient('GET', '/recipient/dispatches?limit=1000')
    expect(feed.json().items).toContainEqual(toldOf(sent.id)[0])
  })

  test('is told once of each new one, however often it is said', async () => {
    const sent = await send()
    const first = await replace(sent)
    await replace(sent, first)
    await replace(sent)
    expect(toldOf(sent.id).map(({ data }) => data.replacedBy)).toEqual([first, expect.any(String)])
  })

  test.each([
    ['received', 1],
    ['accepted', 1],
    ['completion-requested', 1],
    ['rejected', 0],
  ])('and whose recipient said %s, gives %s events', async (kind, events) => {
    const sent = await send()
    await dispatch.calls.receipt(sent.id, kind)
    const before = await sent.state()
    await replace(sent)
    expect(toldOf(sent.id)).toHaveLength(events)
    expect(await sent.state()).toBe(before)
  })

  test('does not leave any more, and the patient is told what to do', async () => {
    const sent = await send(false)
    await replace(sent)
    expect(recording.of(sent.id)).toEqual([])
    expect(await sent.state()).toBe('cancelled')
    expect(await textOf(sent)).toBe(
      'Intyget skickades inte till Försäkringskassan, för vården har ersatt det med ett nytt. Skicka det nya intyget i stället.',
    )
    expect(await textOf(sent, 'en')).toMatch(/Send the new certificate instead/)
  })

  test('is revoked where an attempt was made, as the feed has it', async () => {
    const sent = await send(false)
    recording.control.fail = recording.unroutable()
    await dispatch.service.relay.drain()
    recording.control.fail = undefined
    await dispatch.db
      .updateTable('outbox')
      .set({ next_attempt_at: new Date(0) })
      .execute()
    await replace(sent)
    expect(recording.of(sent.id)).toMatchObject([{ data: { reason: 'certificate-replaced' } }])
  })

  test('that was never sent concerns nobody', async () => {
    const certificate = dispatch.neighbours.addCertificate()
    const before = recording.published.length
    await replace({ certificate })
    expect(recording.published).toHaveLength(before)
  })
})

describe('a certificate that its journal revokes', () => {
  test('ends what can be ended, and says that it was care', async () => {
    const queued = await send(false)
    const { id: certificateId, patientId } = queued.certificate
    await hear('certificate.revoked.v1', { patientId, certificateId, at: new Date().toISOString() })
    expect(await textOf(queued)).toMatch(/^Intyget skickades inte .* vården har makulerat det\./)
    const delivered = await send()
    await hear('certificate.revoked.v1', {
      patientId: delivered.certificate.patientId,
      certificateId: delivered.certificate.id,
      at: new Date().toISOString(),
    })
    expect(await delivered.state()).toBe('revoked')
    expect(await textOf(delivered)).toMatch(/^Vården har makulerat intyget\. /)
  })
})

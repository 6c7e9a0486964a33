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
const textsOf = async (
  { certificate, id }: Awaited<ReturnType<typeof send>>,
  language = 'sv',
): Promise<string[]> => {
  const headers = { 'accept-language': language }
  const url = `/dispatches/${id}`
  const view = await dispatch.calls.patient(certificate.patientId, 'GET', url, headers)
  return view.json().timeline.map(({ text }: { text: string }) => text)
}
const textOf = async (sent: Awaited<ReturnType<typeof send>>, language?: string) =>
  String((await textsOf(sent, language)).at(-1))

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
    const lines = await textsOf(sent)
    await replace(sent)
    expect(toldOf(sent.id)).toHaveLength(events)
    expect(await sent.state()).toBe(before)
    // Whoever has said no has nothing to wait for.
    expect(await textsOf(sent)).toEqual(
      events === 0 ? lines : [...lines, expect.stringMatching(/^Vården har ersatt intyget/)],
    )
  })

  test('is told to the patient of what has been delivered: what happened and what to do', async () => {
    const sent = await send()
    await dispatch.calls.receipt(sent.id, 'accepted')
    const replacedBy = await replace(sent)
    const lines = await textsOf(sent)
    expect(lines.at(-1)).toBe(
      'Vården har ersatt intyget med ett nytt. Försäkringskassan har det gamla och får veta att det är ersatt, men får inte det nya av sig själv. Skicka det nya intyget till Försäkringskassan.',
    )
    expect(await textOf(sent, 'en')).toMatch(/ Send the new certificate to Försäkringskassan\.$/)
    await replace(sent, replacedBy)
    expect(await textsOf(sent)).toEqual(lines)
    // It stays true when consent is withdrawn, and is no second acceptance.
    await dispatch.calls.patient(sent.certificate.patientId, 'POST', '/cancellations')
    expect(await textsOf(sent)).toEqual(lines)
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

  test.each(['accepted', 'completion-requested', 'received', 'fetched'])(
    'after its recipient has it (%s), tells both, once, and the dispatch stands',
    async (how) => {
      const sent = await send()
      if (how === 'fetched' || how === 'received') {
        await dispatch.calls.recipient('GET', `/recipient/dispatches/${sent.id}/document`)
      }
      if (how !== 'fetched') await dispatch.calls.receipt(sent.id, how)
      const [before, lines] = [await sent.state(), await textsOf(sent)]
      const { id: certificateId, patientId } = sent.certificate
      for (let time = 0; time < 2; time += 1) {
        const at = new Date().toISOString()
        await hear('certificate.revoked.v1', { patientId, certificateId, at })
      }
      await dispatch.service.relay.drain()
      expect(await sent.state()).toBe(before)
      expect(await textsOf(sent)).toEqual([
        ...lines,
        expect.stringMatching(
          /^Vården har makulerat intyget, .* Kontakta vården om du behöver ett nytt/,
        ),
      ])
      expect(await textOf(sent, 'en')).toMatch(/^Your caregiver has revoked the certificate/)
      expect(recording.of(sent.id).slice(1)).toMatchObject([
        { type: 'se.minaintyg.dispatch.revoked.v1', data: { reason: 'certificate-revoked' } },
      ])
    },
  )

  test('after its recipient has said no, or the patient took it back, says nothing more', async () => {
    const rejected = await send()
    await dispatch.calls.receipt(rejected.id, 'rejected')
    const cancelled = await send(false)
    await dispatch.calls.patient(
      cancelled.certificate.patientId,
      'DELETE',
      `/dispatches/${cancelled.id}`,
    )
    for (const sent of [rejected, cancelled]) {
      const lines = await textsOf(sent)
      const { id: certificateId, patientId } = sent.certificate
      const at = new Date().toISOString()
      await hear('certificate.revoked.v1', { patientId, certificateId, at })
      expect(await textsOf(sent)).toEqual(lines)
    }
  })
})

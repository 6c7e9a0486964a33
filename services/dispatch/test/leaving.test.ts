import { expectProblem, until } from '@minaintyg/testing'
import { compactVerify, createLocalJWKSet } from 'jose'
import { publicUrl, startDispatch } from './start-dispatch.ts'
import type { StartedDispatch } from './start-dispatch.ts'

let dispatch: StartedDispatch
beforeAll(async () => {
  dispatch = await startDispatch()
})
afterEach(() => {
  dispatch.recording.control.fail = undefined
  dispatch.recording.control.hold = undefined
})
afterAll(async () => {
  await dispatch.stop()
})

async function send() {
  const certificate = dispatch.neighbours.addCertificate()
  const { id } = (await dispatch.calls.send(certificate)).json()
  return { certificate, id: id as string }
}
const makeDue = async (dispatchId: string) => {
  await dispatch.db
    .updateTable('outbox')
    .set({ next_attempt_at: new Date(0) })
    .where('subject', '=', dispatchId)
    .execute()
}
describe('a dispatch that leaves', () => {
  test('is delivered once the broker has confirmed, and certificate-store is told', async () => {
    const { certificate, id } = await send()
    expect(await dispatch.calls.stateOf(certificate, id)).toBe('queued')
    await dispatch.service.relay.drain()
    expect(await dispatch.calls.stateOf(certificate, id)).toBe('delivered')
    const facts = dispatch.recording
      .to('minaintyg.events')
      .map(({ body }) => JSON.parse(body.toString()))
      .filter(({ data }) => data.dispatchId === id)
    expect(facts).toMatchObject([
      {
        type: 'dispatch.delivered.v1',
        data: { certificateId: certificate.id, recipientId: 'FKASSA' },
      },
    ])
  })

  test('tells the recipient where the document is, its hash and size, and no more', async () => {
    const { certificate, id } = await send()
    await dispatch.service.relay.drain()
    const [event] = dispatch.recording.of(id)
    const document = await dispatch.calls.recipient('GET', `/recipient/dispatches/${id}/document`)
    expect(event).toMatchObject({
      specversion: '1.0',
      type: 'se.minaintyg.dispatch.requested.v1',
      source: '/minaintyg/dispatch',
      subject: id,
      data: {
        dispatchId: id,
        recipientId: 'FKASSA',
        sequence: expect.any(Number),
        certificate: { id: certificate.id, type: 'LISJP', version: '1.3' },
        document: {
          dataref: `${publicUrl}/recipient/dispatches/${id}/document`,
          mediaType: 'application/xml',
          size: document.rawPayload.length,
        },
      },
    })
    expect(document.headers.etag).toBe(`"${event.data.document.sha256}"`)
    expect(JSON.stringify(event)).not.toContain(certificate.patientId)
  })

  test('is signed over its exact bytes by a key of the JWKS', async () => {
    await send()
    await dispatch.service.relay.drain()
    const { body, headers, routingKey } = dispatch.recording.to('minaintyg.dispatch').at(-1)!
    expect(routingKey).toBe('FKASSA.se.minaintyg.dispatch.requested.v1')
    const answer = await dispatch.service.app.inject('/.well-known/jwks.json')
    expect(answer.json().keys).toMatchObject([{ kty: 'OKP', crv: 'Ed25519', kid: 'events-1' }])
    expect(answer.body).not.toContain('"d"')
    const [header, payload, signature] = headers!['x-jws-signature']!.split('.')
    expect(payload).toBe('')
    const keys = createLocalJWKSet(answer.json())
    const attached = (bytes: Buffer) => `${header}.${bytes.toString('base64url')}.${signature}`
    const { protectedHeader } = await compactVerify(attached(body), keys)
    expect(protectedHeader).toEqual({ alg: 'EdDSA', kid: 'events-1' })
    const tampered = Buffer.from(body.toString().replace('FKASSA', 'FKASSB'))
    await expect(compactVerify(attached(tampered), keys)).rejects.toThrow()
  })

  test('stays queued while the bus has no route, and keeps number and bytes of its first attempt', async () => {
    const { certificate, id } = await send()
    dispatch.recording.control.fail = dispatch.recording.unroutable()
    await dispatch.service.relay.drain()
    expect(await dispatch.calls.stateOf(certificate, id)).toBe('queued')
    const row = await dispatch.db
      .selectFrom('recipient_event')
      .selectAll()
      .where('dispatch_id', '=', id)
      .executeTakeFirstOrThrow()
    dispatch.recording.control.fail = undefined
    await makeDue(id)
    await dispatch.service.relay.drain()
    expect(await dispatch.calls.stateOf(certificate, id)).toBe('delivered')
    expect(dispatch.recording.to('minaintyg.dispatch').at(-1)!.body).toEqual(row.body)
  })

  test('does not leave when consent was withdrawn meanwhile', async () => {
    const { certificate, id } = await send()
    dispatch.neighbours.withdrawn.add(certificate.patientId)
    await dispatch.service.relay.drain()
    expect(dispatch.recording.of(id)).toEqual([])
    expect(await dispatch.calls.stateOf(certificate, id)).toBe('cancelled')
  })

  test('does not leave while nobody can say whether consent stands', async () => {
    const { certificate, id } = await send()
    dispatch.neighbours.control.consentDown = true
    await dispatch.service.relay.drain()
    dispatch.neighbours.control.consentDown = false
    expect(dispatch.recording.of(id)).toEqual([])
    expect(await dispatch.calls.stateOf(certificate, id)).toBe('queued')
    await makeDue(id)
    await dispatch.service.relay.drain()
    expect(await dispatch.calls.stateOf(certificate, id)).toBe('delivered')
  })

  test('leaves with others in one batch, whatever is answered about some of them', async () => {
    const [first, withdrawn, unanswered, last] = [
      await send(),
      await send(),
      await send(),
      await send(),
    ]
    dispatch.neighbours.withdrawn.add(withdrawn.certificate.patientId)
    dispatch.neighbours.unanswered.add(unanswered.certificate.patientId)
    await dispatch.service.relay.drain()
    const states = [first, withdrawn, unanswered, last].map(({ certificate, id }) =>
      dispatch.calls.stateOf(certificate, id),
    )
    expect(await Promise.all(states)).toEqual(['delivered', 'cancelled', 'queued', 'delivered'])
    expect([withdrawn, unanswered].flatMap(({ id }) => dispatch.recording.of(id))).toEqual([])
    const [one, two] = [first, last].map(({ id }) =>
      Number(dispatch.recording.of(id)[0].data.sequence),
    )
    expect(two).toBe(one! + 1)
    dispatch.neighbours.unanswered.clear()
    await makeDue(unanswered.id)
    await dispatch.service.relay.drain()
    expect(await dispatch.calls.stateOf(unanswered.certificate, unanswered.id)).toBe('delivered')
  })

  test('is parked when every attempt has failed, and says so in plain words', async () => {
    const { certificate, id } = await send()
    dispatch.recording.control.fail = dispatch.recording.unroutable()
    await dispatch.db.updateTable('outbox').set({ attempts: 9 }).where('subject', '=', id).execute()
    await dispatch.service.relay.drain()
    const view = (
      await dispatch.calls.patient(certificate.patientId, 'GET', `/dispatches/${id}`)
    ).json()
    expect(view.state).toBe('parked')
    expect(view.timeline.at(-1).text).toMatch(/kunnat lämna intyget till Försäkringskassan/)
  })
})

describe('a dispatch that is leaving at this very moment', () => {
  async function holdWhileLeaving() {
    const { certificate, id } = await send()
    const gate = Promise.withResolvers<undefined>()
    dispatch.recording.control.hold = gate.promise
    const drained = dispatch.service.relay.drain()
    await until(async () => {
      const row = await dispatch.db
        .selectFrom('recipient_event')
        .select('sequence')
        .where('dispatch_id', '=', id)
        .executeTakeFirstOrThrow()
      return row.sequence !== null
    })
    const cancel = () =>
      dispatch.calls.patient(certificate.patientId, 'DELETE', `/dispatches/${id}`)
    return {
      certificate,
      id,
      drained,
      cancel,
      letGo: () => {
        gate.resolve(undefined)
      },
    }
  }

  test('is delivered, and who cancels meanwhile is told that it is too late', async () => {
    const { certificate, id, drained, cancel, letGo } = await holdWhileLeaving()
    const answer = cancel()
    letGo()
    await drained
    expectProblem(await answer, 409, 'dispatch.not-cancellable')
    expect(await dispatch.calls.stateOf(certificate, id)).toBe('delivered')
  })

  test('does not keep who cancels waiting for long', async () => {
    const { drained, cancel, letGo } = await holdWhileLeaving()
    const answer = await cancel()
    letGo()
    await drained
    expectProblem(answer, 503, 'dispatch.busy')
    expect(answer.headers['retry-after']).toBe('3')
  })
})

describe('a parked dispatch', () => {
  async function park() {
    const { certificate, id } = await send()
    dispatch.recording.control.fail = dispatch.recording.unroutable()
    await dispatch.db.updateTable('outbox').set({ attempts: 9 }).where('subject', '=', id).execute()
    await dispatch.service.relay.drain()
    dispatch.recording.control.fail = undefined
    return { certificate, id }
  }
  const replay = async (id: string) => {
    await dispatch.db
      .updateTable('outbox')
      .set({ parked_at: null })
      .where('subject', '=', id)
      .execute()
    await makeDue(id)
    await dispatch.service.relay.drain()
  }

  test('is delivered when an operator replays it', async () => {
    const { certificate, id } = await park()
    await replay(id)
    expect(await dispatch.calls.stateOf(certificate, id)).toBe('delivered')
  })

  test('never leaves once the patient has sent the certificate anew', async () => {
    const { certificate, id } = await park()
    const again = (await dispatch.calls.send(certificate)).json().id
    expect(await dispatch.calls.stateOf(certificate, id)).toBe('cancelled')
    await replay(id)
    expect(await dispatch.calls.stateOf(certificate, again)).toBe('delivered')
    const types = dispatch.recording.of(id).map(({ type }) => type)
    expect(types).toEqual(['se.minaintyg.dispatch.revoked.v1'])
  })
})

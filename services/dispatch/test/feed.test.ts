import { randomUUID } from 'node:crypto'
import { expectProblem } from '@minaintyg/testing'
import { compactVerify, importJWK } from 'jose'
import { startDispatch } from './start-dispatch.ts'
import type { StartedDispatch } from './start-dispatch.ts'

let dispatch: StartedDispatch
beforeAll(async () => {
  dispatch = await startDispatch()
})
afterAll(async () => {
  await dispatch.stop()
})

async function send() {
  const certificate = dispatch.neighbours.addCertificate()
  const { id } = (await dispatch.calls.send(certificate)).json()
  return { certificate, id: id as string }
}
const feed = async (after: number, limit = 1000, clientId = 'forsakringskassan') =>
  (
    await dispatch.calls.recipient('GET', `/recipient/dispatches?after=${after}&limit=${limit}`, {
      clientId,
    })
  ).json()

describe('two replicas', () => {
  test('send each dispatch once, and number without gap or double', async () => {
    const before = Number((await feed(0)).nextAfter)
    const replica = await dispatch.startReplica()
    const sent = await Promise.all(Array.from({ length: 20 }, send))
    await Promise.all([dispatch.service.relay.drain(), replica.relay.drain()])
    await Promise.all([dispatch.service.relay.drain(), replica.relay.drain()])
    await replica.app.close()
    for (const { id } of sent) expect(dispatch.recording.of(id)).toHaveLength(1)
    const numbers = sent.map(({ id }) => Number(dispatch.recording.of(id)[0].data.sequence))
    expect(numbers.sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, index) => before + 1 + index),
    )
  })
})

describe('the numbers of a recipient', () => {
  test('have no gap and no double, however sends and cancellations interleave', async () => {
    const before = Number((await feed(0)).nextAfter)
    const sent = await Promise.all(Array.from({ length: 12 }, send))
    const [first, second] = sent
    await dispatch.calls.patient(first!.certificate.patientId, 'DELETE', `/dispatches/${first!.id}`)
    await Promise.all([dispatch.service.relay.drain(), dispatch.service.relay.drain()])
    await dispatch.calls.patient(second!.certificate.patientId, 'POST', '/cancellations')
    await dispatch.service.relay.drain()
    const { items, nextAfter } = await feed(before)
    const numbers = items.map((event: { data: { sequence: number } }) => event.data.sequence)
    expect(numbers).toEqual(Array.from({ length: 12 }, (_, index) => before + 1 + index))
    expect(nextAfter).toBe(before + 12)
    const ids = items.map((event: { data: { dispatchId: string } }) => event.data.dispatchId)
    expect(ids).not.toContain(first!.id)
    expect(items.at(-1)).toMatchObject({
      type: 'se.minaintyg.dispatch.revoked.v1',
      data: { dispatchId: second!.id, reason: 'consent-withdrawn' },
    })
  })
})

describe('GET /recipient/dispatches', () => {
  test('replays from any point, a page at a time, exactly as published', async () => {
    const { id } = await send()
    await dispatch.service.relay.drain()
    const [published] = dispatch.recording.of(id)
    const { sequence } = published.data
    const page = await feed(sequence - 1, 1)
    expect(page).toEqual({
      items: [published],
      signatures: { [published.id]: expect.any(String) },
      nextAfter: sequence,
      completeAfter: 0,
    })
    expect(await feed(sequence)).toMatchObject({ items: [], nextAfter: sequence })
    const [header, payload, signature] = page.signatures[published.id].split('.')
    expect(payload).toBe('')
    const body = Buffer.from(JSON.stringify(page.items[0])).toString('base64url')
    const { keys } = (await dispatch.service.app.inject('/.well-known/jwks.json')).json()
    await compactVerify(`${header}.${body}.${signature}`, await importJWK(keys[0]))
  })

  test('shows a recipient nothing of another', async () => {
    await send()
    await dispatch.service.relay.drain()
    expect(await feed(0, 1000, 'arbetsformedlingen')).toEqual({
      items: [],
      signatures: {},
      nextAfter: 0,
      completeAfter: 0,
    })
  })

  test('refuses too large a page, an unknown client, patients and those without a token', async () => {
    const { calls, service } = dispatch
    const url = '/recipient/dispatches'
    expectProblem(await calls.recipient('GET', `${url}?limit=1001`), 400, 'request.invalid')
    expectProblem(
      await calls.recipient('GET', url, { clientId: 'stranger' }),
      403,
      'token.insufficient-scope',
    )
    expectProblem(await calls.patient(randomUUID(), 'GET', url), 403, 'token.insufficient-scope')
    expectProblem(await service.app.inject(url), 401, 'token.invalid')
  })
})

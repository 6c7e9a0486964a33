import { createHash } from 'node:crypto'
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
  const bytes = Buffer.from(certificate.xml)
  return { certificate, id: id as string, bytes, size: bytes.length }
}
const urlOf = (id: string) => `/recipient/dispatches/${id}/document`
const fetchDocument = (id: string, headers: Record<string, string> = {}) =>
  dispatch.calls.recipient('GET', urlOf(id), { headers })
const headDocument = (id: string, headers: Record<string, string> = {}) =>
  dispatch.calls.recipient('HEAD', urlOf(id), { headers })

const fetchedAt = async (id: string) =>
  (
    await dispatch.db
      .selectFrom('dispatch')
      .select('fetched_at')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  ).fetched_at

describe('a part of the document', () => {
  test.each([
    ['the beginning', 'bytes=0-9', 0, 9],
    ['the middle', 'bytes=5-12', 5, 12],
    ['one byte', 'bytes=3-3', 3, 3],
    ['the rest', 'bytes=10-', 10, -1],
    ['the end', 'bytes=-7', -7, -1],
    ['more than there is', 'bytes=2-99999999', 2, -1],
  ])('%s', async (_name, range, from, to) => {
    const { id, bytes, size } = await deliver()
    const place = (at: number) => (at < 0 ? size + at : at)
    const answer = await fetchDocument(id, { range })
    expect(answer.statusCode).toBe(206)
    expect(answer.headers).toMatchObject({
      'content-range': `bytes ${place(from)}-${place(to)}/${size}`,
      'content-type': 'application/xml',
      'accept-ranges': 'bytes',
    })
    expect(answer.rawPayload).toEqual(bytes.subarray(place(from), place(to) + 1))
    expect(Number(answer.headers['content-length'])).toBe(answer.rawPayload.length)
  })

  test('parts make up the whole, with the hash of the event', async () => {
    const { id, size } = await deliver()
    const { etag } = (await fetchDocument(id)).headers
    const parts: Buffer[] = []
    for (let at = 0; at < size; at += 10) {
      const range = { range: `bytes=${at}-${at + 9}`, 'if-range': String(etag) }
      parts.push((await fetchDocument(id, range)).rawPayload)
    }
    const [event] = dispatch.recording.of(id)
    const sha256 = createHash('sha256').update(Buffer.concat(parts)).digest('hex')
    expect(sha256).toBe(event.data.document.sha256)
    expect(etag).toBe(`"${sha256}"`)
  })

  test.each(['bytes=99999999-', 'bytes=-0', 'bytes=5-2', 'bytes=99999998-99999999'])(
    'answers 416 with the size to %s',
    async (range) => {
      const { id, size } = await deliver()
      const answer = await fetchDocument(id, { range })
      expectProblem(answer, 416, 'document.range-not-satisfiable')
      expect(answer.headers['content-range']).toBe(`bytes */${size}`)
    },
  )

  test.each([
    ['several ranges', { range: 'bytes=0-1,5-6' }],
    ['another unit', { range: 'lines=0-1' }],
    ['no range at all', { range: 'bytes' }],
    ['a tag that is no longer this', { range: 'bytes=0-1', 'if-range': '"other"' }],
    ['a PDF, which is made anew', { range: 'bytes=0-1', accept: 'application/pdf' }],
  ])('gives the whole to %s', async (_name, headers) => {
    const { id } = await deliver()
    const answer = await fetchDocument(id, headers)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-range']).toBeUndefined()
    expect(answer.rawPayload.length).toBeGreaterThan(10)
  })

  test('is fetched and on record like the whole, and refused like it', async () => {
    const { certificate, id } = await deliver()
    const before = dispatch.neighbours.handedOver.length
    await fetchDocument(id, { range: 'bytes=0-1' })
    expect(dispatch.neighbours.handedOver).toHaveLength(before + 1)
    expect(await fetchedAt(id)).not.toBeNull()
    dispatch.neighbours.withdrawn.add(certificate.patientId)
    expectProblem(await fetchDocument(id, { range: 'bytes=0-1' }), 410, 'dispatch.revoked')
  })
})

describe('HEAD', () => {
  test('says tag and size, and hands nothing out', async () => {
    const { id, size } = await deliver()
    const before = dispatch.neighbours.handedOver.length
    const answer = await headDocument(id)
    expect(answer.statusCode).toBe(200)
    expect(answer.body).toBe('')
    const [event] = dispatch.recording.of(id)
    expect(answer.headers).toMatchObject({
      etag: `"${event.data.document.sha256}"`,
      'content-length': String(size),
      'content-type': 'application/xml',
      'accept-ranges': 'bytes',
      vary: 'Accept',
    })
    expect(dispatch.neighbours.handedOver).toHaveLength(before)
    expect(await fetchedAt(id)).toBeNull()
    const etag = String(answer.headers.etag)
    expect((await headDocument(id, { 'if-none-match': etag })).statusCode).toBe(304)
  })

  test('promises no size of what is made anew', async () => {
    const { id } = await deliver()
    const { headers, statusCode } = await headDocument(id, { accept: 'application/pdf' })
    expect(statusCode).toBe(200)
    expect([headers.etag, headers['accept-ranges']]).toEqual([undefined, undefined])
  })

  test('is refused as GET is', async () => {
    const { certificate, id } = await deliver()
    const url = urlOf(id)
    const status = async (clientId: string) =>
      (await dispatch.calls.recipient('HEAD', url, { clientId })).statusCode
    expect(await status('transportstyrelsen')).toBe(404)
    expect(await status('stranger')).toBe(403)
    expect((await dispatch.service.app.inject({ method: 'HEAD', url })).statusCode).toBe(401)
    expect((await headDocument(id, { accept: 'text/html' })).statusCode).toBe(406)
    dispatch.neighbours.withdrawn.add(certificate.patientId)
    expect((await headDocument(id)).statusCode).toBe(410)
    expect(await dispatch.calls.stateOf(certificate, id)).toBe('revoked')
  })
})

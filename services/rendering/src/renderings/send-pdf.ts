import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { contentDisposition } from './file-name.ts'
import type { NamedDocument } from './file-name.ts'

export const pdfResponse = {
  description: 'The document',
  content: { 'application/pdf': { schema: Type.String({ format: 'binary' }) } },
}

/** RFC 9110, 13.1.2: a list, a star, and weak comparison. */
const matches = (ifNoneMatch: string | undefined, etag: string) =>
  ifNoneMatch !== undefined &&
  ifNoneMatch.split(',').some((each) => ['*', etag].includes(each.trim().replace(/^W\//, '')))

export function sendPdf(
  request: FastifyRequest,
  reply: FastifyReply,
  document: NamedDocument & { bytes: Uint8Array; disposition: 'inline' | 'attachment' },
) {
  const { bytes, disposition } = document
  const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`
  void reply.headers({ etag, 'cache-control': 'private, no-store' })
  if (request.method !== 'POST' && matches(request.headers['if-none-match'], etag)) {
    return reply.code(304).send()
  }
  return reply
    .headers({
      'content-disposition': contentDisposition(disposition, document),
      'x-content-type-options': 'nosniff',
    })
    .type('application/pdf')
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}

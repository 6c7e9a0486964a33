import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { Certificate } from '@minaintyg/certificate-model'
import { PdfQuery, RenderCertificate, scopes } from '@minaintyg/contracts'
import { problemResponse } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import type { CertificateStoreClient } from '../clients/certificate-store-client.ts'
import { copyWithout, permittedCopy } from './copy-rules.ts'
import { contentDisposition } from './file-name.ts'
import type { Renderer } from './renderer.ts'

interface Deps {
  certificates: CertificateStoreClient
  renderer: Renderer
}

const pdfResponse = {
  description: 'The document',
  content: { 'application/pdf': { schema: Type.String({ format: 'binary' }) } },
}
/** As large as certificate-store reads from a journal, and room for JSON's own signs. */
const largestBody = 20 * 1024 * 1024

/** RFC 9110, 13.1.2: a list, a star, and weak comparison. */
const matches = (ifNoneMatch: string | undefined, etag: string) =>
  ifNoneMatch !== undefined &&
  ifNoneMatch.split(',').some((each) => ['*', etag].includes(each.trim().replace(/^W\//, '')))

function sendPdf(
  request: FastifyRequest,
  reply: FastifyReply,
  document: { bytes: Uint8Array; certificate: Certificate; disposition: 'inline' | 'attachment' },
) {
  const { bytes, certificate, disposition } = document
  const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`
  void reply.headers({ etag, 'cache-control': 'private, no-store' })
  if (request.method !== 'POST' && matches(request.headers['if-none-match'], etag)) {
    return reply.code(304).send()
  }
  return reply
    .headers({
      'content-disposition': contentDisposition(disposition, certificate),
      'x-content-type-options': 'nosniff',
    })
    .type('application/pdf')
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}

const bearer = ({ headers }: FastifyRequest) => (headers.authorization ?? '').replace(/^\S+ +/, '')

export function pdfRoutes({ certificates, renderer }: Deps) {
  return async (app: Server): Promise<void> => {
    app.get('/certificates/:id/pdf', {
      config: { access: scopes.patient },
      schema: {
        operationId: 'getCertificatePdf',
        tags: ['renderings'],
        params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
        querystring: PdfQuery,
        response: { 200: pdfResponse, '4xx': problemResponse, '5xx': problemResponse },
      },
      handler: async (request, reply) => {
        const { hide, disposition = 'attachment' } = request.query
        const purpose = disposition === 'inline' ? 'print' : 'save'
        const whole = await certificates.fetchCertificate({
          id: request.params.id,
          purpose,
          patientToken: bearer(request),
          language: request.headers['accept-language'],
          trace: request.trace,
        })
        const certificate = permittedCopy(whole, purpose, hide)
        const bytes = await renderer.render(certificate)
        return sendPdf(request, reply, { bytes, certificate, disposition })
      },
    })

    app.post('/renderings', {
      config: { access: scopes.render },
      bodyLimit: largestBody,
      schema: {
        operationId: 'renderCertificate',
        tags: ['renderings'],
        body: RenderCertificate,
        response: { 200: pdfResponse, '4xx': problemResponse, '5xx': problemResponse },
      },
      handler: async (request, reply) => {
        const certificate = copyWithout(request.body.certificate)
        const bytes = await renderer.render(certificate)
        return sendPdf(request, reply, { bytes, certificate, disposition: 'attachment' })
      },
    })
  }
}

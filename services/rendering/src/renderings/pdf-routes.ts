import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { Certificate } from '@minaintyg/certificate-model'
import { PdfQuery, RenderCertificate, scopes } from '@minaintyg/contracts'
import type { CertificateCopy } from '@minaintyg/contracts'
import { problemResponse } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import type { CertificateStoreClient } from '../clients/certificate-store-client.ts'
import type { Original } from '../drawing/index.ts'
import { copyWithout, permittedCopy } from './copy-rules.ts'
import type { Renderer } from './renderer.ts'
import { pdfResponse, sendPdf } from './send-pdf.ts'

interface Deps {
  certificates: CertificateStoreClient
  renderer: Renderer
}

/** As large as certificate-store reads from a journal, and room for JSON's own signs. */
const largestBody = 20 * 1024 * 1024

const nameOf = ({ type, issuedAt }: Certificate) => ({ names: [type.name, type.code], issuedAt })

const bearer = ({ headers }: FastifyRequest) => (headers.authorization ?? '').replace(/^\S+ +/, '')

const originalOf = ({ original }: CertificateCopy): Original | undefined =>
  original === null
    ? undefined
    : { mediaType: original.mediaType, bytes: Buffer.from(original.bytes, 'base64') }

export function pdfRoutes({ certificates, renderer }: Deps) {
  async function draw(request: FastifyRequest, certificate: Certificate, copy?: CertificateCopy) {
    const { bytes, undrawn } = await renderer.render(certificate, {
      original: copy && originalOf(copy),
      verification: copy?.verification ?? undefined,
    })
    if (undrawn.length > 0) {
      const { code, version } = certificate.type
      request.log.warn({ undrawn, type: { code, version } }, 'characters that no font has')
    }
    return bytes
  }

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
        // A copy that is fetched is on record as saved: not one that nobody gets.
        renderer.checkRoom()
        const { hide, disposition = 'attachment' } = request.query
        const purpose = disposition === 'inline' ? 'print' : 'save'
        const copy = await certificates.fetchCopy({
          id: request.params.id,
          purpose,
          hide,
          patientToken: bearer(request),
          language: request.headers['accept-language'],
          trace: request.trace,
        })
        const certificate = permittedCopy(copy.certificate, purpose, hide)
        const bytes = await draw(request, certificate, copy)
        return sendPdf(request, reply, { bytes, disposition, ...nameOf(certificate) })
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
        const bytes = await draw(request, certificate)
        return sendPdf(request, reply, { bytes, disposition: 'attachment', ...nameOf(certificate) })
      },
    })
  }
}

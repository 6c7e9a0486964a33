import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { PdfQuery } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import { serviceErrors } from '@minaintyg/service'
import type { Server, ServiceClient, ServiceResponse } from '@minaintyg/service'
import type { IdentityClient } from '../clients/identity-client.ts'
import { passOn } from '../clients/passing-on.ts'
import {
  changeFailures,
  empty,
  failures,
  json,
  patientFailures,
  pdf,
} from '../documentation/responses.ts'
import { pdfSecurityPolicy } from '../edge/security-headers.ts'
import type { Cookies } from '../session/cookies.ts'
import { requireSession } from '../session/patient-calls.ts'
import type { PatientCall } from '../session/patient-calls.ts'
import { CertificateId } from './certificate-schemas.ts'
import { addDownloadFailurePage } from './download-failure.ts'

interface Deps {
  cookies: Cookies
  identity: IdentityClient
  certificateStore: PatientCall
  rendering: PatientCall
  /** Without a session, for links. */
  renderingClient: ServiceClient
  publicUrl: string
}

const copying = [
  'consent.required',
  'consent.unavailable',
  'certificate-store.unavailable',
  'access-log.unavailable',
  'keys.unavailable',
  'rendering.unavailable',
  'certificate.not-found',
  'certificate.revoked',
  'certificate.replaced',
  'certificate.complemented',
  'certificate.unreadable',
  'certificate.copy-refused',
  'pdf.hide-not-offered',
  'pdf.overloaded',
  'pdf.failed',
]

const pdfPath = (id: string, { hide, disposition }: PdfQuery) => {
  const query = new URLSearchParams({
    ...(hide === undefined ? {} : { hide }),
    ...(disposition === undefined ? {} : { disposition }),
  }).toString()
  return `/certificates/${id}/pdf${query === '' ? '' : `?${query}`}`
}
const grantedPath = /^\/certificates\/[0-9a-f-]{36}\/pdf(\?[a-z=&]*)?$/

function sendPdf(reply: FastifyReply, response: ServiceResponse) {
  void reply.header('content-security-policy', pdfSecurityPolicy)
  return passOn(reply, response)
}

function addDownloads(app: Server, { identity, renderingClient }: Deps): void {
  app.get('/downloads/:grant', {
    // A link works once: who only asks whether it is there must not use it up.
    exposeHeadRoute: false,
    config: { access: 'open' },
    schema: {
      operationId: 'download',
      tags: ['certificates'],
      summary: 'The PDF behind a download link',
      description:
        'Works once, within a minute of the link, and needs no cookie. A browser that opens it (`Accept: text/html`) gets a page with a sentence for the patient where it fails, everybody else the problem.',
      params: Type.Object({ grant: Type.String({ pattern: '^[A-Za-z0-9_-]{16,200}$' }) }),
      response: {
        200: pdf('The document'),
        ...failures('download-link.expired', 'identity.unavailable', ...copying),
      },
    },
    handler: async (request, reply) => {
      const { grant } = request.params
      const { accessToken, resource } = await identity.redeemDownload(grant, request.trace)
      if (!grantedPath.test(resource)) throw new AppError(serviceErrors.routeNotFound)
      const language = request.headers['accept-language']
      const response = await renderingClient.request({
        path: resource,
        token: accessToken,
        trace: request.trace,
        headers: {
          accept: 'application/pdf, application/problem+json',
          ...(language === undefined ? {} : { 'accept-language': language.slice(0, 500) }),
        },
      })
      void reply.header('content-security-policy', pdfSecurityPolicy)
      return passOn(reply, response)
    },
  })
}

function addPdf(app: Server, { rendering }: Deps): void {
  app.get('/certificates/:id/pdf', {
    config: { access: 'open' },
    schema: {
      operationId: 'getCertificatePdf',
      tags: ['certificates'],
      summary: 'The certificate as a PDF, to save or print',
      description:
        '`disposition=attachment` to save it, `inline` to show and print it. `hide=diagnosis` leaves the diagnosis out, where `actions.hide` offers it. Remind the patient that they answer for the copy themselves, and that e-mail is not a safe way.',
      params: CertificateId,
      querystring: PdfQuery,
      response: {
        200: pdf('The document'),
        304: empty('The client has it already (If-None-Match)'),
        ...patientFailures(...copying),
      },
    },
    handler: async (request, reply) => {
      const response = await rendering(request, {
        path: pdfPath(request.params.id, request.query),
        headers: { accept: 'application/pdf, application/problem+json' },
      })
      return sendPdf(reply, response)
    },
  })
}

function addDownloadLink(app: Server, deps: Deps): void {
  const { cookies, identity, certificateStore, publicUrl } = deps
  app.post('/certificates/:id/download-link', {
    config: { access: 'open' },
    schema: {
      operationId: 'createDownloadLink',
      tags: ['certificates'],
      summary: 'A link that downloads the PDF once',
      description:
        'For browsers inside apps, which lose the cookie on downloads. The link works once, for 60 seconds: make it when the patient presses the button.',
      params: CertificateId,
      querystring: PdfQuery,
      response: {
        201: json('DownloadLink', 'The link'),
        ...changeFailures(...copying),
      },
    },
    handler: async (request, reply) => {
      const { id } = request.params
      const session = requireSession(cookies, request)
      // Refusals are told to the one who presses the button, not to the one who opens the link.
      await certificateStore(request, { path: `/certificates/${id}/copy-permission` })
      const { grant, expiresAt } = await identity.grantDownload(
        session,
        pdfPath(id, request.query),
        request.trace,
      )
      return reply.code(201).send({ url: `${publicUrl}/downloads/${grant}`, expiresAt })
    },
  })
}

export function documentRoutes(deps: Deps) {
  return async (app: Server): Promise<void> => {
    addPdf(app, deps)
    addDownloadLink(app, deps)
    await app.register(async (downloads: Server) => {
      addDownloadFailurePage(downloads, deps.publicUrl)
      addDownloads(downloads, deps)
    })
  }
}

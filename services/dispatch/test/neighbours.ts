import { createHash, randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { audiences, scopes } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import { createServer } from '@minaintyg/service'
import type { Credentials, Server } from '@minaintyg/service'
import type { TestTokens } from '@minaintyg/testing'
import Type from 'typebox'

export interface TestCertificate {
  id: string
  patientId: string
  xml: string
  type: { code: string; version: string; name: string }
  send: { allowed: boolean; reason?: string; recipients: { id: string; name: string }[] }
}

const anything = { 200: Type.Any() }
const fkassa = [{ id: 'FKASSA', name: 'Försäkringskassan' }]

const hashOf = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex')

/** In place of the certificate, for employers. */
const employmentCopyOf = (id: string) => Buffer.from(JSON.stringify({ id, degrees: [] }))

async function listen(app: Server): Promise<string> {
  await app.listen({ host: '127.0.0.1', port: 0 })
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
}

/** Consent, certificate-store and rendering on loopback, as their contracts say, with tokens checked. */
export async function startNeighbours(tokens: TestTokens) {
  const withdrawn = new Set<string>()
  const certificates = new Map<string, TestCertificate>()
  const handedOver: { certificateId: string; recipient: string; dispatch: string }[] = []
  const control = { consentDown: false }
  /** Patients about whom consent gives no answer. */
  const unanswered = new Set<string>()
  const server = (name: string) =>
    createServer({ name, logLevel: 'silent', authentication: tokens.authentication(name) })

  const consent = await server(audiences.consent)
  consent.get<{ Params: { id: string } }>(
    '/patients/:id/consent-state',
    { config: { access: scopes.consentState }, schema: { response: anything } },
    async (request) => {
      if (control.consentDown || unanswered.has(request.params.id)) throw new Error('down')
      return { state: withdrawn.has(request.params.id) ? 'withdrawn' : 'given' }
    },
  )

  const find = (id: string, patientId: string) => {
    const certificate = certificates.get(id)
    if (certificate?.patientId === patientId) return certificate
    throw new AppError({ code: 'certificate.not-found', status: 404, title: 'No such certificate' })
  }
  const store = await server(audiences.certificateStore)
  store.get<{ Params: { id: string } }>(
    '/certificates/:id/send-facts',
    { config: { access: scopes.patient }, schema: { response: anything } },
    async (request) => {
      const { id, xml, type, send } = find(request.params.id, request.caller.subject)
      const sha256 = hashOf(xml)
      const document = { sha256, size: Buffer.byteLength(xml) }
      const copy = employmentCopyOf(id)
      const employmentCopy = { sha256: hashOf(copy), size: copy.length }
      return { id, type, send, document, employmentCopy }
    },
  )
  store.get<{
    Params: { patient: string; id: string }
    Querystring: { recipient: string; dispatch: string; projection?: 'employment' }
  }>(
    '/patients/:patient/certificates/:id/document',
    { config: { access: scopes.documents } },
    async (request, reply) => {
      const { id, xml } = find(request.params.id, request.params.patient)
      handedOver.push({ certificateId: id, ...request.query })
      if (request.query.projection === 'employment') {
        return reply.type('application/json').send(employmentCopyOf(id))
      }
      if (request.headers.accept === 'application/json') return { id }
      return reply.type('application/xml').send(Buffer.from(xml))
    },
  )

  const rendering = await server(audiences.rendering)
  rendering.post<{ Body: { certificate: { id: string } } }>(
    '/renderings',
    { config: { access: scopes.render } },
    async (request, reply) =>
      reply.type('application/pdf').send(Buffer.from(`%PDF-1.7 of ${request.body.certificate.id}`)),
  )

  return {
    urls: {
      CONSENT_URL: await listen(consent),
      CERTIFICATE_STORE_URL: await listen(store),
      RENDERING_URL: await listen(rendering),
    },
    control,
    withdrawn,
    unanswered,
    handedOver,
    /** A certificate of a new patient, sendable to Försäkringskassan unless told. */
    addCertificate(given: Partial<TestCertificate> = {}): TestCertificate {
      const id = randomUUID()
      const certificate = {
        id,
        patientId: randomUUID(),
        xml: `<intyg id="${id}">åäö</intyg>`,
        type: { code: 'LISJP', version: '1.3', name: 'Läkarintyg för sjukpenning' },
        send: { allowed: true, recipients: fkassa },
        ...given,
      }
      certificates.set(certificate.id, certificate)
      return certificate
    },
    refuseSending(certificate: TestCertificate, reason: string) {
      certificate.send = { allowed: false, reason, recipients: [] }
    },
    async stop() {
      await Promise.all([consent.close(), store.close(), rendering.close()])
    },
  }
}
export type Neighbours = Awaited<ReturnType<typeof startNeighbours>>

/** What identity would give: the patient's token comes back with the same subject. */
export function createTestCredentials(tokens: TestTokens): Credentials {
  const bare = ({ authorization }: { authorization: string }) => authorization.slice(7)
  return {
    serviceToken: async (audience, scope) => bare(await tokens.client(audience, scope, 'dispatch')),
    async exchange(subjectToken, audience) {
      const claims = JSON.parse(
        Buffer.from(subjectToken.split('.')[1] ?? '', 'base64url').toString(),
      ) as { sub: string }
      return bare(await tokens.patient(audience, claims.sub))
    },
    close: async () => undefined,
  }
}

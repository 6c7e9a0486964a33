import { sha256Hex } from '@minaintyg/crypto'
import {
  CertificateList,
  CertificateView,
  ListCertificates,
  ReadPurpose,
  SendFacts,
  SendFactsQuery,
  scopes,
} from '@minaintyg/contracts'
import { preferredLanguage, problemResponse } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { patientActor } from '../access-log/access-actor.ts'
import type { ArchiveCertificate } from './archive-certificate.ts'
import type { ListCertificatesOf } from './list-certificates.ts'
import type { ReadCertificate } from './read-certificate.ts'

interface Deps extends ReadCertificate {
  listCertificates: ListCertificatesOf
  archiveCertificate: ArchiveCertificate
}

const problems = { '4xx': problemResponse, '5xx': problemResponse } as const
const Params = Type.Object({ id: Type.String({ format: 'uuid' }) })
const ReadQuery = Type.Object(
  { purpose: Type.Optional(ReadPurpose) },
  { additionalProperties: false },
)

const requestOf = (request: FastifyRequest) => ({
  patientId: request.caller.subject,
  language: preferredLanguage(request.headers['accept-language']),
  actor: patientActor(request),
})

/** RFC 9110: a list of entity tags, or any. */
function isKnown(header: string | undefined, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes(etag) || tags.includes('*')
}

function addReading(app: Server, deps: Deps): void {
  app.get('/certificates', {
    config: { access: scopes.patient },
    schema: {
      operationId: 'listCertificates',
      querystring: ListCertificates,
      response: { 200: CertificateList, ...problems },
    },
    handler: async (request, reply) => {
      void reply.header('cache-control', 'no-store').header('vary', 'accept-language')
      const list = await deps.listCertificates({ ...requestOf(request), query: request.query })
      // The contract is held by tests; to go through it anew for every line takes longer than to write it.
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(list))
    },
  })

  app.get('/certificates/:id', {
    config: { access: scopes.patient },
    schema: {
      operationId: 'readCertificate',
      params: Params,
      querystring: ReadQuery,
      response: { 200: CertificateView, 304: Type.Null(), ...problems },
    },
    handler: async (request, reply) => {
      const { purpose = 'read' } = request.query
      const certificate = await deps.readCertificate({
        ...requestOf(request),
        id: request.params.id,
        purpose,
      })
      // Written once, for the tag and for the answer; the contract is held by tests.
      const body = JSON.stringify(certificate)
      const etag = `"${sha256Hex(body).slice(0, 32)}"`
      void reply.header('etag', etag).header('cache-control', 'private, no-cache')
      void reply.header('vary', 'accept-language')
      if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send(null)
      return reply.type('application/json; charset=utf-8').send(body)
    },
  })

  app.get('/certificates/:id/copy-permission', {
    config: { access: scopes.patient },
    schema: {
      operationId: 'checkCopy',
      params: Params,
      response: { 204: Type.Null(), ...problems },
    },
    handler: async (request, reply) => {
      await deps.checkCopy({ ...requestOf(request), id: request.params.id })
      return reply.code(204).send(null)
    },
  })
}

function addSendFacts(app: Server, deps: Deps): void {
  app.get('/certificates/:id/send-facts', {
    config: { access: scopes.patient },
    schema: {
      operationId: 'readSendFacts',
      params: Params,
      querystring: SendFactsQuery,
      response: { 200: SendFacts, ...problems },
    },
    handler: (request) => {
      const { purpose = 'send' } = request.query
      return deps.readSendFacts({ ...requestOf(request), id: request.params.id, purpose })
    },
  })
}

function addArchive(app: Server, { archiveCertificate }: Deps): void {
  for (const [method, archived] of [
    ['PUT', true],
    ['DELETE', false],
  ] as const) {
    app.route({
      method,
      url: '/certificates/:id/archived',
      config: { access: scopes.patient },
      schema: {
        operationId: archived ? 'archiveCertificate' : 'restoreCertificate',
        params: Params,
        response: { 204: Type.Null(), ...problems },
      },
      handler: async (request, reply) => {
        const { patientId, actor } = requestOf(request)
        await archiveCertificate({ patientId, actor, archived, id: request.params.id })
        return reply.code(204).send(null)
      },
    })
  }
}

export function certificateRoutes(deps: Deps) {
  return async (app: Server): Promise<void> => {
    addReading(app, deps)
    addSendFacts(app, deps)
    addArchive(app, deps)
  }
}

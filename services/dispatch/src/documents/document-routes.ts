import { scopes } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import { problemResponse } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { errors } from '../errors.ts'
import { recipientOf } from '../recipients/calling-recipient.ts'
import type { Recipients } from '../recipients/recipient-model.ts'
import { askedBytes } from './byte-range.ts'
import type { HandOverDocument, HandedOver } from './hand-over-document.ts'
import { documentType, documentTypes } from './media-type.ts'

const Id = Type.Object({ id: Type.String({ format: 'uuid' }) })
const binary = { schema: Type.String({ format: 'binary' }) }
const document = (description: string) => ({
  description,
  content: Object.fromEntries(documentTypes.map((type) => [type, binary])),
})
const config = { access: scopes.recipient }
const url = '/recipient/dispatches/:id/document'

const matches = (header: string | undefined, etag: string) => {
  const bare = (tag: string) => tag.trim().replace(/^W\//, '')
  return (
    header !== undefined &&
    header.split(',').some((each) => bare(each) === '*' || bare(each) === bare(etag))
  )
}

function sendPart(request: FastifyRequest, reply: FastifyReply, { body, etag }: HandedOver) {
  const asked = askedBytes(request.headers, { size: body.length, etag })
  void reply.header('accept-ranges', 'bytes')
  if (asked === 'whole') return reply.send(body)
  if (asked === 'unsatisfiable') {
    void reply.header('content-range', `bytes */${body.length}`)
    throw new AppError(errors.rangeNotSatisfiable)
  }
  const { start, end } = asked
  void reply.header('content-range', `bytes ${start}-${end}/${body.length}`)
  return reply.code(206).send(body.subarray(start, end + 1))
}

/** The document of a dispatch, in the forms that its recipient may have. */
export function addDocumentRoutes(
  app: Server,
  { recipients, handOverDocument }: { recipients: Recipients; handOverDocument: HandOverDocument },
): void {
  const requestOf = (request: FastifyRequest<{ Params: { id: string } }>) => {
    const recipient = recipientOf(recipients, request.caller)
    const type = documentType(request.headers.accept, recipient.projections)
    return { recipient, type, dispatchId: request.params.id, trace: request.trace }
  }
  const common = { 'cache-control': 'private, no-cache', vary: 'Accept' }

  app.get(url, {
    config,
    exposeHeadRoute: false,
    schema: {
      operationId: 'getDispatchDocument',
      tags: ['recipients'],
      params: Id,
      response: {
        200: document('The document; the XML is the original, byte for byte'),
        206: document('The part of it that Range asks for'),
        304: Type.Null(),
        '4xx': problemResponse,
        '5xx': problemResponse,
      },
    },
    handler: async (request, reply) => {
      const asked = requestOf(request)
      const handedOver = await handOverDocument.handOver(asked)
      const { body, etag, lasting } = handedOver
      void reply.headers({ etag, ...common })
      if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send(null)
      void reply.type(asked.type)
      return lasting ? sendPart(request, reply, handedOver) : reply.send(body)
    },
  })

  // Nothing is handed out, so the document is neither fetched nor noted as handed over.
  app.head(url, {
    config,
    schema: { operationId: 'describeDispatchDocument', tags: ['recipients'], params: Id },
    handler: async (request, reply) => {
      const asked = requestOf(request)
      const { etag, size } = await handOverDocument.describe(asked)
      void reply.headers(common).type(asked.type)
      if (etag !== undefined) void reply.headers({ etag, 'accept-ranges': 'bytes' })
      if (etag !== undefined && matches(request.headers['if-none-match'], etag)) {
        return reply.code(304).send()
      }
      if (size !== undefined) void reply.header('content-length', size)
      return reply.send()
    },
  })
}

import { RecipientFeed, RecipientFeedQuery, ReceiptBody, scopes } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import { problemResponse, serviceErrors } from '@minaintyg/service'
import type { Caller, Server } from '@minaintyg/service'
import Type from 'typebox'
import type { HandOverDocument } from '../documents/hand-over-document.ts'
import { documentType, documentTypes } from '../documents/media-type.ts'
import type { RecipientFeed as Feed } from '../events/recipient-feed.ts'
import type { NewReceipt } from '../receipts/receipt-repository.ts'
import type { Recipient, Recipients } from './recipient-model.ts'

interface Deps {
  recipients: Recipients
  feed: Feed
  handOverDocument: HandOverDocument
  recordReceipt: (receipt: NewReceipt) => Promise<void>
}

const Id = Type.Object({ id: Type.String({ format: 'uuid' }) })
const config = { access: scopes.recipient }
const binary = { schema: Type.String({ format: 'binary' }) }
const document = {
  description: 'The document; the XML is the original, byte for byte',
  content: Object.fromEntries(documentTypes.map((type) => [type, binary])),
}

function callerOf(recipients: Recipients, caller: Caller): Recipient {
  const recipient = recipients.findByClient(caller.clientId)
  if (recipient === undefined) throw new AppError(serviceErrors.forbidden)
  return recipient
}

const matches = (header: string | undefined, etag: string) =>
  header !== undefined &&
  header.split(',').some((each) => [etag, '*'].includes(each.trim().replace(/^W\//, '')))

function addDocument(app: Server, { recipients, handOverDocument }: Deps): void {
  app.get('/recipient/dispatches/:id/document', {
    config,
    schema: {
      operationId: 'getDispatchDocument',
      tags: ['recipients'],
      params: Id,
      response: {
        200: document,
        304: Type.Null(),
        '4xx': problemResponse,
        '5xx': problemResponse,
      },
    },
    handler: async (request, reply) => {
      const recipient = callerOf(recipients, request.caller)
      const type = documentType(request.headers.accept)
      const { body, etag } = await handOverDocument({
        recipientId: recipient.id,
        dispatchId: request.params.id,
        type,
        trace: request.trace,
      })
      reply.headers({ etag, 'cache-control': 'private, no-cache', vary: 'Accept' })
      if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send(null)
      return reply.type(type).send(body)
    },
  })
}

function addFeed(app: Server, { recipients, feed }: Deps): void {
  app.get('/recipient/dispatches', {
    config,
    schema: {
      operationId: 'listRecipientEvents',
      tags: ['recipients'],
      querystring: RecipientFeedQuery,
      response: { 200: RecipientFeed, '4xx': problemResponse },
    },
    handler: async (request) => {
      const recipient = callerOf(recipients, request.caller)
      const { after = 0, limit = 100 } = request.query
      const found = await feed.list(recipient.id, after, limit)
      return {
        items: found.map(({ event }) => event),
        signatures: Object.fromEntries(
          found.flatMap(({ id, signature }) => (signature === null ? [] : [[id, signature]])),
        ),
        nextAfter: found.at(-1)?.sequence ?? after,
        completeAfter: await feed.completeAfter(recipient.id),
      }
    },
  })
}

function addReceipts(app: Server, { recipients, recordReceipt }: Deps): void {
  app.post('/recipient/dispatches/:id/receipts', {
    config,
    schema: {
      operationId: 'sendReceipt',
      tags: ['recipients'],
      params: Id,
      body: ReceiptBody,
      response: { 204: Type.Null(), '4xx': problemResponse, '5xx': problemResponse },
    },
    handler: async (request, reply) => {
      const recipient = callerOf(recipients, request.caller)
      const { id, kind, ...words } = request.body
      const receipt = { dispatchId: request.params.id, ...words }
      await recordReceipt({ id, recipientId: recipient.id, kind, receipt })
      return reply.code(204).send(null)
    },
  })
}

/** What a recipient calls; another recipient's dispatch is answered as one that there is not. */
export function recipientRoutes(deps: Deps) {
  return async (app: Server): Promise<void> => {
    addDocument(app, deps)
    addFeed(app, deps)
    addReceipts(app, deps)
  }
}

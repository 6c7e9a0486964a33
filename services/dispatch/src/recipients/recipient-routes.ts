import { RecipientFeed, RecipientFeedQuery, ReceiptBody, scopes } from '@minaintyg/contracts'
import { problemResponse } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import Type from 'typebox'
import { addDocumentRoutes } from '../documents/document-routes.ts'
import type { HandOverDocument } from '../documents/hand-over-document.ts'
import type { RecipientFeed as Feed } from '../events/recipient-feed.ts'
import type { NewReceipt } from '../receipts/receipt-repository.ts'
import { recipientOf } from './calling-recipient.ts'
import type { Recipients } from './recipient-model.ts'

interface Deps {
  recipients: Recipients
  feed: Feed
  handOverDocument: HandOverDocument
  recordReceipt: (receipt: NewReceipt) => Promise<void>
}

const Id = Type.Object({ id: Type.String({ format: 'uuid' }) })
const config = { access: scopes.recipient }
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
      const recipient = recipientOf(recipients, request.caller)
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
      const recipient = recipientOf(recipients, request.caller)
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
    addDocumentRoutes(app, deps)
    addFeed(app, deps)
    addReceipts(app, deps)
  }
}

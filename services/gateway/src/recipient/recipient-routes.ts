import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { ReceiptBody, RecipientFeedQuery } from '@minaintyg/contracts'
import { Certificate, EmploymentCopy } from '@minaintyg/certificate-model'
import { AppError } from '@minaintyg/errors'
import { serviceErrors } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import type { OpenPassage } from '../clients/open-passage.ts'
import { passOn } from '../clients/passing-on.ts'
import { empty, json, machineFailures } from '../documentation/responses.ts'

const DispatchId = Type.Object({
  id: Type.String({ format: 'uuid', description: 'The dispatch’s id, out of the event' }),
})
const binary = { schema: Type.String({ format: 'binary' }) }
const security = [{ recipient: [] }]
const passed = [
  'content-type',
  'content-disposition',
  'content-range',
  'accept-ranges',
  'cache-control',
  'etag',
  'vary',
]

const methodOf = (request: FastifyRequest, body: unknown) =>
  request.method === 'HEAD' ? 'HEAD' : body === undefined ? 'GET' : 'POST'

/** With the recipient’s own token, which dispatch checks. */
function createForward(dispatch: OpenPassage) {
  return async function forward(
    request: FastifyRequest,
    reply: FastifyReply,
    path: string,
    body?: unknown,
  ) {
    const { authorization, accept, range, 'if-range': ifRange } = request.headers
    if (authorization === undefined) throw new AppError(serviceErrors.tokenInvalid)
    const response = await dispatch.pass({
      method: methodOf(request, body),
      path,
      headers: {
        authorization,
        accept,
        range,
        'if-none-match': request.headers['if-none-match'],
        'if-range': typeof ifRange === 'string' ? ifRange : undefined,
        traceparent: request.trace.traceparent,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const { status, headers } = response
    // A fault of HEAD has no body that could say more than its status does.
    if (request.method === 'HEAD' && status < 500) {
      const size = headers['content-length']
      if (size !== undefined) void reply.header('content-length', size)
      return passOn(reply, response, passed)
    }
    if (status === 416) void reply.header('content-range', headers['content-range'])
    return passOn(reply, dispatch.accept(response), passed)
  }
}
type Forward = ReturnType<typeof createForward>

function addDocument(app: Server, forward: Forward): void {
  app.get('/recipient/dispatches/:id/document', {
    exposeHeadRoute: false,
    config: { access: 'open' },
    schema: {
      operationId: 'getDispatchedDocument',
      tags: ['recipients'],
      security,
      summary: 'Fetch the document of a dispatch',
      description:
        '`application/xml` (default) is the journal’s original, byte for byte: check it against sha256 and size of the event. `application/json` is the structured certificate, `application/pdf` one to look at; an employer gets the copy for employers alone, as `application/json`. After an interruption go on with `Range` (one range) and `If-Range`. After 410 do not ask again.',
      params: DispatchId,
      response: {
        200: {
          description: 'The document, in the form that Accept asks for',
          content: {
            'application/xml': binary,
            'application/json': { schema: Type.Union([Certificate, EmploymentCopy]) },
            'application/pdf': binary,
          },
        },
        206: {
          description: 'The part of it that Range asks for',
          content: { 'application/xml': binary, 'application/json': binary },
        },
        304: empty('The client has it already (If-None-Match)'),
        ...machineFailures(
          'dispatch.not-found',
          'document.not-acceptable',
          'document.range-not-satisfiable',
          'document.changed',
          'dispatch.revoked',
          'certificate.revoked',
          'document.gone',
          'dispatch.unavailable',
          'consent.unavailable',
          'certificate-store.unavailable',
          'rendering.unavailable',
        ),
      },
    },
    handler: (request, reply) =>
      forward(request, reply, `/recipient/dispatches/${request.params.id}/document`),
  })
  app.head('/recipient/dispatches/:id/document', {
    config: { access: 'open' },
    schema: { hide: true, params: DispatchId },
    handler: (request, reply) =>
      forward(request, reply, `/recipient/dispatches/${request.params.id}/document`),
  })
}

function addFeed(app: Server, forward: Forward): void {
  app.get('/recipient/dispatches', {
    config: { access: 'open' },
    schema: {
      operationId: 'listRecipientEvents',
      tags: ['recipients'],
      security,
      summary: 'The events of a recipient, to pull',
      description:
        'For replay and reconciliation: the events after a sequence, in their order, as they were published. Begin with the last sequence that you have, and go on with `nextAfter`. Events are there for 90 days; `completeAfter` says after which sequence none is missing. Where consent was withdrawn before you fetched the document, a `revoked` event stands in the place of the `requested` one.',
      querystring: RecipientFeedQuery,
      response: {
        200: json('RecipientFeed', 'The events'),
        ...machineFailures('dispatch.unavailable'),
      },
    },
    handler: (request, reply) => {
      const { after = 0, limit = 100 } = request.query
      return forward(request, reply, `/recipient/dispatches?after=${after}&limit=${limit}`)
    },
  })
}

function addReceipts(app: Server, forward: Forward): void {
  app.post('/recipient/dispatches/:id/receipts', {
    config: { access: 'open' },
    schema: {
      operationId: 'sendReceipt',
      tags: ['recipients'],
      security,
      summary: 'Tell what became of a dispatch',
      description:
        'The twin over HTTP of a receipt event: `received` as soon as you have the document, later `accepted`, `rejected` or `completion-requested`. What you write in `reason` and `question` is shown to the patient. The same id again changes nothing.',
      params: DispatchId,
      body: ReceiptBody,
      response: {
        204: empty('Taken'),
        ...machineFailures(
          'request.too-large',
          'request.unsupported-media-type',
          'dispatch.not-found',
          'dispatch.unavailable',
        ),
      },
    },
    handler: async (request, reply) =>
      forward(request, reply, `/recipient/dispatches/${request.params.id}/receipts`, request.body),
  })
}

export function recipientRoutes({ dispatch }: { dispatch: OpenPassage }) {
  const forward = createForward(dispatch)
  return async (app: Server): Promise<void> => {
    addDocument(app, forward)
    addFeed(app, forward)
    addReceipts(app, forward)
  }
}

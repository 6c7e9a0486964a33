import {
  Cancellation,
  CertificateRecipients,
  Dispatch,
  DispatchList,
  SendCertificate,
  scopes,
} from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import { preferredLanguage, problemResponse } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import Type from 'typebox'
import { errors } from '../errors.ts'
import { decodeCursor, encodeCursor } from './dispatch-cursor.ts'
import type { DispatchRepository } from './dispatch-repository.ts'
import type { ToDispatchView } from './dispatch-view.ts'
import type { ListRecipients } from './list-recipients.ts'
import type { SendCertificate as SendCertificateUseCase } from './send-certificate.ts'
import type { WithdrawDispatches } from './withdraw-dispatches.ts'

interface Deps {
  dispatches: DispatchRepository
  sendCertificate: SendCertificateUseCase
  listRecipients: ListRecipients
  withdraw: WithdrawDispatches
  view: ToDispatchView
}

const Id = Type.Object({ id: Type.String({ format: 'uuid' }) })
const Page = Type.Object(
  {
    cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
  },
  { additionalProperties: false },
)
const SendHeaders = Type.Object({
  'idempotency-key': Type.String({ pattern: '^[\\x21-\\x7e]{1,255}$' }),
})

const config = { access: scopes.patient }
const bearer = (authorization: string | undefined) => (authorization ?? '').replace(/^bearer /i, '')

function addSending(app: Server, { sendCertificate, listRecipients }: Deps): void {
  app.post('/certificates/:id/dispatches', {
    config,
    schema: {
      operationId: 'sendCertificate',
      tags: ['dispatches'],
      params: Id,
      headers: SendHeaders,
      body: SendCertificate,
      response: { 202: Dispatch, '4xx': problemResponse, '5xx': problemResponse },
    },
    handler: async (request, reply) => {
      const dispatch = await sendCertificate({
        patientId: request.caller.subject,
        patientToken: bearer(request.headers.authorization),
        certificateId: request.params.id,
        recipientId: request.body.recipientId,
        idempotencyKey: request.headers['idempotency-key'],
        language: preferredLanguage(request.headers['accept-language']),
        trace: request.trace,
      })
      return reply.code(202).header('location', `/dispatches/${dispatch.id}`).send(dispatch)
    },
  })

  app.get('/certificates/:id/recipients', {
    config,
    schema: {
      operationId: 'listRecipients',
      tags: ['dispatches'],
      params: Id,
      response: { 200: CertificateRecipients, '4xx': problemResponse, '5xx': problemResponse },
    },
    handler: async (request) =>
      listRecipients({
        patientId: request.caller.subject,
        patientToken: bearer(request.headers.authorization),
        certificateId: request.params.id,
        language: preferredLanguage(request.headers['accept-language']),
        trace: request.trace,
      }),
  })
}

function addFollowing(app: Server, { dispatches, view }: Deps): void {
  app.get('/dispatches', {
    config,
    schema: {
      operationId: 'listDispatches',
      tags: ['dispatches'],
      querystring: Page,
      response: { 200: DispatchList, '4xx': problemResponse },
    },
    handler: async (request) => {
      const { cursor, limit = 20 } = request.query
      const before = cursor === undefined ? undefined : decodeCursor(cursor)
      const found = await dispatches.listForPatient(request.caller.subject, {
        before,
        limit: limit + 1,
      })
      const page = found.slice(0, limit)
      const last = found.length > limit ? page.at(-1) : undefined
      const language = preferredLanguage(request.headers['accept-language'])
      return {
        items: page.map((dispatch) => view(dispatch, language)),
        nextCursor: last === undefined ? null : encodeCursor(last.position),
      }
    },
  })

  app.get('/dispatches/:id', {
    config,
    schema: {
      operationId: 'getDispatch',
      tags: ['dispatches'],
      params: Id,
      response: { 200: Dispatch, '4xx': problemResponse },
    },
    handler: async (request) => {
      const dispatch = await dispatches.findForPatient(request.caller.subject, request.params.id)
      if (dispatch === undefined) throw new AppError(errors.dispatchNotFound)
      return view(dispatch, preferredLanguage(request.headers['accept-language']))
    },
  })
}

function addEnding(app: Server, { withdraw }: Deps): void {
  app.delete('/dispatches/:id', {
    config,
    schema: {
      operationId: 'cancelDispatch',
      tags: ['dispatches'],
      params: Id,
      response: { 204: Type.Null(), '4xx': problemResponse, '5xx': problemResponse },
    },
    handler: async (request, reply) => {
      await withdraw.cancel(request.caller.subject, request.params.id)
      return reply.code(204).send(null)
    },
  })

  app.post('/cancellations', {
    config,
    schema: {
      operationId: 'cancelDispatches',
      tags: ['dispatches'],
      response: { 200: Cancellation, '4xx': problemResponse, '5xx': problemResponse },
    },
    handler: async (request) => ({
      cancelledDispatches: await withdraw.onRequest(request.caller.subject),
    }),
  })
}

export function dispatchRoutes(deps: Deps) {
  return async (app: Server): Promise<void> => {
    addSending(app, deps)
    addFollowing(app, deps)
    addEnding(app, deps)
  }
}

import Type from 'typebox'
import { SendCertificate } from '@minaintyg/contracts'
import type { Dispatch } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import type { Server } from '@minaintyg/service'
import { CertificateId, Page } from '../certificates/certificate-schemas.ts'
import { passOnText } from '../clients/passing-on.ts'
import { basePath } from '../config.ts'
import {
  bodyFailures,
  changeFailures,
  empty,
  json,
  patientFailures,
} from '../documentation/responses.ts'
import { errors } from '../errors.ts'
import { jsonOf } from '../session/patient-calls.ts'
import type { PatientCall } from '../session/patient-calls.ts'

const DispatchId = Type.Object({
  id: Type.String({ format: 'uuid', description: 'The dispatch’s id' }),
})
const SendHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]{1,255}$',
      description:
        'Required. A random value for each decision to send: the same again within 30 days never sends twice',
    }),
  ),
})
const gate = ['consent.required', 'consent.unavailable', 'certificate-store.unavailable']

const sendingFailures = [
  ...gate,
  'dispatch.unavailable',
  'dispatch.idempotency-key-missing',
  'dispatch.idempotency-key-reused',
  'dispatch.already-sent',
  'recipient.not-accepted',
  'certificate.not-found',
  'certificate.revoked',
  'certificate.replaced',
  'certificate.complemented',
  'certificate.version-too-old',
  'certificate.unreadable',
  'certificate.not-sendable',
  'recipient.none',
]

function addRecipients(app: Server, dispatch: PatientCall): void {
  app.get('/certificates/:id/recipients', {
    config: { access: 'open' },
    schema: {
      operationId: 'listRecipients',
      tags: ['dispatches'],
      summary: 'Who the certificate can be sent to, and why not',
      description: 'Also says where it has been sent before.',
      params: CertificateId,
      response: {
        200: json('CertificateRecipients', 'The recipients'),
        ...patientFailures(
          ...gate,
          'dispatch.unavailable',
          'certificate.not-found',
          'certificate.revoked',
        ),
      },
    },
    handler: async (request, reply) =>
      passOnText(
        reply,
        await dispatch(request, { path: `/certificates/${request.params.id}/recipients` }),
      ),
  })
}

function addSending(app: Server, dispatch: PatientCall): void {
  app.post('/certificates/:id/dispatches', {
    config: { access: 'open' },
    schema: {
      operationId: 'sendCertificate',
      tags: ['dispatches'],
      summary: 'Send the certificate',
      description:
        'Ask the patient to confirm first: what a recipient has got cannot be taken back. 202 means that it will be sent; follow `Location` to see when it has arrived.',
      params: CertificateId,
      headers: SendHeaders,
      body: SendCertificate,
      response: {
        202: {
          ...json('Dispatch', 'It will be sent'),
          headers: { location: Type.String({ description: 'The dispatch' }) },
        },
        ...bodyFailures(...sendingFailures),
      },
    },
    handler: async (request, reply) => {
      const key = request.headers['idempotency-key']
      if (key === undefined) {
        throw new AppError(errors.idempotencyKeyMissing, {
          detail:
            'Send the header Idempotency-Key with a random value, the same when you try again.',
        })
      }
      const response = await dispatch(request, {
        method: 'POST',
        path: `/certificates/${request.params.id}/dispatches`,
        body: request.body,
        headers: { 'idempotency-key': key },
      })
      const { id } = jsonOf<Dispatch>(response)
      return passOnText(reply.header('location', `${basePath}/dispatches/${id}`), response)
    },
  })
}

function addFollowing(app: Server, dispatch: PatientCall): void {
  app.get('/dispatches', {
    config: { access: 'open' },
    schema: {
      operationId: 'listDispatches',
      tags: ['dispatches'],
      summary: 'What the patient has sent',
      description: 'Newest first, each with its timeline.',
      querystring: Page,
      response: {
        200: json('DispatchList', 'A page of the list'),
        ...patientFailures('dispatch.unavailable', 'cursor.invalid'),
      },
    },
    handler: async (request, reply) =>
      passOnText(reply, await dispatch(request, { path: '/dispatches', query: request.query })),
  })

  app.get('/dispatches/:id', {
    config: { access: 'open' },
    schema: {
      operationId: 'getDispatch',
      tags: ['dispatches'],
      summary: 'Where is my certificate now',
      description:
        '`queued`: it will be sent. `delivered`: it lies with the recipient’s system. `received`, and what follows it, are the recipient’s own words. Ask again every few seconds while the patient looks.',
      params: DispatchId,
      response: {
        200: json('Dispatch', 'The dispatch'),
        ...patientFailures('dispatch.unavailable', 'dispatch.not-found'),
      },
    },
    handler: async (request, reply) =>
      passOnText(reply, await dispatch(request, { path: `/dispatches/${request.params.id}` })),
  })
}

function addCancelling(app: Server, dispatch: PatientCall): void {
  app.delete('/dispatches/:id', {
    config: { access: 'open' },
    schema: {
      operationId: 'cancelDispatch',
      tags: ['dispatches'],
      summary: 'Take it back, while it still can be',
      description: 'Until the recipient has it. After that, only the recipient can help.',
      params: DispatchId,
      response: {
        204: empty('It is not sent'),
        ...changeFailures(
          'dispatch.unavailable',
          'dispatch.not-found',
          'dispatch.not-cancellable',
          'dispatch.busy',
        ),
      },
    },
    handler: async (request, reply) => {
      await dispatch(request, { method: 'DELETE', path: `/dispatches/${request.params.id}` })
      return reply.code(204).send(null)
    },
  })
}

export function dispatchRoutes({ dispatch }: { dispatch: PatientCall }) {
  return async (app: Server): Promise<void> => {
    addRecipients(app, dispatch)
    addSending(app, dispatch)
    addFollowing(app, dispatch)
    addCancelling(app, dispatch)
  }
}

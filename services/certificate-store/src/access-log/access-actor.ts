import type { FastifyRequest } from 'fastify'
import type { AccessActor } from './access-log-repository.ts'

/** The patient behind a request, with the client that acts for them. */
export const patientActor = ({ caller, trace }: FastifyRequest): AccessActor => ({
  kind: 'patient',
  id: caller.subject,
  clientId: caller.actor ?? caller.clientId,
  sessionId: caller.sid,
  trace,
})

/** The recipient that a document is handed over to by dispatch. */
export const recipientActor = (
  { caller, trace }: FastifyRequest,
  recipientId: string,
): AccessActor => ({
  kind: 'recipient',
  id: recipientId,
  clientId: caller.clientId,
  trace,
})

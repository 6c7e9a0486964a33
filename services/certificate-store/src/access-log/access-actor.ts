import type { FastifyRequest } from 'fastify'
import type { AccessActor } from './access-log-repository.ts'

/** Who acts for the patient of a request, mostly the patient, and the client that they do it through. */
export const patientActor = ({ caller, trace }: FastifyRequest): AccessActor => ({
  kind: 'patient',
  id: caller.actor ?? caller.subject,
  clientId: caller.clientId,
  sessionId: caller.sid,
  trace,
})

/** Whoever has a copy on paper: nothing is known of them. */
export const holderActor = ({ caller, trace }: FastifyRequest): AccessActor => ({
  kind: 'holder',
  id: 'holder',
  clientId: caller.clientId,
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

import Type from 'typebox'
import { DateTime, PatientId } from './event.ts'

/** Exchange `minaintyg.events`; the routing key is the event's type. */
export const ConsentGivenV1 = {
  type: 'consent.given.v1',
  data: Type.Object({ patientId: PatientId, consentId: Type.String(), at: DateTime }),
} as const

export const ConsentWithdrawnV1 = {
  type: 'consent.withdrawn.v1',
  data: Type.Object({ patientId: PatientId, withdrawalId: Type.String(), at: DateTime }),
} as const

const DispatchFact = Type.Object({
  patientId: PatientId,
  certificateId: Type.String({ format: 'uuid' }),
  dispatchId: Type.String({ format: 'uuid' }),
  recipientId: Type.String(),
  at: DateTime,
})

/** The broker has confirmed the event to the recipient; the certificate is now «sent». */
export const DispatchDeliveredV1 = { type: 'dispatch.delivered.v1', data: DispatchFact } as const

/** The recipient has said that it has the document. */
export const DispatchReceivedV1 = { type: 'dispatch.received.v1', data: DispatchFact } as const

/** A first copy of a certificate is stored; no content. */
export const CertificateStoredV1 = {
  type: 'certificate.stored.v1',
  data: Type.Object({
    patientId: PatientId,
    certificateId: Type.String({ format: 'uuid' }),
    at: DateTime,
  }),
} as const

/** The journal has revoked a certificate. */
export const CertificateRevokedV1 = {
  type: 'certificate.revoked.v1',
  data: Type.Object({
    patientId: PatientId,
    certificateId: Type.String({ format: 'uuid' }),
    at: DateTime,
  }),
} as const

import Type from 'typebox'
import { DateTime, PatientId } from './event.ts'

/** Exchange `minaintyg.events`; the routing key is the event's type. */
export const ConsentGivenV1 = {
  type: 'consent.given.v1',
  data: Type.Object({ patientId: PatientId, consentId: Type.String(), at: DateTime }),
} as const

export const ConsentWithdrawnV1 = {
  type: 'consent.withdrawn.v1',
  data: Type.Object({
    patientId: PatientId,
    withdrawalId: Type.String({ format: 'uuid' }),
    at: DateTime,
  }),
} as const

/** Who has something of a patient's that a withdrawal ends. */
export const erasureParts = ['certificate-store', 'rendering', 'dispatch'] as const
export type ErasurePart = (typeof erasureParts)[number]

/** A service has done its part of a withdrawal: nothing is left there but what others' law keeps. */
export const ErasureDoneV1 = {
  type: 'erasure.done.v1',
  data: Type.Object({
    withdrawalId: Type.String({ format: 'uuid' }),
    part: Type.Union([
      Type.Literal('certificate-store'),
      Type.Literal('rendering'),
      Type.Literal('dispatch'),
    ]),
    at: DateTime,
  }),
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

/** A recipient needs more from care before it can decide. Ids alone: what it asks is shown to the patient, and is in no event. */
export const DispatchCompletionRequestedV1 = {
  type: 'dispatch.completion-requested.v1',
  data: DispatchFact,
} as const

/** A first copy of a certificate is stored; no content. */
export const CertificateStoredV1 = {
  type: 'certificate.stored.v1',
  data: Type.Object({
    patientId: PatientId,
    certificateId: Type.String({ format: 'uuid' }),
    at: DateTime,
  }),
} as const

/**
 * The patient has a certificate that was not there before: its journal pushed it, or had it when it was asked again. For
 * those who notify. Nothing is said of what a journal's first answer for a patient holds, which may be years of
 * certificates, of one that another journal gave already, and of what is revoked or cannot be read. A journal may
 * come late with an old one: `issuedAt` tells.
 */
export const CertificateAddedV1 = {
  type: 'certificate.added.v1',
  data: Type.Object({
    patientId: PatientId,
    certificateId: Type.String({ format: 'uuid' }),
    typeCode: Type.String({ description: '`UNKNOWN` where the journal’s code is no code' }),
    issuedAt: Type.Union([DateTime, Type.Null()]),
    sourceId: Type.String(),
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

/** The journal has another certificate in its place. */
export const CertificateReplacedV1 = {
  type: 'certificate.replaced.v1',
  data: Type.Object({
    patientId: PatientId,
    certificateId: Type.String({ format: 'uuid' }),
    replacedBy: Type.String({ format: 'uuid', description: 'The certificate that stands now' }),
    at: DateTime,
  }),
} as const

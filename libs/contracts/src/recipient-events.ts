import Type from 'typebox'
import type { Static } from 'typebox'
import { DateTime } from './event.ts'

/** Exchange `minaintyg.dispatch`; the routing key is `<recipientId>.<event type>`. */
const DispatchRef = {
  dispatchId: Type.String({ format: 'uuid' }),
  recipientId: Type.String({ description: 'KV_PART code: FKASSA, TRANSP, AF' }),
  sequence: Type.Integer({ minimum: 1, description: 'Rises by one for each event of a recipient' }),
}

/** A patient has sent a certificate; the document waits at `dataref`. */
export const DispatchRequestedV1 = {
  type: 'se.minaintyg.dispatch.requested.v1',
  data: Type.Object({
    ...DispatchRef,
    certificate: Type.Object({
      id: Type.String({ format: 'uuid' }),
      type: Type.String(),
      version: Type.String(),
    }),
    document: Type.Object({
      dataref: Type.String({ format: 'uri' }),
      mediaType: Type.Union([Type.Literal('application/xml'), Type.Literal('application/json')], {
        description:
          'What sha256 and size are of: the journal’s original (XML), or the copy for employers (JSON)',
      }),
      sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
      size: Type.Integer({ minimum: 0, description: 'Bytes' }),
    }),
    requestedAt: DateTime,
  }),
} as const

/** The patient has withdrawn or cancelled it, or the journal revoked it, or replaced it in time: no document any more. */
export const DispatchRevokedV1 = {
  type: 'se.minaintyg.dispatch.revoked.v1',
  data: Type.Object({
    ...DispatchRef,
    reason: Type.Union([
      Type.Literal('consent-withdrawn'),
      Type.Literal('certificate-revoked'),
      Type.Literal('certificate-replaced'),
      Type.Literal('cancelled'),
    ]),
    revokedAt: DateTime,
  }),
} as const

/**
 * The journal has replaced the certificate after it was sent. The dispatch stands, and its document can still be fetched;
 * the new certificate comes only if the patient sends it.
 */
export const DispatchReplacedV1 = {
  type: 'se.minaintyg.dispatch.replaced.v1',
  data: Type.Object({
    ...DispatchRef,
    certificateId: Type.String({ format: 'uuid', description: 'The one that was sent' }),
    replacedBy: Type.Optional(
      Type.String({ format: 'uuid', description: 'The one that stands now, where it is known' }),
    ),
    replacedAt: DateTime,
  }),
} as const

/** What a recipient can say of a dispatch. */
export const receiptKinds = ['received', 'accepted', 'rejected', 'completion-requested'] as const
export type ReceiptKind = (typeof receiptKinds)[number]

/** The body of a receipt, the same as an event on `minaintyg.receipts` and over HTTP. */
export const Receipt = Type.Object(
  {
    dispatchId: Type.String({ format: 'uuid' }),
    at: DateTime,
    reference: Type.Optional(
      Type.String({ maxLength: 100, description: 'The recipient’s own case number' }),
    ),
    reason: Type.Optional(
      Type.String({ maxLength: 1000, description: 'For rejected: why, in words for the patient' }),
    ),
    question: Type.Optional(
      Type.String({ maxLength: 2000, description: 'For completion-requested: what is asked' }),
    ),
  },
  { additionalProperties: false },
)
export type Receipt = Static<typeof Receipt>

/** CloudEvents type of a receipt. */
export const receiptType = (kind: ReceiptKind) => `se.minaintyg.receipt.${kind}.v1`

/** The kind that a CloudEvents type names, or undefined where it is no receipt. */
export function receiptKind(type: string): ReceiptKind | undefined {
  return receiptKinds.find((kind) => receiptType(kind) === type)
}

/** HTTP twin of a receipt event: `POST /recipient/dispatches/{id}/receipts`. */
export const ReceiptBody = Type.Object(
  {
    id: Type.String({ format: 'uuid', description: 'Same id again changes nothing' }),
    kind: Type.Union([
      Type.Literal('received'),
      Type.Literal('accepted'),
      Type.Literal('rejected'),
      Type.Literal('completion-requested'),
    ]),
    at: DateTime,
    reference: Receipt.properties.reference,
    reason: Receipt.properties.reason,
    question: Receipt.properties.question,
  },
  { additionalProperties: false },
)
export type ReceiptBody = Static<typeof ReceiptBody>

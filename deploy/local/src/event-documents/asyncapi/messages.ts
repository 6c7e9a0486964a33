import {
  CloudEvent,
  DispatchCompletionRequestedV1,
  DispatchReplacedV1,
  DispatchRequestedV1,
  DispatchRevokedV1,
  Receipt,
  receiptKinds,
  receiptType,
  signatureHeader,
} from '@minaintyg/contracts'
import type { ReceiptKind } from '@minaintyg/contracts'
import Type from 'typebox'
import type { TSchema } from 'typebox'

/** A message of the document; `schema` is what its payload must be. */
export interface MessageDefinition {
  key: string
  type: string
  title: string
  summary: string
  schema: TSchema
  headers?: TSchema
  example: { payload: unknown; headers?: Record<string, string> }
}

const dispatchId = '7a2f4c1e-98d3-4b53-9d3e-0f0c6a1b2d44'
const time = '2026-11-23T09:15:00.000Z'

const SignedHeaders = Type.Object({
  [signatureHeader]: Type.String({
    pattern: String.raw`^[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+$`,
    description:
      'Detached JWS over the exact bytes of the body: protected header, nothing, signature',
  }),
})
const headers = {
  [signatureHeader]: `eyJhbGciOiJFZERTQSIsImtpZCI6IjIwMjYtMTEifQ..${'A'.repeat(86)}`,
}

const eventOf = (type: string, data: TSchema, more: Record<string, TSchema>) =>
  Type.Object({ ...CloudEvent.properties, type: Type.Literal(type), ...more, data })

const envelope = (type: string, id: string) => ({
  specversion: '1.0',
  id,
  type,
  source: '/minaintyg/dispatch',
  time,
  subject: dispatchId,
  datacontenttype: 'application/json',
})

const requested: MessageDefinition = {
  key: 'dispatchRequested',
  type: DispatchRequestedV1.type,
  title: 'A patient has sent you a certificate',
  summary: 'The document waits at `data.document.dataref`, for you alone.',
  schema: eventOf(DispatchRequestedV1.type, DispatchRequestedV1.data, {}),
  headers: SignedHeaders,
  example: {
    headers,
    payload: {
      ...envelope(DispatchRequestedV1.type, 'f3b0c7de-2a91-4f0e-8a54-6f1b1f0f9a01'),
      data: {
        dispatchId,
        recipientId: 'FKASSA',
        sequence: 1024,
        certificate: { id: '0d8f7f52-6f9b-4a43-a0a4-3d5a1f5f7c10', type: 'FK7804', version: '2.0' },
        document: {
          dataref: `https://api.minaintyg.example/minaintyg/v1/recipient/dispatches/${dispatchId}/document`,
          mediaType: 'application/xml',
          sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
          size: 18_432,
        },
        requestedAt: time,
      },
    },
  },
}

const revoked: MessageDefinition = {
  key: 'dispatchRevoked',
  type: DispatchRevokedV1.type,
  title: 'A dispatch is taken back',
  summary:
    'By the patient or the journal: its document is handed out no more. It may come before the event that it takes back, or without it.',
  schema: eventOf(DispatchRevokedV1.type, DispatchRevokedV1.data, {}),
  headers: SignedHeaders,
  example: {
    headers,
    payload: {
      ...envelope(DispatchRevokedV1.type, '5d1c2b90-7a44-4f7d-9a0b-8f5f3f1e2c02'),
      data: {
        dispatchId,
        recipientId: 'FKASSA',
        sequence: 1025,
        reason: 'consent-withdrawn',
        revokedAt: time,
      },
    },
  },
}

const replaced: MessageDefinition = {
  key: 'dispatchReplaced',
  type: DispatchReplacedV1.type,
  title: 'The journal has replaced a certificate that you have',
  summary:
    'The dispatch stands, and so does its document. The new certificate comes to you only if the patient sends it.',
  schema: eventOf(DispatchReplacedV1.type, DispatchReplacedV1.data, {}),
  headers: SignedHeaders,
  example: {
    headers,
    payload: {
      ...envelope(DispatchReplacedV1.type, '0f6c3f0b-3b52-4a55-8d1e-52f0c7a4de03'),
      data: {
        dispatchId,
        recipientId: 'FKASSA',
        sequence: 1026,
        certificateId: '0d8f7f52-6f9b-4a43-a0a4-3d5a1f5f7c10',
        replacedBy: '5b0b6a52-50c4-4d2b-9d4f-3d1b2b0f6a11',
        replacedAt: time,
      },
    },
  },
}

/** What care hears of a dispatch: inside Mina intyg, and no recipient’s. */
export const completionRequested: MessageDefinition = {
  key: 'completionRequested',
  type: DispatchCompletionRequestedV1.type,
  title: 'A recipient needs more from care',
  summary: 'Ids alone: what is asked is shown to the patient, and is in no event.',
  schema: eventOf(DispatchCompletionRequestedV1.type, DispatchCompletionRequestedV1.data, {}),
  example: {
    payload: {
      ...envelope(DispatchCompletionRequestedV1.type, '7b2a1f4e-63d8-4c0b-9a3c-1f5d6e7a8b04'),
      subject: '0d8f7f52-6f9b-4a43-a0a4-3d5a1f5f7c10',
      data: {
        patientId: '3f0e7a9c-5b1d-4d0a-8c2e-9a7b6c5d4e3f',
        certificateId: '0d8f7f52-6f9b-4a43-a0a4-3d5a1f5f7c10',
        dispatchId,
        recipientId: 'FKASSA',
        at: time,
      },
    },
  },
}

const words: Record<ReceiptKind, [title: string, more: Record<string, string>]> = {
  received: ['You have the document', {}],
  accepted: ['You have taken the case on', { reference: 'FK-2026-104711' }],
  rejected: ['You cannot use it', { reason: 'Intyget gäller en period som redan är avslutad.' }],
  'completion-requested': [
    'You need to know more',
    { question: 'Vilka arbetsuppgifter kan patienten inte utföra?' },
  ],
}

function receiptMessage(kind: ReceiptKind, index: number): MessageDefinition {
  const type = receiptType(kind)
  const [title, more] = words[kind]
  const source = Type.String({ description: '`/recipients/` and your code' })
  return {
    key: `receipt${kind.replace(/(?:^|-)(\w)/g, (_all, letter: string) => letter.toUpperCase())}`,
    type,
    title,
    summary: `The patient sees it as «${kind}», within seconds.`,
    schema: eventOf(type, Receipt, { source }),
    example: {
      payload: {
        ...envelope(type, `c2f7a1b4-3d5e-4c6f-8a9b-0c1d2e3f4a1${index}`),
        source: '/recipients/FKASSA',
        data: { dispatchId, at: time, ...more },
      },
    },
  }
}

/** What a recipient gets. */
export const dispatchMessages: readonly MessageDefinition[] = [requested, revoked, replaced]

/** What a recipient says. */
export const receiptMessages: readonly MessageDefinition[] = receiptKinds.map(receiptMessage)

import { randomUUID } from 'node:crypto'
import {
  DispatchReplacedV1,
  DispatchRequestedV1,
  DispatchRevokedV1,
  dispatchRoutingKey,
  exchanges,
} from '@minaintyg/contracts'
import type { EventData, EventDefinition } from '@minaintyg/contracts'
import { enqueue } from '@minaintyg/messaging'
import Type from 'typebox'
import type { Statement, Tx } from '../database.ts'
import type { Dispatch, NewDispatch } from '../dispatches/dispatch-model.ts'

export const eventSource = '/minaintyg/dispatch'

/** In the outbox an event to a recipient has no number yet. */
const requestedDraft = {
  type: DispatchRequestedV1.type,
  data: Type.Omit(DispatchRequestedV1.data, ['sequence']),
} as const
const revokedDraft = {
  type: DispatchRevokedV1.type,
  data: Type.Omit(DispatchRevokedV1.data, ['sequence']),
} as const

const replacedDraft = {
  type: DispatchReplacedV1.type,
  data: Type.Omit(DispatchReplacedV1.data, ['sequence']),
} as const

export type RevocationReason = EventData<typeof DispatchRevokedV1>['reason']

async function add<D extends EventDefinition>(
  tx: Tx,
  definition: D,
  data: EventData<D>,
  options: { dispatch: Pick<Dispatch, 'id' | 'recipientId'>; at: Date; traceparent?: string },
): Promise<void> {
  const { dispatch, at, traceparent } = options
  const id = randomUUID()
  const entry = {
    id,
    dispatch_id: dispatch.id,
    recipient_id: dispatch.recipientId,
    type: definition.type,
    sequence: null,
    numbered_at: null,
    body: null,
    signature: null,
    created_at: at,
  }
  const adding: Statement = tx.with('feed', (q) => q.insertInto('recipient_event').values(entry))
  await enqueue(adding, definition, data, {
    id,
    exchange: exchanges.dispatch,
    routingKey: dispatchRoutingKey(dispatch.recipientId, definition.type),
    source: eventSource,
    subject: dispatch.id,
    time: at,
    ...(traceparent === undefined ? {} : { traceparent }),
  })
}

export function createRecipientEventRepository(publicUrl: string) {
  return {
    async addRequested(tx: Tx, dispatch: NewDispatch, traceparent: string): Promise<void> {
      const { id, recipientId, certificate, document, requestedAt } = dispatch
      const data = {
        dispatchId: id,
        recipientId,
        certificate: {
          id: certificate.id,
          type: certificate.type.code,
          version: certificate.type.version,
        },
        document: {
          dataref: `${publicUrl}/recipient/dispatches/${id}/document`,
          ...document,
        },
        requestedAt: requestedAt.toISOString(),
      }
      await add(tx, requestedDraft, data, { dispatch, at: requestedAt, traceparent })
    },

    async addRevoked(
      tx: Tx,
      dispatch: Pick<Dispatch, 'id' | 'recipientId'>,
      reason: RevocationReason,
      at: Date,
    ): Promise<void> {
      const { id: dispatchId, recipientId } = dispatch
      const data = { dispatchId, recipientId, reason, revokedAt: at.toISOString() }
      await add(tx, revokedDraft, data, { dispatch, at })
    },

    async addReplaced(
      tx: Tx,
      dispatch: Pick<Dispatch, 'id' | 'recipientId' | 'certificate'>,
      { replacedBy, at }: { replacedBy: string; at: Date },
    ): Promise<void> {
      const { id: dispatchId, recipientId, certificate } = dispatch
      const replacedAt = at.toISOString()
      const data = {
        dispatchId,
        recipientId,
        certificateId: certificate.id,
        replacedBy,
        replacedAt,
      }
      await add(tx, replacedDraft, data, { dispatch, at })
    },

    /** Whether the recipient can have learnt of the dispatch, by the bus or by its feed. */
    async hasLeft(tx: Tx, dispatch: Dispatch): Promise<boolean> {
      const { id: dispatchId, deliveredAt, receivedAt } = dispatch
      // Of those that left long ago there are no events any more.
      if (deliveredAt !== null || receivedAt !== null) return true
      const row = await tx
        .selectFrom('recipient_event')
        .select('id')
        .where('dispatch_id', '=', dispatchId)
        .where('sequence', 'is not', null)
        .executeTakeFirst()
      return row !== undefined
    },
  }
}
export type RecipientEventRepository = ReturnType<typeof createRecipientEventRepository>

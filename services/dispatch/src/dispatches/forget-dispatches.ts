import { DispatchRequestedV1 } from '@minaintyg/contracts'
import type { Tx } from '../database.ts'
import { endedStates } from './dispatch-model.ts'

/** The events that say what was sent. One that the relay holds at this moment is left to it: it asks before it sends. */
async function forgetEvents(tx: Tx, ids: string[], ended: string[]): Promise<void> {
  const requests = tx
    .selectFrom('recipient_event')
    .select('id')
    .where('dispatch_id', 'in', ids)
    .where('type', '=', DispatchRequestedV1.type)
  const free = tx
    .selectFrom('outbox')
    .select('id')
    .where('id', 'in', requests)
    .forUpdate()
    .skipLocked()
  await tx.deleteFrom('outbox').where('id', 'in', free).execute()
  if (ended.length === 0) return
  await tx
    .updateTable('recipient_event')
    .set({ body: null, signature: null })
    .where('dispatch_id', 'in', ended)
    .where('type', '=', DispatchRequestedV1.type)
    .execute()
}

/** What recipients wrote. */
async function forgetWords(tx: Tx, ids: string[]): Promise<void> {
  await tx
    .updateTable('receipt')
    .set({ reference: null, reason: null, question: null })
    .where('dispatch_id', 'in', ids)
    .execute()
  await tx
    .updateTable('timeline_entry')
    .set({ note: null })
    .where('dispatch_id', 'in', ids)
    .where('note', 'is not', null)
    .execute()
}

async function forgetCertificates(tx: Tx, ids: string[], ended: string[], at: Date) {
  await tx
    .updateTable('dispatch')
    .set({
      certificate_type: null,
      certificate_version: null,
      certificate_name: null,
      forgotten_at: at,
    })
    .where('id', 'in', ids)
    .where('forgotten_at', 'is', null)
    .execute()
  if (ended.length === 0) return
  // Of others the recipient may ask again once there is consent anew, and must get the same bytes.
  await tx
    .updateTable('dispatch')
    .set({ document_sha256: null, document_size: null })
    .where('id', 'in', ended)
    .execute()
}

/**
 * Forgets what a patient's dispatches tell of their certificates: ids, states and times are what is kept.
 * The dispatches must be locked.
 */
export async function forgetDispatches(
  tx: Tx,
  { patientId, ids, at }: { patientId: string; ids: string[]; at: Date },
): Promise<void> {
  if (ids.length === 0) return
  const rows = await tx
    .selectFrom('dispatch')
    .select('id')
    .where('id', 'in', ids)
    .where('state', 'in', endedStates)
    .execute()
  const ended = rows.map(({ id }) => id)
  await forgetEvents(tx, ids, ended)
  await forgetWords(tx, ids)
  await tx
    .updateTable('idempotency_key')
    .set({ answer: null })
    .where('patient_id', '=', patientId)
    .where('dispatch_id', 'in', ids)
    .execute()
  await forgetCertificates(tx, ids, ended, at)
}

import type { Tx } from '../database.ts'
import type { CertificateChange, Dispatch } from './dispatch-model.ts'

/** A line in the timeline of a locked dispatch whose state stands. */
export async function tellOfChange(
  tx: Tx,
  { id, state }: Pick<Dispatch, 'id' | 'state'>,
  { change, at }: { change: CertificateChange; at: Date },
): Promise<void> {
  await tx.insertInto('timeline_entry').values({ dispatch_id: id, state, at, change }).execute()
}

export async function isToldOf(tx: Tx, id: string, change: CertificateChange): Promise<boolean> {
  const row = await tx
    .selectFrom('timeline_entry')
    .select('position')
    .where('dispatch_id', '=', id)
    .where('change', '=', change)
    .executeTakeFirst()
  return row !== undefined
}

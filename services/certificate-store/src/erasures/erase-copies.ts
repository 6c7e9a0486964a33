import type { AccessActor, AccessLog } from '../access-log/access-log-repository.ts'
import type { Tx } from '../database.ts'

/**
 * Destroys a patient's key and everything that it sealed, in the caller's transaction. The same again finds nothing.
 * @returns how many certificates there were
 */
export function createEraseCopies({ accessLog }: { accessLog: AccessLog }) {
  return async (tx: Tx, patientId: string, actor: AccessActor | 'system'): Promise<number> => {
    // Waits for a store that holds the key; one that comes later finds none.
    const key = await tx
      .selectFrom('patient_key')
      .select('key_id')
      .where('patient_id', '=', patientId)
      .forUpdate()
      .executeTakeFirst()
    if (key === undefined) return 0
    await accessLog.write({ patientId, action: 'erase', actor }, tx)
    // One certificate may have been copied from several journals.
    const { count } = await tx
      .selectFrom('certificate')
      .select((eb) => eb.fn.count<number>('id').distinct().as('count'))
      .where('patient_id', '=', patientId)
      .executeTakeFirstOrThrow()
    await tx.deleteFrom('patient_key').where('patient_id', '=', patientId).execute()
    return count
  }
}
export type EraseCopies = ReturnType<typeof createEraseCopies>

import type { DispatchDeliveredV1, EventData } from '@minaintyg/contracts'
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Database, Tx } from '../database.ts'

type Fact = EventData<typeof DispatchDeliveredV1>
export type Moment = 'delivered_at' | 'received_at'

export interface CertificateDispatch {
  recipientId: string
  deliveredAt: Date | null
  receivedAt: Date | null
}

/** Notes what became of a certificate; where the patient's copies are gone there is nothing to note it on. */
export async function noteDispatch(
  tx: Tx,
  { dispatchId, certificateId, patientId, recipientId, at }: Fact,
  moment: Moment,
) {
  await tx
    .insertInto('certificate_dispatch')
    .columns(['dispatch_id', 'certificate_id', 'patient_id', 'recipient_id', moment])
    .expression((eb) =>
      eb
        .selectFrom('certificate')
        .select([
          sql<string>`${dispatchId}::uuid`.as('dispatch_id'),
          'id',
          'patient_id',
          sql<string>`${recipientId}`.as('recipient_id'),
          sql<Date>`${at}::timestamptz`.as(moment),
        ])
        .where('id', '=', certificateId)
        .where('patient_id', '=', patientId)
        // Each journal has a copy of its own.
        .limit(1),
    )
    .onConflict((conflict) =>
      conflict.column('dispatch_id').doUpdateSet({ [moment]: new Date(at) }),
    )
    .execute()
}

/**
 * Notes what the access log, which outlives an erasure, knows of certificates that come back: that a recipient has fetched
 * them. Without it, what was sent before consent was withdrawn would look as if it never was.
 */
export async function recallHandOvers(tx: Tx, patientId: string, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`
    insert into certificate_dispatch (dispatch_id, certificate_id, patient_id, recipient_id, delivered_at)
    select distinct on (dispatch_id) dispatch_id, certificate_id, patient_id, actor_id, at
    from access_log
    where patient_id = ${patientId} and certificate_id = any(${ids}::uuid[])
      and action = 'handOver' and outcome = 'allowed' and dispatch_id is not null
    order by dispatch_id, position
    on conflict do nothing
  `.execute(tx)
}

/** What became of the dispatches of one of the patient's certificates. */
export function createFindDispatches(db: Kysely<Database>) {
  return async (patientId: string, id: string): Promise<CertificateDispatch[]> => {
    const rows = await db
      .selectFrom('certificate_dispatch')
      .select(['recipient_id', 'delivered_at', 'received_at'])
      .where('patient_id', '=', patientId)
      .where('certificate_id', '=', id)
      .execute()
    return rows.map((row) => ({
      recipientId: row.recipient_id,
      deliveredAt: row.delivered_at,
      receivedAt: row.received_at,
    }))
  }
}
export type FindDispatches = ReturnType<typeof createFindDispatches>

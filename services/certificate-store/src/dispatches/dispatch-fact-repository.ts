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
        .where('patient_id', '=', patientId),
    )
    .onConflict((conflict) =>
      conflict.column('dispatch_id').doUpdateSet({ [moment]: new Date(at) }),
    )
    .execute()
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

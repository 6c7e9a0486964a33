import { DispatchDeliveredV1, DispatchReceivedV1, innerQueue } from '@minaintyg/contracts'
import type { EventData } from '@minaintyg/contracts'
import { createConsumer, idempotentHandler } from '@minaintyg/messaging'
import type { EventBus, MessageHandler, Worker } from '@minaintyg/messaging'
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Database, Tx } from '../database.ts'

type Fact = EventData<typeof DispatchDeliveredV1>
type Moment = 'delivered_at' | 'received_at'

/** Notes what became of a certificate; where the patient's copies are gone there is nothing to note it on. */
async function note(
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

const moments = [
  [DispatchDeliveredV1, 'delivered_at', 'dispatch-delivered'],
  [DispatchReceivedV1, 'received_at', 'dispatch-received'],
] as const

export const createDispatchFactHandlers = (db: Kysely<Database>) =>
  moments.map(([definition, moment, name]) => ({
    name,
    queue: innerQueue('certificate-store', definition.type),
    handler: idempotentHandler({
      db,
      handler: `certificate-store.${name}`,
      definition,
      handle: (fact, tx) => note(tx, fact, moment),
    }),
  }))

export const createDispatchFactConsumers = (
  bus: EventBus,
  handlers: readonly { name: string; queue: string; handler: MessageHandler }[],
): Worker[] =>
  handlers.map(({ name, queue, handler }) =>
    createConsumer({ name: `${name}-consumer`, bus, subscription: { queue }, handler }),
  )

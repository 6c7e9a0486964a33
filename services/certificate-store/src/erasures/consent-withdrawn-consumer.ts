import { ConsentWithdrawnV1, ErasureDoneV1, exchanges, innerQueue } from '@minaintyg/contracts'
import { createConsumer, enqueue, idempotentHandler } from '@minaintyg/messaging'
import type { EventBus, MessageHandler, Worker } from '@minaintyg/messaging'
import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'
import type { EraseCopies } from './erase-copies.ts'

export interface ConsentWithdrawnDeps {
  db: Kysely<Database>
  eraseCopies: EraseCopies
  now: () => Date
}

/** The gateway asks for the same at once; this is what holds when it could not. */
export const createConsentWithdrawnHandler = ({
  db,
  eraseCopies,
  now,
}: ConsentWithdrawnDeps): MessageHandler =>
  idempotentHandler({
    db,
    handler: 'certificate-store.consent-withdrawn',
    definition: ConsentWithdrawnV1,
    async handle({ patientId, withdrawalId }, tx) {
      await eraseCopies(tx, patientId, 'system')
      const done = { withdrawalId, part: 'certificate-store' as const, at: now().toISOString() }
      await enqueue(tx, ErasureDoneV1, done, {
        exchange: exchanges.events,
        source: '/minaintyg/certificate-store',
        subject: withdrawalId,
      })
    },
  })

export const createConsentWithdrawnConsumer = (
  bus: Pick<EventBus, 'subscribe'>,
  handler: MessageHandler,
): Worker =>
  createConsumer({
    name: 'consent-withdrawn-consumer',
    bus: bus as EventBus,
    subscription: { queue: innerQueue('certificate-store', ConsentWithdrawnV1.type) },
    handler,
  })

import { ConsentWithdrawnV1, innerQueue } from '@minaintyg/contracts'
import { createConsumer, idempotentHandler } from '@minaintyg/messaging'
import type { EventBus, MessageHandler, Worker } from '@minaintyg/messaging'
import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'
import type { EraseCopies } from './erase-copies.ts'

export interface ConsentWithdrawnDeps {
  db: Kysely<Database>
  eraseCopies: EraseCopies
}

/** The gateway asks for the same at once; this is what holds when it could not. */
export const createConsentWithdrawnHandler = ({
  db,
  eraseCopies,
}: ConsentWithdrawnDeps): MessageHandler =>
  idempotentHandler({
    db,
    handler: 'certificate-store.consent-withdrawn',
    definition: ConsentWithdrawnV1,
    async handle({ patientId }, tx) {
      await eraseCopies(tx, patientId, 'system')
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

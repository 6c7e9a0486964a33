import type { Kysely } from 'kysely'
import { ErasureDoneV1, erasureParts, innerQueue } from '@minaintyg/contracts'
import { PoisonMessageError } from '@minaintyg/errors'
import { createConsumer, idempotentHandler } from '@minaintyg/messaging'
import type { EventBus } from '@minaintyg/messaging'
import type { Worker } from '@minaintyg/service'
import type { Database } from '../database.ts'
import type { ErasureRepository } from './erasure-repository.ts'

interface Deps {
  bus: EventBus
  db: Kysely<Database>
  erasures: ErasureRepository
  now: () => Date
}

/** Writes down which part of a withdrawal is done. */
export const createErasureDoneConsumer = ({ bus, db, erasures, now }: Deps): Worker =>
  createConsumer({
    name: 'erasure-done-consumer',
    bus,
    subscription: { queue: innerQueue('consent', ErasureDoneV1.type) },
    handler: idempotentHandler({
      db,
      handler: 'consent.erasure-done',
      definition: ErasureDoneV1,
      async handle({ withdrawalId, part, at }, tx) {
        await erasures.lock(tx, withdrawalId)
        const done = { withdrawalId, part, doneAt: new Date(at), confirmedAt: now() }
        if (!(await erasures.confirm(tx, done))) {
          throw new PoisonMessageError('There is no such withdrawal')
        }
        const confirmed = await erasures.partsOf(withdrawalId, tx)
        if (confirmed.length === erasureParts.length) await erasures.finish(tx, withdrawalId)
      },
    }),
  })

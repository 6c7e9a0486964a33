import type { CloudEvent, EventData, EventDefinition } from '@minaintyg/contracts'
import { AppError, PoisonMessageError } from '@minaintyg/errors'
import { sql } from 'kysely'
import type { Kysely, Transaction } from 'kysely'
import { Value } from 'typebox/value'
import { decodeEvent } from './cloud-event.ts'
import type { Delivery, MessageHandler } from './event-bus.ts'
import type { InboxTables } from './tables.ts'

/** What a handler gets beside the event's data. */
export interface HandlerContext<Tables> {
  /** The effect goes through this; it commits together with the inbox row. */
  tx: Transaction<Tables>
  event: CloudEvent
  delivery: Delivery
}

/** How an event is handled once. */
export interface IdempotentHandlerOptions<Tables extends InboxTables, D extends EventDefinition> {
  db: Kysely<Tables>
  /** Names the effect; the same event may have several handlers. Never changes. */
  handler: string
  /** The event, or the events of one shape, that may come; any other is poison. */
  definition: D | readonly D[]
  /** Attempts after which an event is dead; 5 unless told. Counted in Postgres, so crashes count. */
  retryLimit?: number
  handle: (
    data: EventData<D>,
    tx: Transaction<Tables>,
    context: HandlerContext<Tables>,
  ) => Promise<void>
}

/** What may be kept of a failure: codes and kinds, as messages can hold what was in the data. */
const describe = (error: unknown) =>
  error instanceof AppError ? error.code : error instanceof Error ? error.name : typeof error

/** Counts an attempt before it is made. @returns undefined where the event has been handled */
async function countAttempt(db: Kysely<InboxTables>, eventId: string, handler: string) {
  const row = await db
    .insertInto('inbox')
    .values({ event_id: eventId, handler, last_error: null })
    .onConflict((conflict) =>
      conflict
        .columns(['event_id', 'handler'])
        .doUpdateSet({
          // A dead event that comes again was put back by a person: it starts anew.
          attempts: sql`case when inbox.dead_at is null then inbox.attempts + 1 else 1 end`,
          dead_at: null,
        })
        .where('inbox.handled_at', 'is', null),
    )
    .returning('attempts')
    .executeTakeFirst()
  return row?.attempts
}

async function handleOnce<Tables extends InboxTables, D extends EventDefinition>(
  { db, handler, handle }: IdempotentHandlerOptions<Tables, D>,
  event: CloudEvent,
  delivery: Delivery,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const inbox = tx as unknown as Transaction<InboxTables>
    const taken = await inbox
      .updateTable('inbox')
      .set({ handled_at: sql`now()`, last_error: null })
      .where('event_id', '=', event.id)
      .where('handler', '=', handler)
      .where('handled_at', 'is', null)
      .executeTakeFirst()
    if (taken.numUpdatedRows === 0n) return
    await handle(event.data as EventData<D>, tx, { tx, event, delivery })
  })
}

/**
 * Makes a handler that has its effect once however often an event is delivered: the inbox row and
 * the effect commit together. AppError and PoisonMessageError are dead letters at once.
 */
export function idempotentHandler<Tables extends InboxTables, D extends EventDefinition>(
  options: IdempotentHandlerOptions<Tables, D>,
): MessageHandler {
  const { handler, retryLimit = 5 } = options
  const definitions = new Map(
    [options.definition].flat().map((definition) => [(definition as D).type, definition as D]),
  )
  const db = options.db as unknown as Kysely<InboxTables>

  const recordFailure = async (eventId: string, error: unknown, dead: boolean) => {
    await db
      .updateTable('inbox')
      .set({ last_error: describe(error), ...(dead && { dead_at: sql<Date>`now()` }) })
      .where('event_id', '=', eventId)
      .where('handler', '=', handler)
      .execute()
  }

  return async (delivery) => {
    const event = decodeEvent(delivery.body)
    const definition = definitions.get(event.type)
    if (definition === undefined)
      throw new PoisonMessageError('An event of this type is not expected')
    const attempts = await countAttempt(db, event.id, handler)
    if (attempts === undefined) return
    try {
      if (attempts > retryLimit)
        throw new PoisonMessageError(`Given up after ${retryLimit} attempts`)
      if (!Value.Check(definition.data, event.data)) {
        throw new PoisonMessageError('The data breaks the contract of its type')
      }
      await handleOnce(options, event, delivery)
    } catch (error) {
      const hopeless = error instanceof AppError || error instanceof PoisonMessageError
      const dead = hopeless || attempts >= retryLimit
      await recordFailure(event.id, error, dead)
      if (dead && !hopeless) {
        throw new PoisonMessageError(`Given up after ${attempts} attempts`, { cause: error })
      }
      throw error
    }
  }
}

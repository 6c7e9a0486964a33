import type { Database, Tx } from '../database.ts'
import type { Kysely } from 'kysely'

/** What an operator did, by name; ids alone beside it. */
export interface OperatorAct {
  event:
    | 'dispatch-replayed'
    | 'dispatch-cancelled'
    | 'event-replayed'
    | 'dead-letter-replayed'
    | 'dead-letter-dropped'
  operator: string
  resourceId: string | undefined
  recipientId?: string | undefined
  queue?: string | undefined
  at: Date
}

/** Puts it on record, with the act itself where that is in a transaction. */
export async function recordAct(db: Tx | Kysely<Database>, act: OperatorAct): Promise<void> {
  await db
    .insertInto('audit_event')
    .values({
      at: act.at,
      event: act.event,
      reason: 'operator',
      resource_id: act.resourceId ?? null,
      patient_id: null,
      session_id: null,
      client_id: null,
      recipient_id: act.recipientId ?? null,
      route: act.queue ?? null,
      trace_id: null,
      operator: act.operator,
    })
    .execute()
}

import { createDatabase } from '@minaintyg/db'
import { AppError } from '@minaintyg/errors'
import type { Enqueuing, InboxTable, OutboxTable } from '@minaintyg/messaging'
import type { ColumnType, Generated, Kysely, Transaction } from 'kysely'
import type { CertificateChange, DispatchState } from './dispatches/dispatch-model.ts'
import { errors } from './errors.ts'

type Moment = ColumnType<Date | null, Date | null | undefined>

export interface DispatchTable {
  id: string
  position: Generated<number>
  patient_id: string
  certificate_id: string
  /** Of a forgotten one there are ids, a state and times. */
  certificate_type: string | null
  certificate_version: string | null
  certificate_name: string | null
  recipient_id: string
  state: DispatchState
  document_sha256: string | null
  document_size: number | null
  requested_at: Date
  delivered_at: Moment
  received_at: Moment
  fetched_at: Moment
  withdrawn_at: Moment
  withdrawal_told: Generated<boolean>
  forgotten_at: Moment
  replaced_by: string | null
}

interface TimelineEntryTable {
  dispatch_id: string
  position: Generated<number>
  state: DispatchState
  at: Date
  note: string | null
  change: ColumnType<CertificateChange | null, CertificateChange | undefined, never>
}

interface IdempotencyKeyTable {
  patient_id: string
  key: string
  request_hash: string
  dispatch_id: string
  answer: ColumnType<object | null, string, string | null>
  created_at: Date
}

interface RecipientCounterTable {
  recipient_id: string
  last_sequence: number
}

interface RecipientEventTable {
  id: string
  dispatch_id: string
  recipient_id: string
  type: string
  sequence: number | null
  numbered_at: Moment
  /** Null before it has a number, and where it is forgotten. */
  body: Buffer | null
  signature: string | null
  created_at: Date
}

interface ReceiptTable {
  recipient_id: string
  id: string
  dispatch_id: string
  kind: string
  at: Date
  received_at: Date
  reference: string | null
  reason: string | null
  question: string | null
}

interface AuditEventTable {
  id: Generated<number>
  at: Date
  event: string
  reason: string
  resource_id: string | null
  patient_id: string | null
  session_id: string | null
  client_id: string | null
  recipient_id: string | null
  route: string | null
  trace_id: string | null
  operator: string | null
}

export interface Database {
  dispatch: DispatchTable
  timeline_entry: TimelineEntryTable
  idempotency_key: IdempotencyKeyTable
  recipient_counter: RecipientCounterTable
  recipient_event: RecipientEventTable
  receipt: ReceiptTable
  audit_event: AuditEventTable
  outbox: OutboxTable
  inbox: InboxTable
}

export type Tx = Transaction<Database>
/** Of a transaction, with parts in it already (Kysely's `with`): each statement less is a round trip less. */
export type Statement = Enqueuing<Database>

const lockNotAvailable = '55P03'

/** The service's database, where a caller who waits for a dispatch that the relay holds is told so in time. */
export const openDatabase = (url: string, poolSize: number): Kysely<Database> =>
  createDatabase({ url, poolSize, lockTimeout: 3_000 })

/** A transaction for a caller who waits. @throws {AppError} where somebody else holds what it needs */
export async function inTransaction<T>(
  db: Kysely<Database>,
  run: (tx: Tx) => Promise<T>,
): Promise<T> {
  try {
    return await db.transaction().execute(run)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === lockNotAvailable) {
      throw new AppError(errors.dispatchBusy, { retryAfter: 3, cause: error })
    }
    throw error
  }
}

import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { inTransaction } from '../database.ts'
import type { Database, Statement, Tx } from '../database.ts'
import { endableStates, endedStates, transition } from './dispatch-model.ts'
import type { Dispatch, DispatchState, NewDispatch } from './dispatch-model.ts'
import { createDispatchQueries, toDispatch } from './dispatch-queries.ts'

const toRow = ({ certificate, document, ...dispatch }: NewDispatch) => ({
  id: dispatch.id,
  patient_id: dispatch.patientId,
  certificate_id: certificate.id,
  certificate_type: certificate.type.code,
  certificate_version: certificate.type.version,
  certificate_name: certificate.type.name,
  recipient_id: dispatch.recipientId,
  state: dispatch.state,
  document_sha256: document.sha256,
  document_size: document.size,
  requested_at: dispatch.requestedAt,
  replaced_by: null,
})

/** One statement for however many, so that it is prepared once. */
const anyOf = (ids: readonly string[]) => sql<string>`any(${ids}::uuid[])`

export interface Change {
  state?: DispatchState
  deliveredAt?: Date
  receivedAt?: Date
  withdrawnAt?: Date
  replacedBy?: string
}

/** What a transaction reads and changes. */
const inOneTransaction = {
  async listEndable(tx: Tx, patientId: string, requestedUntil: Date) {
    const rows = await tx
      .selectFrom('dispatch')
      .select('id')
      .where('patient_id', '=', patientId)
      .where('state', 'in', endableStates)
      .where('requested_at', '<=', requestedUntil)
      .orderBy('position')
      .execute()
    return rows.map(({ id }) => id)
  },
  /** Locked: all that were sent until then. */
  async lockAll(tx: Tx, patientId: string, requestedUntil: Date) {
    const rows = await tx
      .selectFrom('dispatch')
      .select('id')
      .where('patient_id', '=', patientId)
      .where('requested_at', '<=', requestedUntil)
      .orderBy('position')
      .forNoKeyUpdate()
      .execute()
    return rows.map(({ id }) => id)
  },
  async listOfCertificate(tx: Tx, certificateId: string, states: readonly DispatchState[]) {
    const rows = await tx
      .selectFrom('dispatch')
      .select('id')
      .where('certificate_id', '=', certificateId)
      .where('state', 'in', states)
      .orderBy('position')
      .execute()
    return rows.map(({ id }) => id)
  },
  /** «No key»: rows that refer to a dispatch may be written meanwhile. */
  async lock(tx: Tx, id: string): Promise<Dispatch | undefined> {
    const row = await tx
      .selectFrom('dispatch')
      .selectAll()
      .where('id', '=', id)
      .forNoKeyUpdate()
      .executeTakeFirst()
    return row === undefined ? undefined : toDispatch(row)
  },
  /** The same for many, in the order in which a patient's are locked. @returns those that there are, by id */
  async lockEach(tx: Tx, ids: readonly string[]): Promise<Map<string, Dispatch>> {
    if (ids.length === 0) return new Map()
    const rows = await tx
      .selectFrom('dispatch')
      .selectAll()
      .where('id', '=', anyOf(ids))
      .orderBy('position')
      .forNoKeyUpdate()
      .execute()
    return new Map(rows.map((row) => [row.id, toDispatch(row)]))
  },
  /** The broker has them: what waited for that is delivered, and the others are where receipts have brought them. */
  async confirmAll(tx: Tx, dispatches: readonly Dispatch[], at: Date): Promise<void> {
    for (const [state, moved] of Map.groupBy(dispatches, (each) =>
      transition(each.state, 'confirm'),
    )) {
      const ids = moved.map(({ id }) => id)
      await tx
        .updateTable('dispatch')
        .set({ delivered_at: at, ...(state !== undefined && { state }) })
        .where('id', '=', anyOf(ids))
        .execute()
      if (state === undefined) continue
      await sql`
        insert into timeline_entry (dispatch_id, state, at)
        select id, ${state}, ${at} from unnest(${ids}::uuid[]) as id`.execute(tx)
    }
  },
  /**
   * With the first entry of its timeline and what the statement holds already, in one go: the patient waits.
   * @returns ids of those that it takes the place of, as they are parked
   */
  async insert(statement: Statement, dispatch: NewDispatch): Promise<string[]> {
    const { id, patientId, certificate, recipientId, state, requestedAt } = dispatch
    const rows = await statement
      .with('sent', (query) => query.insertInto('dispatch').values(toRow(dispatch)))
      .with('entry', (query) =>
        query.insertInto('timeline_entry').values({ dispatch_id: id, state, at: requestedAt }),
      )
      .selectFrom('dispatch')
      .select('id')
      .where('patient_id', '=', patientId)
      .where('certificate_id', '=', certificate.id)
      .where('recipient_id', '=', recipientId)
      .where('state', '=', 'parked')
      .orderBy('position')
      .execute()
    return rows.map((row) => row.id)
  },
  async change(tx: Tx, id: string, change: Change): Promise<void> {
    await tx
      .updateTable('dispatch')
      .set({
        ...(change.state !== undefined && { state: change.state }),
        ...(change.deliveredAt !== undefined && { delivered_at: change.deliveredAt }),
        ...(change.receivedAt !== undefined && { received_at: change.receivedAt }),
        ...(change.withdrawnAt !== undefined && { withdrawn_at: change.withdrawnAt }),
        ...(change.replacedBy !== undefined && { replaced_by: change.replacedBy }),
      })
      .where('id', '=', id)
      .execute()
  },
  async addToTimeline(
    tx: Tx,
    id: string,
    entry: { state: DispatchState; at: Date; note?: string | null },
  ): Promise<void> {
    const { state, at, note = null } = entry
    await tx.insertInto('timeline_entry').values({ dispatch_id: id, state, at, note }).execute()
  },
}

/** What is a transaction of its own. */
const createOwnTransactions = (db: Kysely<Database>) => ({
  /** @returns false where it has ended meanwhile: then nothing may be handed out */
  async markFetched(id: string, at: Date): Promise<boolean> {
    const { numUpdatedRows } = await inTransaction(db, (tx) =>
      tx
        .updateTable('dispatch')
        .set({ fetched_at: sql<Date>`coalesce(fetched_at, ${at})` })
        .where('id', '=', id)
        .where('state', 'not in', endedStates)
        .executeTakeFirst(),
    )
    return numUpdatedRows > 0n
  },
  /** Counts those that a withdrawal ended, each in one answer only, whoever noticed it first. */
  async tellWithdrawn(patientId: string): Promise<number> {
    const { numUpdatedRows } = await db
      .updateTable('dispatch')
      .set({ withdrawal_told: true })
      .where('patient_id', '=', patientId)
      .where('withdrawn_at', 'is not', null)
      .where('withdrawal_told', '=', false)
      .executeTakeFirst()
    return Number(numUpdatedRows)
  },
})

export const createDispatchRepository = (db: Kysely<Database>) => ({
  ...createDispatchQueries(db),
  ...inOneTransaction,
  ...createOwnTransactions(db),
})
export type DispatchRepository = ReturnType<typeof createDispatchRepository>

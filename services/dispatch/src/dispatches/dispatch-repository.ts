import { sql } from 'kysely'
import type { Kysely, Selectable } from 'kysely'
import { inTransaction } from '../database.ts'
import type { Database, DispatchTable, Tx } from '../database.ts'
import { endableStates, endedStates, liveStates } from './dispatch-model.ts'
import type { Dispatch, DispatchState, DispatchWithTimeline } from './dispatch-model.ts'

export const toDispatch = (row: Selectable<DispatchTable>): Dispatch => ({
  id: row.id,
  position: row.position,
  patientId: row.patient_id,
  certificate: {
    id: row.certificate_id,
    type: {
      code: row.certificate_type,
      version: row.certificate_version,
      name: row.certificate_name,
    },
  },
  recipientId: row.recipient_id,
  state: row.state,
  document: { sha256: row.document_sha256, size: row.document_size },
  requestedAt: row.requested_at,
  deliveredAt: row.delivered_at,
  receivedAt: row.received_at,
  fetchedAt: row.fetched_at,
  withdrawnAt: row.withdrawn_at,
})

const toRow = ({ certificate, document, ...dispatch }: Omit<Dispatch, 'position'>) => ({
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
})

export interface Change {
  state?: DispatchState
  deliveredAt?: Date
  receivedAt?: Date
  withdrawnAt?: Date
}

export function createDispatchRepository(db: Kysely<Database>) {
  const all = () => db.selectFrom('dispatch').selectAll()

  async function withTimelines(dispatches: Dispatch[]): Promise<DispatchWithTimeline[]> {
    if (dispatches.length === 0) return []
    const ids = dispatches.map(({ id }) => id)
    const rows = await db
      .selectFrom('timeline_entry')
      .selectAll()
      .where('dispatch_id', 'in', ids)
      .orderBy('position')
      .execute()
    const entries = Map.groupBy(rows, (row) => row.dispatch_id)
    return dispatches.map((dispatch) => ({
      ...dispatch,
      timeline: (entries.get(dispatch.id) ?? []).map(({ state, at, note }) => ({
        state,
        at,
        note,
      })),
    }))
  }

  return {
    async findForPatient(patientId: string, id: string) {
      const row = await all()
        .where('id', '=', id)
        .where('patient_id', '=', patientId)
        .executeTakeFirst()
      return row === undefined ? undefined : (await withTimelines([toDispatch(row)]))[0]
    },
    async findForRecipient(recipientId: string, id: string) {
      const row = await all()
        .where('id', '=', id)
        .where('recipient_id', '=', recipientId)
        .executeTakeFirst()
      return row === undefined ? undefined : toDispatch(row)
    },
    async listForPatient(
      patientId: string,
      options: { before: number | undefined; limit: number },
    ) {
      let query = all().where('patient_id', '=', patientId)
      if (options.before !== undefined) query = query.where('position', '<', options.before)
      const rows = await query.orderBy('position', 'desc').limit(options.limit).execute()
      return withTimelines(rows.map(toDispatch))
    },
    /** Newest first. */
    async listForCertificate(patientId: string, certificateId: string) {
      const rows = await all()
        .where('patient_id', '=', patientId)
        .where('certificate_id', '=', certificateId)
        .orderBy('position', 'desc')
        .execute()
      return withTimelines(rows.map(toDispatch))
    },
    async findLive(patientId: string, certificateId: string, recipientId: string) {
      const row = await all()
        .where('patient_id', '=', patientId)
        .where('certificate_id', '=', certificateId)
        .where('recipient_id', '=', recipientId)
        .where('state', 'in', liveStates)
        .executeTakeFirst()
      return row === undefined ? undefined : toDispatch(row)
    },
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
    async listEndableOfCertificate(tx: Tx, certificateId: string) {
      const rows = await tx
        .selectFrom('dispatch')
        .select('id')
        .where('certificate_id', '=', certificateId)
        .where('state', 'in', endableStates)
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
    async insert(tx: Tx, dispatch: Omit<Dispatch, 'position'>): Promise<void> {
      await tx.insertInto('dispatch').values(toRow(dispatch)).execute()
    },
    async change(tx: Tx, id: string, change: Change): Promise<void> {
      await tx
        .updateTable('dispatch')
        .set({
          ...(change.state !== undefined && { state: change.state }),
          ...(change.deliveredAt !== undefined && { delivered_at: change.deliveredAt }),
          ...(change.receivedAt !== undefined && { received_at: change.receivedAt }),
          ...(change.withdrawnAt !== undefined && { withdrawn_at: change.withdrawnAt }),
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
  }
}
export type DispatchRepository = ReturnType<typeof createDispatchRepository>

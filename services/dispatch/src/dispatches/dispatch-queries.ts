import type { Kysely, Selectable } from 'kysely'
import type { Database, DispatchTable } from '../database.ts'
import { liveStates } from './dispatch-model.ts'
import type { CertificateType, Dispatch, DispatchWithTimeline } from './dispatch-model.ts'

type Row = Selectable<DispatchTable>

function typeOf(row: Row): CertificateType | null {
  const { certificate_type: code, certificate_version: version, certificate_name: name } = row
  return code === null || version === null || name === null ? null : { code, version, name }
}
const documentOf = ({ document_sha256: sha256, document_size: size }: Row) =>
  sha256 === null || size === null ? null : { sha256, size }

export const toDispatch = (row: Row): Dispatch => ({
  id: row.id,
  position: row.position,
  patientId: row.patient_id,
  certificate: { id: row.certificate_id, type: typeOf(row) },
  recipientId: row.recipient_id,
  state: row.state,
  document: documentOf(row),
  requestedAt: row.requested_at,
  deliveredAt: row.delivered_at,
  receivedAt: row.received_at,
  fetchedAt: row.fetched_at,
  withdrawnAt: row.withdrawn_at,
  forgottenAt: row.forgotten_at,
  replacedBy: row.replaced_by,
})

async function addTimelines(
  db: Kysely<Database>,
  dispatches: Dispatch[],
): Promise<DispatchWithTimeline[]> {
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
    timeline: (entries.get(dispatch.id) ?? []).map(({ state, at, note, change }) => ({
      state,
      at,
      note,
      change,
    })),
  }))
}

/** What is read without a lock. */
export function createDispatchQueries(db: Kysely<Database>) {
  const all = () => db.selectFrom('dispatch').selectAll()
  const withTimelines = (dispatches: Dispatch[]) => addTimelines(db, dispatches)

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
  }
}

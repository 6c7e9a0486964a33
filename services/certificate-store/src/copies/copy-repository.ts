import { sql } from 'kysely'
import type { Insertable, Kysely } from 'kysely'
import type { CertificateTable, Database, Tx } from '../database.ts'
import type { Copy } from './make-copy.ts'

/** What is known of a stored copy before it is compared with what the journal has now. */
export interface KnownCopy {
  id: string
  journalId: string
  fingerprint: string
  revoked: boolean
}

/** A journal's share of a patient's copies. */
export interface Owner {
  patientId: string
  sourceId: string
}

const rowsAtATime = 25

/** The journal's bytes are kept as they first came: what was sent must still be there, byte for byte. */
const refreshed = [
  'type_code',
  'type_version',
  'unit_id',
  'issued_at',
  'readable',
  'revoked_at',
  'sent_by_care_at',
  'fingerprint',
  'sealed_line',
  'sealed_content',
] as const satisfies (keyof CertificateTable)[]

async function upsert(tx: Tx, rows: Insertable<CertificateTable>[]) {
  return tx
    .insertInto('certificate')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['patient_id', 'source_id', 'journal_id']).doUpdateSet((eb) => ({
        ...Object.fromEntries(refreshed.map((column) => [column, eb.ref(`excluded.${column}`)])),
        sealed_document: sql<Buffer>`coalesce(certificate.sealed_document, excluded.sealed_document)`,
        document_sha256: sql<string>`coalesce(certificate.document_sha256, excluded.document_sha256)`,
        document_size: sql<number>`coalesce(certificate.document_size, excluded.document_size)`,
      })),
    )
    .returning(['id', 'journal_id'])
    .execute()
}

async function writeRelations(tx: Tx, copies: readonly Copy[], ids: Map<string, string>) {
  const certificateIds = copies.map(({ row }) => ids.get(row.journal_id) ?? row.id)
  await tx
    .deleteFrom('certificate_relation')
    .where('certificate_id', 'in', certificateIds)
    .execute()
  const relations = copies.flatMap(({ row, relations: each }) =>
    each.map(({ kind, toJournalId }) => ({
      certificate_id: ids.get(row.journal_id) ?? row.id,
      patient_id: row.patient_id,
      kind,
      to_journal_id: toJournalId,
    })),
  )
  if (relations.length > 0) await tx.insertInto('certificate_relation').values(relations).execute()
}

export function createCopyRepository(db: Kysely<Database>) {
  async function findKnown({ patientId, sourceId }: Owner, tx?: Tx): Promise<KnownCopy[]> {
    const rows = await (tx ?? db)
      .selectFrom('certificate')
      .select(['id', 'journal_id', 'fingerprint', 'revoked_at'])
      .where('patient_id', '=', patientId)
      .where('source_id', '=', sourceId)
      .execute()
    return rows.map(({ id, journal_id, fingerprint, revoked_at }) => ({
      id,
      journalId: journal_id,
      fingerprint,
      revoked: revoked_at !== null,
    }))
  }

  return {
    findKnown,

    /** Writes new and changed copies. @returns the id of each by its journal's id */
    async write(tx: Tx, copies: readonly Copy[]): Promise<Map<string, string>> {
      const ids = new Map<string, string>()
      for (let at = 0; at < copies.length; at += rowsAtATime) {
        const some = copies.slice(at, at + rowsAtATime)
        const written = await upsert(
          tx,
          some.map(({ row }) => row),
        )
        for (const { id, journal_id } of written) ids.set(journal_id, id)
        await writeRelations(tx, some, ids)
      }
      return ids
    },

    /** When each journal last answered for the patient. */
    async findFetches(patientId: string): Promise<Map<string, Date>> {
      const rows = await db
        .selectFrom('journal_fetch')
        .select(['source_id', 'fetched_at'])
        .where('patient_id', '=', patientId)
        .execute()
      return new Map(rows.map(({ source_id, fetched_at }) => [source_id, fetched_at]))
    },
  }
}
export type CopyRepository = ReturnType<typeof createCopyRepository>

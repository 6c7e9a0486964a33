import { sql } from 'kysely'
import type { Insertable, Kysely } from 'kysely'
import type { CertificateTable, Database, Tx } from '../database.ts'
import type { Slicer } from '../rivta/slices.ts'
import type { Copy } from './make-copy.ts'

/** What is known of a stored copy before it is compared with what the journal has now. */
export interface KnownCopy {
  id: string
  journalId: string
  fingerprint: string
  revoked: boolean
}

/** By journal. */
export type Fetches = ReadonlyMap<string, { at: Date; revision: string | null }>

/** A journal's share of a patient's copies. */
export interface Owner {
  patientId: string
  sourceId: string
}

// To write one certificate takes a millisecond of this process: of building, copying and sending.
const rowsAtATime = 10

/** The journal's bytes are kept as they first came: what was sent must still be there, byte for byte. */
const refreshed = [
  'type_code',
  'type_version',
  'unit_id',
  'issued_at',
  'readable',
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
        // Of what could not be read not even the type was sure.
        id: sql<string>`case when certificate.readable then certificate.id else excluded.id end`,
        // A revocation is final: a journal that pushed one may not have it in its list yet.
        revoked_at: sql<Date>`coalesce(certificate.revoked_at, excluded.revoked_at)`,
        sealed_document: sql<Buffer>`coalesce(certificate.sealed_document, excluded.sealed_document)`,
        document_sha256: sql<string>`coalesce(certificate.document_sha256, excluded.document_sha256)`,
        document_size: sql<number>`coalesce(certificate.document_size, excluded.document_size)`,
      })),
    )
    .returning(['id', 'journal_id'])
    .execute()
}

async function writeRelations(tx: Tx, copies: readonly Copy[]) {
  const relations = copies.flatMap(({ row, relations: each }) =>
    each.map(({ kind, toJournalId }) => ({
      patient_id: row.patient_id,
      source_id: row.source_id,
      journal_id: row.journal_id,
      kind,
      to_journal_id: toJournalId,
    })),
  )
  const owners = copies.map(({ row }) => [row.patient_id, row.source_id, row.journal_id] as const)
  await tx
    .deleteFrom('certificate_relation')
    .where((eb) =>
      eb(
        eb.refTuple('patient_id', 'source_id', 'journal_id'),
        'in',
        owners.map((owner) => eb.tuple(...owner)),
      ),
    )
    .execute()
  if (relations.length > 0) await tx.insertInto('certificate_relation').values(relations).execute()
}

export function createCopyRepository(db: Kysely<Database>, { rest }: Pick<Slicer, 'rest'>) {
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
        await rest()
        const written = await upsert(
          tx,
          some.map(({ row }) => row),
        )
        for (const { id, journal_id } of written) ids.set(journal_id, id)
        await writeRelations(tx, some)
      }
      return ids
    },

    /** When each journal last answered for the patient, and what words its copies have. */
    async findFetches(patientId: string): Promise<Fetches> {
      const rows = await db
        .selectFrom('journal_fetch')
        .select(['source_id', 'fetched_at', 'catalogue_revision'])
        .where('patient_id', '=', patientId)
        .execute()
      return new Map(
        rows.map(({ source_id, fetched_at, catalogue_revision }) => [
          source_id,
          { at: fetched_at, revision: catalogue_revision },
        ]),
      )
    },
  }
}
export type CopyRepository = ReturnType<typeof createCopyRepository>

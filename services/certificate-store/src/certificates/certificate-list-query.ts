import { CompiledQuery, sql } from 'kysely'
import type { InferResult, Kysely } from 'kysely'
import type { Fetches } from '../copies/copy-repository.ts'
import type { PatientKeyRepository } from '../copies/patient-key-repository.ts'
import { openLine } from '../copies/sealed-parts.ts'
import type { CertificateLine } from '../copies/sealed-parts.ts'
import type { Database } from '../database.ts'
import { columns, sentAt, toCertificate } from './stored-certificate.ts'
import type { Row, StoredCertificate } from './stored-certificate.ts'

export interface ListedCertificate extends StoredCertificate {
  /** Opened only for what is shown. */
  line: () => CertificateLine
}

export interface PatientsCertificates {
  /** By journal. */
  fetches: Fetches
  certificates: ListedCertificate[]
}

function toFetches(aggregated: string | null): Fetches {
  const bySource = JSON.parse(aggregated ?? '{}') as Record<
    string,
    { at: number; revision: string | null }
  >
  return new Map(
    Object.entries(bySource).map(([id, { at, revision }]) => [
      id,
      { at: new Date(Math.round(at * 1_000)), revision },
    ]),
  )
}

/** What a left join gives: all of it is null where there is none. */
type Joined<T> = { [K in keyof T]: T[K] | null }

const toListed =
  (key: Buffer) =>
  (row: Joined<Row & { sealed_line: Buffer }>): ListedCertificate[] => {
    if (row.id === null) return []
    const there = row as Row & { sealed_line: Buffer }
    const certificate = toCertificate(there)
    let opened: CertificateLine | undefined
    return [
      {
        ...certificate,
        line: () => (opened ??= openLine(key, there.sealed_line, certificate)),
      },
    ]
  }

const anyPatient = '00000000-0000-0000-0000-000000000000'

/** One journey to the database: the key and the journals' answers come with every certificate, or with none. */
export const listedOf = (db: Kysely<Database>, patientId: string) =>
  db
    .selectFrom('patient_key')
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('journal_fetch')
          .select(
            sql<string | null>`json_object_agg(source_id, json_build_object(
            'at', extract(epoch from fetched_at), 'revision', catalogue_revision))::text`.as(
              'fetches',
            ),
          )
          .whereRef('journal_fetch.patient_id', '=', 'patient_key.patient_id')
          .as('journals'),
      (join) => join.onTrue(),
    )
    .leftJoin('certificate', (join) =>
      join
        .onRef('certificate.patient_id', '=', 'patient_key.patient_id')
        .on('certificate.leads', '=', true),
    )
    .select(columns.map((column) => `certificate.${column}` as const))
    .select(['patient_key.sealed_key', 'journals.fetches', 'certificate.sealed_line', sentAt])
    .where('patient_key.patient_id', '=', patientId)

/** All that the patient has, and no journal has taken away, each once; and when each journal last answered. */
export function createListQuery(db: Kysely<Database>, keys: PatientKeyRepository) {
  // Built once: to build it for each list takes as long as to read its rows.
  const template = listedOf(db, anyPatient).compile()
  type Listed = InferResult<typeof template>[number]
  async function executeListed(patientId: string): Promise<Listed[]> {
    const parameters = template.parameters.map((each) => (each === anyPatient ? patientId : each))
    const query = CompiledQuery.raw(template.sql, parameters) as CompiledQuery<Listed>
    return (await db.executeQuery(query)).rows
  }

  return async (patientId: string): Promise<PatientsCertificates> => {
    const rows = await executeListed(patientId)
    const [first] = rows
    if (first === undefined) return { fetches: new Map(), certificates: [] }
    const key = await keys.open(patientId, first.sealed_key)
    return { fetches: toFetches(first.fetches), certificates: rows.flatMap(toListed(key)) }
  }
}

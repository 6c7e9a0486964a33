import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { createKeyring, newDataKey } from '@minaintyg/crypto'
import { sealContent, sealLine } from '../src/copies/sealed-parts.ts'
import type { CertificateLine } from '../src/copies/sealed-parts.ts'
import { standardCatalogue } from '../src/structure/catalogue.ts'

/** Two journals, both of which have answered. */
export const sources = ['region-norr', 'intygstjansten'] as const

const line: CertificateLine = {
  typeName: {
    sv: 'Läkarintyg för sjukpenning',
    en: 'Medical certificate for sickness benefit',
  },
  issuer: { name: 'Doktor Berg' },
  unit: { id: 'SE-U1', name: 'Fjällets vårdcentral' },
  careProvider: { id: 'SE-G1', name: 'Region Norr' },
  period: { from: '2026-01-01', to: '2026-01-31' },
  summary: {
    sv: { label: 'Gäller intygsperiod', value: '2026-01-01 – 2026-01-31' },
    en: { label: 'Applies to', value: '2026-01-01 – 2026-01-31' },
  },
}
const content = { certificates: null, infectionControl: false }
const types = ['LISJP', 'LUSE', 'AG7804', 'TSTRK1007']

interface Seed {
  database: string
  masterKeys: string
  certificates: number
}

/** A patient whose copies are as the service itself would have sealed them, and fresh. @returns the patient's id */
export async function seedPatient({ database, masterKeys, certificates }: Seed): Promise<string> {
  const patientId = randomUUID()
  const key = newDataKey()
  const sealedKey = createKeyring(masterKeys).seal(key, patientId)
  const rows = Array.from({ length: certificates }, (_, index) => {
    const [sourceId, journalId] = [sources[index % 2] ?? sources[0], `seed-${index}`]
    const identity = { patientId, sourceId, journalId }
    return {
      id: randomUUID(),
      source_id: sourceId,
      journal_id: journalId,
      type_code: types[index % types.length],
      at: new Date(Date.now() - index * 5 * 86_400_000).toISOString(),
      sealed_line: sealLine(key, line, identity).toString('hex'),
      sealed_content: sealContent(key, content, identity).toString('hex'),
    }
  })
  const client = new pg.Client({ connectionString: database })
  await client.connect()
  try {
    await client.query(
      'insert into patient_key (patient_id, key_id, sealed_key) values ($1, $2, $3)',
      [patientId, randomUUID(), sealedKey],
    )
    await client.query(
      `insert into journal_fetch (patient_id, source_id, fetched_at, catalogue_revision)
       select $1, unnest($2::text[]), now(), $3`,
      [patientId, sources, standardCatalogue().revision],
    )
    await client.query(
      `insert into certificate (id, patient_id, source_id, journal_id, type_code, type_version, unit_id,
         issued_at, listed_at, readable, fingerprint, sealed_line, sealed_content, stored_at)
       select id, $1, source_id, journal_id, type_code, '1.3', 'SE-U1', at, at, true, '',
         decode(sealed_line, 'hex'), decode(sealed_content, 'hex'), now()
       from json_to_recordset($2) as seed(id uuid, source_id text, journal_id text, type_code text,
         at timestamptz, sealed_line text, sealed_content text)`,
      [patientId, JSON.stringify(rows)],
    )
  } finally {
    await client.end()
  }
  return patientId
}

import pg from 'pg'

const certificatesOfOne = 20

/**
 * Other patients' certificates, made by the server itself: as large as real ones are in the list, and never opened.
 */
export async function fillWithOthers(ownerUrl: string, certificates: number): Promise<void> {
  const patients = Math.ceil(certificates / certificatesOfOne)
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    // To look up the patient of every row would take most of the time.
    await client.query('alter table certificate drop constraint certificate_patient_id_fkey')
    await client.query(
      `insert into patient_key (patient_id, key_id, sealed_key)
       select lpad(to_hex(n), 32, '0')::uuid, gen_random_uuid(), decode(repeat('ab', 80), 'hex')
       from generate_series(1, $1::bigint) n`,
      [patients],
    )
    // In the order of the indexes, so that they grow at their ends.
    await client.query(
      `insert into certificate (id, patient_id, source_id, journal_id, type_code, type_version, unit_id, issued_at,
         listed_at, readable, fingerprint, sealed_line, sealed_content, stored_at)
       select lpad(to_hex((n - 1) * $2::bigint + m), 32, 'f')::uuid, lpad(to_hex(n), 32, '0')::uuid, 'region-norr',
         'other-' || lpad(((n - 1) * $2::bigint + m)::text, 9, '0'), 'LISJP', '1.3', 'SE-U1',
         now() - m * interval '5 days', now() - m * interval '5 days', true, '',
         decode(repeat('ab', 400), 'hex'), decode(repeat('ab', 40), 'hex'), now()
       from generate_series(1, $1::bigint) n cross join generate_series(1, $2::bigint) m
       order by n, m`,
      [patients, certificatesOfOne],
    )
    await client.query(
      'alter table certificate add foreign key (patient_id) references patient_key on delete cascade',
    )
    await client.query('vacuum (analyze) certificate')
    await client.query('vacuum (analyze) patient_key')
  } finally {
    await client.end()
  }
}

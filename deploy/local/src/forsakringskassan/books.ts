import { createPostgresStore, recipientInboxSql } from '@minaintyg/recipient-kit'
import pg from 'pg'

/** What is kept of a dispatch: ids and times alone. */
export interface Case {
  dispatchId: string
  certificateId: string
  type: string
  sequence: number
  sha256: string
  size: number
  reference: string
  requestedAt: string
  receivedAt: string
  receipts: string[]
  revokedAt: string | null
}

export type NewCase = Omit<Case, 'reference' | 'revokedAt'>

/** What shows whether every dispatch had its effect once. */
export interface BooksSummary {
  cases: number
  dispatches: number
  /** Dispatches that have more than one case: there must be none. */
  bookedTwice: string[]
}

const schema = 'books'
const mostListed = 1_000

// No key on the dispatch: books that could not hold it twice would prove nothing.
const tables = `
create schema if not exists ${schema};
${recipientInboxSql};
create table if not exists booked_case (
  number bigint generated always as identity primary key,
  dispatch_id uuid not null,
  certificate_id text not null,
  type text not null,
  sequence bigint not null,
  sha256 text not null,
  size bigint not null,
  receipts text[] not null,
  requested_at timestamptz not null,
  received_at timestamptz not null
);
create index if not exists booked_case_dispatch on booked_case (dispatch_id);
create table if not exists booked_revocation (
  dispatch_id uuid primary key,
  revoked_at timestamptz not null
);`

const listed = `
select c.*, r.revoked_at from booked_case c left join booked_revocation r using (dispatch_id)
order by number desc limit ${mostListed}`
const summed = `
select count(*)::int as cases, count(distinct dispatch_id)::int as dispatches from booked_case`
const doubled = `
select dispatch_id from booked_case group by dispatch_id having count(*) > 1 limit ${mostListed}`

interface Row {
  number: string
  dispatch_id: string
  certificate_id: string
  type: string
  sequence: string
  sha256: string
  size: string
  receipts: string[]
  requested_at: Date
  received_at: Date
  revoked_at: Date | null
}

const referenceOf = (number: string | number) => `FK-${String(number).padStart(6, '0')}`

const toCase = (row: Row): Case => ({
  dispatchId: row.dispatch_id,
  certificateId: row.certificate_id,
  type: row.type,
  sequence: Number(row.sequence),
  sha256: row.sha256,
  size: Number(row.size),
  reference: referenceOf(row.number),
  requestedAt: row.requested_at.toISOString(),
  receivedAt: row.received_at.toISOString(),
  receipts: row.receipts,
  revokedAt: row.revoked_at?.toISOString() ?? null,
})

/** What is written with the kit's transaction: it commits with the memory of the event. */
const written = {
  /** @returns the authority's own number of the case */
  async open(tx: pg.PoolClient, booked: NewCase): Promise<string> {
    const { rows } = await tx.query<{ number: string }>(
      `insert into booked_case (dispatch_id, certificate_id, type, sequence, sha256, size, receipts, requested_at, received_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning number`,
      [
        booked.dispatchId,
        booked.certificateId,
        booked.type,
        booked.sequence,
        booked.sha256,
        booked.size,
        booked.receipts,
        booked.requestedAt,
        booked.receivedAt,
      ],
    )
    return referenceOf(rows[0]?.number ?? '')
  },
  async revoke(tx: pg.PoolClient, dispatchId: string, at: string): Promise<void> {
    await tx.query(
      'insert into booked_revocation (dispatch_id, revoked_at) values ($1, $2) on conflict do nothing',
      [dispatchId, at],
    )
  },
}

/** The authority's books, in a Postgres of its own. */
export async function openBooks(databaseUrl: string) {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 10,
    connectionTimeoutMillis: 3_000,
    statement_timeout: 5_000,
    options: `-c search_path=${schema}`,
  })
  // Without a listener, a restart of Postgres would end the process.
  pool.on('error', () => undefined)
  await pool.query(tables)
  return {
    ...written,
    store: createPostgresStore<pg.PoolClient>(pool),
    /** The newest first. */
    list: async (): Promise<Case[]> => (await pool.query<Row>(listed)).rows.map(toCase),
    async summary(): Promise<BooksSummary> {
      const { rows } = await pool.query<{ cases: number; dispatches: number }>(summed)
      const twice = await pool.query<{ dispatch_id: string }>(doubled)
      const { cases = 0, dispatches = 0 } = rows[0] ?? {}
      return { cases, dispatches, bookedTwice: twice.rows.map(({ dispatch_id }) => dispatch_id) }
    },
    close: () => pool.end(),
  }
}
export type Books = Awaited<ReturnType<typeof openBooks>>

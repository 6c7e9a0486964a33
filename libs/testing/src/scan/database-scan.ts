import { channel } from 'node:diagnostics_channel'
import pg from 'pg'
import { tableChannel } from './listen.ts'

const watched = channel(tableChannel)

/** Text, JSON, numbers and arrays as they are, and bytes as what they would read: what is sealed reads as nothing. */
const columnsQuery = `
  select format('%I.%I', n.nspname, c.relname) as table, a.attname as column,
    case when t.typname = 'bytea' then format('regexp_replace(encode(%I, ''escape''), ''\\\\[0-7]{3}'', '' '', ''g'')', a.attname)
      else format('%I::text', a.attname) end as text
  from pg_attribute a
  join pg_class c on c.oid = a.attrelid
  join pg_namespace n on n.oid = c.relnamespace
  join pg_type t on t.oid = a.atttypid
  where c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
    and n.nspname not in ('pg_catalog', 'information_schema')
    and (t.typname in ('text', 'varchar', 'bpchar', 'json', 'jsonb', 'bytea', 'int8', 'numeric')
      or t.typcategory = 'A')`

/** In Postgres’s own words, wider than what is told in the end. */
const suspect = '(^|[^0-9a-fA-F])(18|19|20)?[0-9]{6}[-+]?[0-9]{4}($|[^0-9a-fA-F])'
const most = 200

interface Column {
  table: string
  column: string
  text: string
}

const isOfEvents = (table: string) => /outbox|inbox|event|pgboss/.test(table)

/** Tells the scan of the test run which columns there are, and what in them looks like a number. */
export async function scanDatabase(url: string): Promise<void> {
  if (!watched.hasSubscribers) return
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows: columns } = await client.query<Column>(columnsQuery)
    if (columns.length === 0) return
    const parts = columns.map(
      ({ table, text }, index) =>
        `select ${index} as index, left(${text}, 10000) as value from ${table} where ${text} ~ '${suspect}'`,
    )
    const { rows } = await client.query<{ index: number; value: string }>(
      `select * from (${parts.join(' union all ')}) as all_columns limit ${most}`,
    )
    for (const { table, column } of columns) {
      watched.publish({
        channel: isOfEvents(table) ? 'event' : 'table',
        text: `${table}.${column}`,
      })
    }
    for (const { index, value } of rows) {
      const { table = '', column = '' } = columns[index] ?? {}
      watched.publish({
        channel: isOfEvents(table) ? 'event' : 'table',
        text: `${table}.${column}: ${value}`,
      })
    }
  } finally {
    await client.end()
  }
}

import type pg from 'pg'

/** Every row of every table, as text: also what is bytes. */
export async function rowsOfAllTables(owner: pg.Client): Promise<{ table: string; row: string }[]> {
  const { rows } = await owner.query(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`,
  )
  const asText = (value: unknown) =>
    value instanceof Buffer ? value.toString() : JSON.stringify(value)
  const found: { table: string; row: string }[] = []
  for (const { name } of rows) {
    const { rows: each } = await owner.query(`select * from ${name}`)
    for (const row of each) {
      found.push({ table: String(name), row: Object.values(row).map(asText).join(' ') })
    }
  }
  return found
}

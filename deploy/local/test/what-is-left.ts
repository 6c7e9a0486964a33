import type { RunningSystem } from './running-system.ts'

const databases = ['identity', 'consent', 'certificate_store', 'dispatch', 'events']

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (Array.isArray(value)) for (const each of value) yield* textsIn(each)
  else if (value !== null && typeof value === 'object') yield* textsIn(Object.values(value))
}

/** What of a certificate, as the public API tells it, would be recognised anywhere: sentences, not codes or flags. */
export function contentOf(certificate: { sections: unknown; issuer: unknown }): string[] {
  const texts = [...textsIn(certificate.sections), ...textsIn(certificate.issuer)]
  return [...new Set(texts.flatMap((text) => text.split('\n')))].filter((text) => text.length > 15)
}

/** A cell as text, bytes as whatever text is in them. */
const readable = (cell: unknown): string =>
  Buffer.isBuffer(cell)
    ? `${cell.toString('utf8')}\n${cell.toString('utf16le')}`
    : JSON.stringify(cell ?? null)

/** Every table of every database, the queues of the embedded event bus among them. @returns where something was found */
export async function findInDatabases(
  system: Pick<RunningSystem, 'query'>,
  needles: readonly string[],
): Promise<string[]> {
  const found = new Set<string>()
  for (const database of databases) {
    const tables = await system.query<{ name: string }>(
      database,
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
    )
    for (const { name } of tables) {
      for (const row of await system.query(database, `select * from ${name}`)) {
        for (const [column, cell] of Object.entries(row)) {
          const text = readable(cell)
          if (needles.some((needle) => text.includes(needle))) {
            found.add(`${database}.${name}.${column}`)
          }
        }
      }
    }
  }
  return [...found]
}

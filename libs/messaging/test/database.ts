import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createDatabase } from '@minaintyg/db'
import { createTestDatabase } from '@minaintyg/testing'
import { sql } from 'kysely'
import type { Generated, Kysely } from 'kysely'
import type { InboxTables, OutboxTables } from '../src/index.ts'

/** A service's database with both tables and one of its own, for effects. */
export interface Tables extends OutboxTables, InboxTables {
  effect: { id: Generated<number>; note: string }
}

export interface MessagingDatabase {
  url: string
  db: Kysely<Tables>
  clear: () => Promise<void>
  drop: () => Promise<void>
}

const sqlFolder = join(import.meta.dirname, '../sql')

export async function createMessagingDatabase(): Promise<MessagingDatabase> {
  const database = await createTestDatabase()
  const db = createDatabase<Tables>({ url: database.url })
  for (const file of ['outbox.sql', 'inbox.sql']) {
    await sql.raw(await readFile(join(sqlFolder, file), 'utf8')).execute(db)
  }
  await sql`create table effect (id bigint generated always as identity, note text not null)`.execute(
    db,
  )
  return {
    url: database.url,
    db,
    clear: async () => {
      await sql`truncate outbox, inbox, effect`.execute(db)
    },
    drop: async () => {
      await db.destroy()
      await database.drop()
    },
  }
}

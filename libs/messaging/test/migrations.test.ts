import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../..')
const migrations = globSync('services/*/migrations/*.sql', { cwd: root })
const textOf = (path: string) => readFileSync(join(root, path), 'utf8')

/** A service copies the file into a migration of its own; a changed table needs a new migration. */
describe.each(['outbox', 'inbox'])('every migration that creates the table %s', (table) => {
  const expected = textOf(`libs/messaging/sql/${table}.sql`).trim()
  const creating = migrations.filter((path) => textOf(path).includes(`create table ${table} (`))

  test('does so as libs/messaging has it', () => {
    expect(creating.filter((path) => !textOf(path).includes(expected))).toEqual([])
  })
})

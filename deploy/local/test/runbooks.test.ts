import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createTestDatabase } from '@minaintyg/testing'
import type { TestDatabase } from '@minaintyg/testing'
import pg from 'pg'

const root = join(import.meta.dirname, '../../..')
const folder = join(root, 'deploy/monitoring/runbooks')
const pages = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(join(folder, name), 'utf8'),
}))
/** What stands between backticks, by page. */
const told = pages.flatMap(({ name, text }) =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => ({ name, code })),
)

const owners = ['identity', 'consent', 'certificate-store', 'dispatch']
const databases: TestDatabase[] = []

beforeAll(async () => {
  for (const owner of owners) databases.push(await createTestDatabase(owner))
})
afterAll(async () => {
  for (const database of databases) await database.drop()
})

/** Whether one of the databases takes it as it stands there; the dots stand for an id. */
async function isUnderstood(statement: string): Promise<boolean> {
  for (const { ownerUrl } of databases) {
    const client = new pg.Client(ownerUrl)
    await client.connect()
    try {
      await client.query(`explain ${statement.replaceAll('…', 'null')}`)
      return true
    } catch {
      // It has no such table; another may.
    } finally {
      await client.end()
    }
  }
  return false
}

test('every statement is one that a database of ours understands', async () => {
  const statements = told.filter(({ code }) => /^(select|update) /.test(code))
  expect(statements.length).toBeGreaterThan(6)
  const wrong: object[] = []
  for (const each of statements) if (!(await isUnderstood(each.code))) wrong.push(each)
  expect(wrong).toEqual([])
  expect(await isUnderstood('select no_such_column from outbox')).toBe(false)
})

test('every command of make, and every file, is there', () => {
  const targets = readFileSync(join(root, 'Makefile'), 'utf8')
  const made = told.flatMap(({ name, code }) => {
    const [, target] = /^make ([a-z-]+)/.exec(code) ?? []
    return target === undefined ? [] : [{ name, target }]
  })
  expect(made.length).toBeGreaterThan(1)
  const missing = made.filter(({ target }) => !new RegExp(`^${target}:`, 'm').test(targets))
  expect(missing).toEqual([])
  const files = pages.flatMap(({ name, text }) =>
    [...text.matchAll(/\b(?:deploy|openapi|services|libs)\/[\w/.-]+\.\w+/g)].map(([file]) => ({
      name,
      file,
    })),
  )
  expect(files.filter(({ file }) => !existsSync(join(root, file)))).toEqual([])
  const programs = told.flatMap(({ name, code }) => {
    const [, service = '', file = ''] =
      /deploy\/([a-z-]+) .*-- node .*(src\/cli\/\S+)/.exec(code) ?? []
    return file === '' ? [] : [{ name, file: `services/${service}/${file}` }]
  })
  expect(programs.filter(({ file }) => !existsSync(join(root, file)))).toEqual([])
})

test('every line of a log that is quoted is one that is written', () => {
  const sources = ['services', 'libs'].flatMap((part) =>
    readdirSync(join(root, part)).flatMap((name) => {
      const source = join(root, part, name, 'src')
      return existsSync(source)
        ? readdirSync(source, { recursive: true, encoding: 'utf8' })
            .filter((file) => file.endsWith('.ts'))
            .map((file) => readFileSync(join(source, file), 'utf8'))
        : []
    }),
  )
  const quoted = pages.flatMap(({ name, text }) =>
    text
      .split('\n')
      .filter((line) => /\blog\b/i.test(line))
      .flatMap((line) => [...line.matchAll(/“([^”]+)”/g)].map(([, said = '']) => ({ name, said }))),
  )
  expect(quoted.length).toBeGreaterThan(4)
  // A worker's name comes before what it says.
  const written = ({ said }: { said: string }) =>
    sources.some((source) => source.includes(said) || source.includes(`'${said.split(' ')[0]}'`))
  expect(quoted.filter((each) => !written(each))).toEqual([])
})

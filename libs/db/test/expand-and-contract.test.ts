import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../..')
const textOf = (path: string) => readFileSync(join(root, path), 'utf8')

/** What the code of the version before could stumble over. Comments are no statements. */
const contracting: [string, RegExp][] = [
  ['drops a table or column', /\bdrop\s+(table|column|view)\b/i],
  ['renames', /\brename\s+(to|column|constraint)\b/i],
  ['changes a type', /\balter\s+column\s+\w+\s+(set\s+data\s+)?type\b/i],
  ['demands a value', /\balter\s+column\s+\w+\s+set\s+not\s+null\b/i],
  [
    'adds a column that must have a value and has no default',
    /\badd\s+column\s+\w+(?![^,;]*\bdefault\b)[^,;]*\bnot\s+null\b/i,
  ],
]
const statementsOf = (text: string) => text.replaceAll(/--.*$/gm, '')
const faultsOf = (text: string) =>
  contracting.filter(([, pattern]) => pattern.test(statementsOf(text))).map(([what]) => what)

/** Before the first release there was no version before. */
const beforeTheFirstRelease: Record<string, number> = {
  'certificate-store': 10,
  consent: 6,
  dispatch: 8,
  identity: 6,
}
const announced = /^-- contract: \S/

const migrations = globSync('services/*/migrations/*.sql', { cwd: root }).filter((path) => {
  const [, service = '', number = ''] = /services\/([^/]+)\/migrations\/(\d+)/.exec(path) ?? []
  return Number(number) > (beforeTheFirstRelease[service] ?? 0)
})

test('a migration leaves what the version before reads and writes, or says since when nobody does', () => {
  const faults = migrations
    .filter((path) => !announced.test(textOf(path)))
    .flatMap((path) => faultsOf(textOf(path)).map((fault) => `${path} ${fault}`))
  expect(faults).toEqual([])
})

test.each([
  ['alter table thing drop column colour;', ['drops a table or column']],
  ['alter table thing rename to matter;', ['renames']],
  ['alter table thing alter column size type bigint;', ['changes a type']],
  ['alter table thing alter column size set not null;', ['demands a value']],
  [
    'alter table thing add column size integer not null;',
    ['adds a column that must have a value and has no default'],
  ],
  ['alter table thing add column size integer not null default 0, add column name text;', []],
  ['alter table thing add column size integer;\n-- not null once all is filled', []],
  ['create table other (id uuid primary key, size integer not null);', []],
])('%s', (statement, faults) => {
  expect(faultsOf(statement)).toEqual(faults)
})

test('no service migrates: that is the job’s, as the owner of the tables', () => {
  const importing = globSync('services/*/src/**/*.ts', { cwd: root }).filter((path) =>
    /import \{[^}]*\bmigrate\b[^}]*\} from '@minaintyg\/db'/.test(textOf(path)),
  )
  expect(importing).toEqual([])
})

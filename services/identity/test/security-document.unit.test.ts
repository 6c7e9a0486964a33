import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../..')
const text = readFileSync(join(root, 'SECURITY.md'), 'utf8')

/** What stands in backticks and looks like a file, as a path from the root. */
function namedFiles(): string[] {
  const quoted = [...text.matchAll(/`([\w./-]+)`/g)].map(([, name = '']) => name)
  const paths = quoted.filter((name) => /\.(ts|sql|md|json)$/.test(name))
  return [...new Set(paths)].map((path) =>
    /^[\w.-]+\.test\.ts$/.test(path) ? `services/identity/test/${path}` : path,
  )
}

test('every file that SECURITY.md names is there', () => {
  const files = namedFiles()
  expect(files.length).toBeGreaterThan(40)
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
})

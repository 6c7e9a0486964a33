import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { errors } from '../src/errors.ts'

const folder = join(import.meta.dirname, '../src')
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && name !== 'errors.ts')
  .map((name) => readFileSync(join(folder, name), 'utf8'))
  .join('\n')

test('every code is there once', () => {
  const codes = Object.values(errors).map(({ code }) => code)
  expect(new Set(codes).size).toBe(codes.length)
})

test.each(Object.keys(errors))('%s is used', (name) => {
  expect(sources).toContain(`errors.${name}`)
})

import { isTypeTableStale } from '../src/type-table.ts'

test('the README of certificate-store says what each type can do (make type-table)', async () => {
  expect(await isTypeTableStale({ write: false })).toBe(false)
})

import { staleEnvironmentTables } from '../src/environment-tables.ts'

test('each service’s README lists its variables as they are (make environment-tables)', async () => {
  expect(await staleEnvironmentTables({ write: false })).toEqual([])
})

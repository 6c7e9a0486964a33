import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/** The folder of contracts and samples that may lie beside the checkout; it is no part of the project. */
export const sharedFolder = resolve(import.meta.dirname, '../../../../shared')

/** describe() that is skipped, with a word on why, where there is no such folder. */
export function describeWithShared(name: string, tests: () => void): void {
  if (existsSync(`${sharedFolder}/rivta/samples`)) describe(name, tests)
  else {
    // Not the tests themselves: describe.skip would still run what they read while they are set up.
    describe.skip(`${name} (skipped: no ../shared/rivta beside the checkout)`, () => {
      test('needs ../shared/rivta', () => undefined)
    })
  }
}

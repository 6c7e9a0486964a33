import { faultsOfVersion, lastReleased } from '../src/documentation/changes/release.ts'
import type { ApiDocument } from '../src/documentation/changes/document-changes.ts'
import { readDocument } from './document.ts'

/** Where this fails: keep the old way beside the new one, or raise the version as openapi/README.md says. */
test('nothing breaks callers of the last release without a version that says so', async () => {
  expect(faultsOfVersion(await lastReleased(), readDocument() as unknown as ApiDocument)).toEqual(
    [],
  )
})

import { writeFile } from 'node:fs/promises'
import { parse } from 'yaml'
import type { ApiDocument } from './documentation/changes/document-changes.ts'
import { faultsOfVersion, lastReleased, release, summary } from './documentation/changes/release.ts'
import { documentFile, isWritten, writtenDocument } from './documentation/written-document.ts'

/** Says what changed since the last release, and fails where that breaks callers. */
async function tellChanges(text: string): Promise<void> {
  const [before, after] = [await lastReleased(), parse(text) as ApiDocument]
  console.log(summary(before, after))
  if (faultsOfVersion(before, after).length === 0) return
  console.error('This breaks callers: openapi/README.md says which version tells of it.')
  process.exitCode = 1
}

if (process.argv.includes('--check')) {
  if (!(await isWritten())) {
    console.error('openapi/gateway.yaml is not what the routes say. Run «make openapi».')
    process.exitCode = 1
  }
} else {
  const text = await writtenDocument()
  await writeFile(documentFile, text)
  if (process.argv.includes('--release')) console.log(`Kept as ${await release(text)}`)
  else await tellChanges(text)
}

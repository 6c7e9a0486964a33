import { writeFile } from 'node:fs/promises'
import { documentFile, isWritten, writtenDocument } from './documentation/written-document.ts'

if (!process.argv.includes('--check')) {
  await writeFile(documentFile, await writtenDocument())
} else if (!(await isWritten())) {
  console.error('openapi/gateway.yaml is not what the routes say. Run «make openapi».')
  process.exitCode = 1
}

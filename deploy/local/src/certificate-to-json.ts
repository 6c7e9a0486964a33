import { readFile } from 'node:fs/promises'
import {
  UnreadableDocumentError,
  certificateFromDocument,
  parseCertificateDocument,
} from '@minaintyg/certificate-store/structure'

async function main(file: string | undefined): Promise<void> {
  if (file === undefined) throw new Error('Say which file: make certificate FILE=x.xml')
  const entries = parseCertificateDocument(await readFile(file))
  const certificates = entries.map((entry) =>
    entry.readable ? certificateFromDocument(entry, { language: 'sv' }) : entry,
  )
  const [only] = certificates
  console.log(JSON.stringify(certificates.length === 1 ? only : certificates, null, 2))
  if (entries.length === 1 && only?.readable === false) process.exitCode = 1
}

try {
  await main(process.argv[2])
} catch (error) {
  const isKnown = error instanceof UnreadableDocumentError || error instanceof Error
  console.error(isKnown ? error.message : String(error))
  process.exitCode = 1
}

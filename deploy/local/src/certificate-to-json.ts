import { readFile } from 'node:fs/promises'
import {
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
  if (certificates.length === 1 && only?.readable === false) {
    throw new Error('The certificate has no id or no type')
  }
}

try {
  await main(process.argv[2])
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

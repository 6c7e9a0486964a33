import { readFile, writeFile } from 'node:fs/promises'
import { HideNotOfferedError, copyOf } from '@minaintyg/certificate-model'
import {
  certificateFromDocument,
  parseCertificateDocument,
} from '@minaintyg/certificate-store/structure'
import { loadFonts, renderCertificate } from '@minaintyg/rendering/drawing'

const usage = 'make pdf FILE=x.xml OUT=y.pdf [HIDE=diagnosis]'

/** y.pdf for one certificate; y-1.pdf, y-2.pdf … for a document that holds several. */
const outputOf = (out: string, index: number, count: number) =>
  count === 1 ? out : `${out.replace(/\.pdf$/i, '')}-${index + 1}.pdf`

async function main([file, out, hide]: string[]): Promise<void> {
  if (file === undefined || out === undefined)
    throw new Error(`Say which file and where to: ${usage}`)
  if (hide !== undefined && hide !== 'diagnosis') {
    throw new Error(`Only the diagnosis can be hidden: ${usage}`)
  }
  const fonts = loadFonts()
  const entries = parseCertificateDocument(await readFile(file))
  for (const [index, entry] of entries.entries()) {
    if (!entry.readable) {
      console.error(`Certificate ${index + 1} of ${entries.length} cannot be read`)
      process.exitCode = 1
      continue
    }
    const certificate = copyOf(certificateFromDocument(entry, { language: 'sv' }), hide)
    const target = outputOf(out, index, entries.length)
    const original = { mediaType: 'application/xml' as const, bytes: entry.document }
    const { bytes, undrawn } = await renderCertificate(certificate, { fonts, original })
    await writeFile(target, bytes)
    console.log(`${target}: ${certificate.type.name}${certificate.adapted ? ', adapted' : ''}`)
    if (undrawn.length > 0) console.log(`Shown as code points: ${undrawn.join(', ')}`)
  }
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  const hint = error instanceof HideNotOfferedError ? '. Render it without HIDE' : ''
  console.error(error instanceof Error ? error.message + hint : String(error))
  process.exitCode = 1
}

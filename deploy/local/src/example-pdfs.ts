import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { copyOf } from '@minaintyg/certificate-model'
import {
  certificateFromDocument,
  parseCertificateDocument,
} from '@minaintyg/certificate-store/structure'
import { loadFonts, renderCertificate } from '@minaintyg/rendering/drawing'
import type { Fonts } from '@minaintyg/rendering/drawing'
import { journalFacts, marker } from './journal/certificates/intyg.ts'
import { journalContents } from './journal/certificates/journal-contents.ts'

/** The journals' made-up certificates are made for a day; on this one they are the same every time. */
const day = new Date('2026-10-01T08:00:00Z')
const examples = [
  { file: 'sick-leave.pdf', type: 'lisjp', shows: 'for Försäkringskassan, with a timeline' },
  { file: 'driving-licence.pdf', type: 'tstrk1007', shows: 'for Transportstyrelsen' },
  {
    file: 'employer-without-diagnosis.pdf',
    type: 'ag7804',
    hide: 'diagnosis' as const,
    shows: 'for the employer, adapted by the patient',
  },
]

function documentOf(type: string): Buffer {
  const found = Object.values(journalContents(day))
    .flat()
    .find((certificate) => certificate.type === type)
  if (found === undefined) throw new Error(`The journals hold no ${type}`)
  const xml = found.xml.replace(marker, () => journalFacts({ ...found, statuses: [] }))
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`)
}

async function draw(fonts: Fonts, type: string, hide?: 'diagnosis'): Promise<Uint8Array> {
  const bytes = documentOf(type)
  const [entry] = parseCertificateDocument(bytes)
  if (entry?.readable !== true) throw new Error(`The example of ${type} cannot be read`)
  const certificate = copyOf(certificateFromDocument(entry, { language: 'sv' }), hide)
  const original = { mediaType: 'application/xml' as const, bytes }
  return (await renderCertificate(certificate, { fonts, original })).bytes
}

const folder = resolve(process.argv[2] ?? '.demo/example-pdfs')
await mkdir(folder, { recursive: true })
const fonts = loadFonts()
for (const { file, type, hide, shows } of examples) {
  const target = join(folder, file)
  await writeFile(target, await draw(fonts, type, hide))
  console.log(`${target}: ${shows}`)
}

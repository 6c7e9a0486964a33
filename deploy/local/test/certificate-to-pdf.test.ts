import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { copyOf, typeRule } from '@minaintyg/certificate-model'
import type { Certificate, CertificateItem } from '@minaintyg/certificate-model'
import {
  certificateFromDocument,
  parseCertificateDocument,
} from '@minaintyg/certificate-store/structure'
import { loadFonts, renderCertificate } from '@minaintyg/rendering/drawing'
import type { Original } from '@minaintyg/rendering/drawing'
import { describeWithShared, sharedFolder } from '@minaintyg/testing'
import { conformanceFaults } from '../../../services/rendering/test/conformance-faults.ts'
import {
  readEveryByte,
  readPages,
  readText,
  unspaced,
  writtenForms,
} from '../../../services/rendering/test/pdf-reading.ts'

const fonts = loadFonts()
const samples = join(sharedFolder, 'rivta/samples')

/** Every sample that is a certificate; messages about certificates are not. */
async function readSamples(): Promise<
  { file: string; certificate: Certificate; original: Original }[]
> {
  const files = (await readdir(samples, { recursive: true })).filter(
    (file) => file.endsWith('.xml') && !file.startsWith('messages'),
  )
  const found = await Promise.all(
    files.map(async (file) =>
      parseCertificateDocument(await readFile(join(samples, file))).flatMap((entry) =>
        entry.readable
          ? [
              {
                file,
                certificate: certificateFromDocument(entry, { language: 'sv' }),
                original: { mediaType: 'application/xml' as const, bytes: entry.document },
              },
            ]
          : [],
      ),
    ),
  )
  return found.flat()
}

/** What the doctor wrote or chose, wherever in an answer it stands. */
function writtenIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(writtenIn)
  if (typeof value !== 'object' || value === null) return []
  const { type, text, display, date, code } = value as Record<string, string | null>
  if (type === 'text') return text === undefined || text === null ? [] : [text]
  if (type === 'code') return [display ?? code ?? '']
  if (type === 'date') return [date ?? '']
  return Object.values(value).flatMap(writtenIn)
}

/** Answers with a diagnosis, by the rule of their type; none where it may not be hidden. */
function isDiagnosis({ type }: Certificate, { id }: CertificateItem): boolean {
  const { answers = [], disclosure = '' } = typeRule(type.code).diagnosisQuestions ?? {}
  return [...answers, disclosure].some((question) => id.split(/\D/)[0] === question)
}

const unsaid = (said: string, items: readonly CertificateItem[]) =>
  items
    .flatMap(({ label, value }) => [label, ...writtenIn(value)])
    .filter((words) => !said.includes(unspaced(words)))

describeWithShared('real documents as PDF', () => {
  test('hold every answer in their text layer', async () => {
    const all = await readSamples()
    expect(all.length).toBeGreaterThan(50)
    for (const { file, certificate, original } of all) {
      const { bytes } = await renderCertificate(certificate, { fonts, original })
      const said = await readText(bytes)
      const missing = unsaid(
        said,
        certificate.sections.flatMap((section) => section.items),
      )
      expect({ file, missing }).toEqual({ file, missing: [] })
      expect({ file, faults: conformanceFaults(bytes) }).toEqual({ file, faults: [] })
    }
  }, 240_000)

  test('have the diagnosis nowhere in a copy that hides it', async () => {
    const hiding = (await readSamples()).filter(
      ({ certificate }) => certificate.actions.hide.length > 0,
    )
    let scanned = 0
    for (const { file, certificate, original } of hiding) {
      const whole = certificate.sections.flatMap(({ items }) => items)
      const others = whole.filter((item) => !isDiagnosis(certificate, item))
      const kept = JSON.stringify(others)
      const hidden = whole
        .filter((item) => isDiagnosis(certificate, item))
        .flatMap(({ value }) => [...writtenIn(value), ...codesIn(value)])
        .filter((words) => words.length > 2 && !kept.includes(words))
      scanned += hidden.length
      const copy = copyOf(certificate, 'diagnosis')
      const { bytes } = await renderCertificate(copy, { fonts, original })
      expect({ file, faults: conformanceFaults(bytes) }).toEqual({ file, faults: [] })
      const pages = await readPages(bytes)
      const layer = unspaced(pages.map(({ content, artifacts }) => content + artifacts).join(''))
      expect({ file, missing: unsaid(layer, others) }).toEqual({ file, missing: [] })
      const everything = readEveryByte(bytes)
      const found = hidden.filter(
        (words) =>
          layer.includes(unspaced(words)) ||
          writtenForms(words).some((form) => everything.includes(form)),
      )
      expect({ file, found }).toEqual({ file, found: [] })
    }
    expect(scanned).toBeGreaterThan(5)
  }, 60_000)
})

function codesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(codesIn)
  if (typeof value !== 'object' || value === null) return []
  const { type, code } = value as Record<string, string>
  return type === 'code' && code !== undefined ? [code] : Object.values(value).flatMap(codesIn)
}

import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { copyOf } from '@minaintyg/certificate-model'
import type { Certificate } from '@minaintyg/certificate-model'
import {
  certificateFromDocument,
  parseCertificateDocument,
} from '@minaintyg/certificate-store/structure'
import { loadFonts, renderCertificate } from '@minaintyg/rendering/drawing'
import { describeWithShared, sharedFolder } from '@minaintyg/testing'
import {
  readEveryByte,
  readPages,
  unspaced,
  writtenForms,
} from '../../../services/rendering/test/pdf-reading.ts'

const fonts = loadFonts()
const samples = join(sharedFolder, 'rivta/samples')

/** Every sample that is a certificate; messages about certificates are not. */
async function readSamples(): Promise<{ file: string; certificate: Certificate }[]> {
  const files = (await readdir(samples, { recursive: true })).filter(
    (file) => file.endsWith('.xml') && !file.startsWith('messages'),
  )
  const found = await Promise.all(
    files.map(async (file) =>
      parseCertificateDocument(await readFile(join(samples, file))).flatMap((entry) =>
        entry.readable
          ? [{ file, certificate: certificateFromDocument(entry, { language: 'sv' }) }]
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

const isDiagnosis = (id: string) => /^6(\D|$)/.test(id)

describeWithShared('real documents as PDF', () => {
  test('hold every answer in their text layer', async () => {
    const all = await readSamples()
    expect(all.length).toBeGreaterThan(50)
    for (const { file, certificate } of all) {
      const pages = await readPages(await renderCertificate(certificate, { fonts }))
      const said = unspaced(pages.map(({ content }) => content).join(''))
      const items = certificate.sections.flatMap((section) => section.items)
      const missing = items
        .flatMap(({ label, value }) => [label, ...writtenIn(value)])
        .filter((words) => !said.includes(unspaced(words)))
      expect({ file, missing }).toEqual({ file, missing: [] })
    }
  }, 120_000)

  test('have the diagnosis nowhere in a copy that hides it', async () => {
    const hiding = (await readSamples()).filter(
      ({ certificate }) => certificate.actions.hide.length > 0,
    )
    let scanned = 0
    for (const { file, certificate } of hiding) {
      const whole = certificate.sections.flatMap(({ items }) => items)
      const kept = JSON.stringify(whole.filter(({ id }) => !isDiagnosis(id)))
      const hidden = whole
        .filter(({ id }) => isDiagnosis(id))
        .flatMap(({ value }) => [...writtenIn(value), ...codesIn(value)])
        .filter((words) => words.length > 2 && !kept.includes(words))
      scanned += hidden.length
      const bytes = await renderCertificate(copyOf(certificate, 'diagnosis'), { fonts })
      const pages = await readPages(bytes)
      const layer = unspaced(pages.map(({ content, artifacts }) => content + artifacts).join(''))
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

import { adaptedCopy } from '@minaintyg/certificate-model'
import type { Certificate } from '@minaintyg/certificate-model'
import { loadFonts, renderCertificate } from '../src/drawing/index.ts'
import {
  certificate,
  employerCertificate,
  employerDiagnoses,
  sectionOf,
  text,
} from './certificates.ts'
import { readEveryByte, readPages, readStructure, unspaced, writtenForms } from './pdf-reading.ts'

const fonts = loadFonts()

/** With a document that names every diagnosis, as the journal's own would. */
const original = {
  mediaType: 'application/xml' as const,
  bytes: Buffer.from(`<intyg>${employerDiagnoses.join('</svar><svar>')}</intyg>`),
}

async function traces(drawn: Certificate): Promise<string[]> {
  const { bytes } = await renderCertificate(drawn, { fonts, original })
  const pages = await readPages(bytes)
  const layer = unspaced(pages.map(({ content, artifacts }) => content + artifacts).join(''))
  const structure = JSON.stringify(await readStructure(bytes))
  const everything = readEveryByte(bytes)
  return employerDiagnoses.filter(
    (word) =>
      layer.includes(unspaced(word)) ||
      structure.includes(word) ||
      writtenForms(word).some((form) => everything.includes(form)),
  )
}

test('the scan finds a diagnosis where it is not hidden', async () => {
  expect(await traces(employerCertificate())).toEqual(employerDiagnoses)
})

test('the scan finds a word in bookmarks and title alone', async () => {
  const heading = { ...sectionOf(text('x')), heading: 'Långvarig stress' }
  const copy = certificate({ sections: [heading], adapted: ['diagnosis'] })
  expect(await traces(copy)).toEqual(['Långvarig stress'])
})

test('the scan finds a diagnosis in the attachment alone', async () => {
  expect(await traces(certificate())).toEqual(employerDiagnoses)
})

test('an adapted copy has the diagnosis nowhere: not in text, metadata, bookmarks, attachment or structure', async () => {
  expect(await traces(adaptedCopy(employerCertificate()))).toEqual([])
})

test('an adapted copy says on every page that the patient adapted it, and keeps the rest', async () => {
  const long = sectionOf(text(Array(200).fill('En rad till.').join('\n')))
  const original = employerCertificate()
  const copy = adaptedCopy({ ...original, sections: [...original.sections, long] })
  const pages = await readPages((await renderCertificate(copy, { fonts })).bytes)
  expect(pages.length).toBeGreaterThan(2)
  for (const { artifacts } of pages) expect(artifacts).toContain('Anpassad kopia: patienten')
  const said = unspaced(pages.map(({ content }) => content).join(''))
  expect(said).toContain('Alltannatärsomiintyget.')
  expect(said).toContain('DiagnosPatientenharvaltattintevisadiagnosenidenhärkopian.')
  expect(said).toContain('SysselsättningSnickare')
})

import { adaptedCopy } from '@minaintyg/certificate-model'
import type { Certificate } from '@minaintyg/certificate-model'
import { loadFonts, renderCertificate } from '../src/drawing/index.ts'
import type { DrawingOptions } from '../src/drawing/index.ts'
import { certificate, employerCertificate, sectionOf, sickLeave, text } from './certificates.ts'
import { conformanceFaults } from './conformance-faults.ts'
import { readObjects } from './pdf-objects.ts'

const fonts = loadFonts()
const original = {
  mediaType: 'application/xml' as const,
  bytes: Buffer.from('<?xml version="1.0"?><intyg><extension>191212121212</extension></intyg>'),
}
const verification = { url: 'https://intyg.example/verify/Zk3w9yQ7Tn2bXvR5uP1sLg' }
const draw = async (drawn: Certificate, options: Partial<DrawingOptions> = {}) =>
  (await renderCertificate(drawn, { fonts, ...options })).bytes

const words = text(Array(90).fill('En rad som fyller sidan ☐ → x\u0301 中.').join('\n'))
const list = { type: 'list' as const, items: [text('Ett'), text('Två')] }
const everything = certificate({ sections: [sectionOf(words, sickLeave(), list, words)] })

describe('PDF/A-3a and PDF/UA-1', () => {
  test.each<[string, Certificate, Partial<DrawingOptions>]>([
    ['whose answers take every form', everything, { original, verification }],
    ['that holds nothing', certificate(), {}],
    ['in English', certificate({ language: 'en', sections: [sectionOf(list)] }), { original }],
    ['for the employer', employerCertificate(), { original }],
    ['that the patient adapted', adaptedCopy(employerCertificate()), { original, verification }],
    [
      'of a name that XML would read',
      certificate({ type: { code: 'X', version: '', name: 'A & <B>\u0000' } }),
      {},
    ],
  ])('are both held by a certificate %s', async (_what, drawn, options) => {
    expect(conformanceFaults(await draw(drawn, options))).toEqual([])
  })

  test.each<[string, RegExp, string, string]>([
    ['the language', /\/Lang \(sv-SE\)/, '/Lxng (sv-SE)', 'Lang'],
    ['a scope', /\/Scope \/Column/, '/Sxxxe /Column', 'TH without Scope'],
    ['an alternative text', /\/Alt \(/, '/Axt (', 'Figure without Alt'],
    ['a link’s description', /\/Contents \(/, '/Cxntents (', 'Link without Contents'],
    ['a date of the attachment', /\/ModDate/, '/MxxDate', 'ModDate'],
    ['the output intent', /\/GTS_PDFA1/, '/GTS_PXXX1', 'OutputIntent'],
    [
      'the claim of PDF/UA',
      /<pdfuaid:part>1/,
      '<pdfuaid:part>2',
      'XMP: <pdfuaid:part>1</pdfuaid:part>',
    ],
    ['a font file', /\/FontFile2/, '/FxxxFile2', 'is not embedded'],
    [
      'an entry of the parent tree',
      /\/Nums \[\s+0 \[(\d+) 0 R /,
      '/Nums [ 0 [null ',
      'ParentTree does not know piece 0',
    ],
  ])('are seen to be missing without %s', async (_what, there, changed, fault) => {
    const file = Buffer.from(await draw(everything, { original, verification })).toString('latin1')
    expect(file).toMatch(there)
    const faults = conformanceFaults(Buffer.from(file.replace(there, changed), 'latin1'))
    expect(faults).toContainEqual(expect.stringContaining(fault))
  })
})

describe('the original document', () => {
  const attachments = (bytes: Uint8Array) =>
    [...readObjects(bytes).objects.values()].flatMap((value) => {
      const { dict, content } = value as { dict?: { Type?: { name?: string } }; content?: Buffer }
      return dict?.Type?.name === 'EmbeddedFile' ? [content] : []
    })

  test('is attached as the bytes that it came as', async () => {
    expect(attachments(await draw(certificate(), { original }))).toEqual([original.bytes])
  })

  test('is in no copy that the patient adapted', async () => {
    expect(attachments(await draw(adaptedCopy(employerCertificate()), { original }))).toEqual([])
  })
})

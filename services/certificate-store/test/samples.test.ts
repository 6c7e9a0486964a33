import { readFileSync, readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { Value } from 'typebox/value'
import { Certificate } from '@minaintyg/certificate-model'
import { describeWithShared, sharedFolder } from '@minaintyg/testing'
import { parseCertificateDocument } from '../src/rivta/certificate-document.ts'
import { childElements, childrenNamed } from '../src/rivta/elements.ts'
import { UnreadableDocumentError } from '../src/rivta/errors.ts'
import type { ParsedCertificate } from '../src/rivta/parsed-certificate.ts'
import { parseXml } from '../src/rivta/xml.ts'
import type { XmlElement } from '../src/rivta/xml.ts'
import { certificateFromDocument } from '../src/structure/certificate-from-document.ts'

const samples = `${sharedFolder}/rivta/samples`

function files(): { name: string; bytes: Buffer; isMessage: boolean }[] {
  return readdirSync(samples, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.xml'))
    .map((path) => ({
      name: basename(path),
      bytes: readFileSync(`${samples}/${path}`),
      isMessage: path.startsWith('messages/'),
    }))
}

function readable(bytes: Uint8Array): ParsedCertificate[] {
  return parseCertificateDocument(bytes).map((entry) => {
    if (!entry.readable) throw new Error('An entry could not be read')
    return entry
  })
}

/** Texts of an element and all within it, apart from the names of code systems and formats. */
function texts(element: XmlElement): string[] {
  if (['codeSystemName', 'codeSystemVersion', 'format', 'instans'].includes(element.name)) return []
  return element.children
    .flatMap((node) => (typeof node === 'string' ? [node.trim()] : texts(node)))
    .filter((text) => text !== '')
}

function descendants(element: XmlElement, name: string): XmlElement[] {
  const children = childElements(element)
  return [
    ...children.filter((one) => one.name === name),
    ...children.flatMap((one) => descendants(one, name)),
  ]
}

/** Every string, number and boolean in a value. */
function leaves(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leaves)
  return typeof value === 'string' ? [value] : [JSON.stringify(value)]
}

/** A text is found as it is, or as the yes, no or number that it stands for. */
function isShown(text: string, shown: ReadonlySet<string>): boolean {
  const meanings = { 1: 'true', 0: 'false' } as Record<string, string>
  return [text, meanings[text], String(Number(text.replace(',', '.')))].some(
    (one) => one !== undefined && shown.has(one),
  )
}

const certificateOf = (parsed: ParsedCertificate) =>
  certificateFromDocument(parsed, { language: 'sv' })

describeWithShared('the RIVTA samples', () => {
  const all = files()
  const certificates = all.filter(({ isMessage }) => !isMessage)

  test('are there', () => {
    expect(certificates.length).toBeGreaterThan(50)
  })

  test.each(certificates)(
    '$name is read and keeps to the contract in both languages',
    ({ bytes }) => {
      for (const parsed of readable(bytes)) {
        expect(parsed.signedAt).not.toBeNull()
        expect(parsed.unit.name).not.toBe('')
        for (const language of ['sv', 'en'] as const) {
          const certificate = certificateFromDocument(parsed, { language })
          expect([...Value.Errors(Certificate, certificate)]).toEqual([])
          expect(certificate.sections.length).toBeGreaterThan(0)
        }
      }
    },
  )

  test.each(certificates)('$name shows every answer that was written', ({ bytes }) => {
    const shown = new Set(
      readable(bytes).flatMap((parsed) => leaves(certificateOf(parsed).sections)),
    )
    const { root } = parseXml(bytes)
    const written = [root, ...descendants(root, 'svar')].flatMap((svar) =>
      childrenNamed(svar, 'delsvar'),
    )
    expect(written.flatMap(texts).filter((text) => !isShown(text, shown))).toEqual([])
  })

  test.each(certificates)('$name shows all content of the old formats', ({ bytes }) => {
    for (const parsed of readable(bytes)) {
      const shown = new Set(leaves(certificateOf(parsed).sections))
      const written = parsed.otherContent.flatMap((element) => [
        ...texts(element),
        ...descendants(element, 'tillstandskod').flatMap(({ attributes }) =>
          attributes.filter(({ name }) => name === 'code').map(({ value }) => value),
        ),
      ])
      expect(written.filter((text) => !isShown(text, shown))).toEqual([])
    }
  })

  test.each(certificates)('$name is the same when it stands alone', ({ bytes }) => {
    for (const parsed of readable(bytes)) {
      const [again] = readable(parsed.document)
      expect(certificateOf(again!)).toEqual(certificateOf(parsed))
    }
  })

  test('know every question of the types that patients are shown, but the ones of no form', () => {
    const unknown = certificates.flatMap(({ name, bytes }) =>
      readable(bytes)
        .flatMap((parsed) => certificateOf(parsed).sections)
        .flatMap(({ items }) => items)
        .filter(({ label }) => label.startsWith('Fråga '))
        .map(({ id }) => `${name} ${id}`),
    )
    const ofNoForm = /fk7427|fk7472|af00213-v1-transport|af00213__1|ts-diabetes__1\.4|ag7804--from/
    expect(unknown.filter((one) => !ofNoForm.test(one))).toEqual([])
  })

  test.each(all.filter(({ isMessage }) => isMessage))(
    '$name, another message, is refused',
    ({ bytes }) => {
      expect(() => parseCertificateDocument(bytes)).toThrow(UnreadableDocumentError)
    },
  )
})

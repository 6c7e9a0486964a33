import { readFileSync, readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { Value } from 'typebox/value'
import { Certificate } from '@minaintyg/certificate-model'
import { describeWithShared, sharedFolder } from '@minaintyg/testing'
import { parseCertificateDocument } from '../src/rivta/certificate-document.ts'
import { UnreadableDocumentError } from '../src/rivta/errors.ts'
import type { ParsedCertificate } from '../src/rivta/parsed-certificate.ts'
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

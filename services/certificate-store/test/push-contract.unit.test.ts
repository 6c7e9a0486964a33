import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describeWithShared, sharedFolder } from '@minaintyg/testing'
import { contractFaults } from '../src/push/check-contract.ts'
import { loadFullValidation } from '../src/push/full-validation.ts'
import type { FullValidation } from '../src/push/full-validation.ts'
import { bodyOf } from '../src/rivta/certificate-document.ts'
import { childElements } from '../src/rivta/elements.ts'
import { standaloneDocument } from '../src/rivta/standalone-document.ts'
import { parseXml } from '../src/rivta/xml.ts'
import type { XmlElement } from '../src/rivta/xml.ts'
import { registration, revocation } from './pushes.ts'

const contract = join(sharedFolder, 'rivta/contracts/clinicalprocess-healthcond-certificate')
const samples = join(sharedFolder, 'rivta/samples')
const names = ['RegisterCertificate', 'RevokeCertificate'] as const
type Name = (typeof names)[number]

function read(xml: string | Buffer) {
  const bytes = Buffer.from(xml)
  const document = parseXml(bytes)
  const content = bodyOf(document.root)
  const name = names.find((each) => each === content.name) ?? 'RegisterCertificate'
  const message = Buffer.from(standaloneDocument(document.text, content, bytes))
  return { name, content: parseXml(message).root, message: message.toString() }
}
const faultsOf = (xml: string) => {
  const { name, content } = read(xml)
  return contractFaults(content, name)
}
const number = '191212121212'

describe('what is against the contract', () => {
  test('nothing in a message as it should be', () => {
    expect(faultsOf(registration({ number }))).toEqual([])
    expect(faultsOf(revocation({ number, id: 'a-1' }))).toEqual([])
  })

  test('every fault is told of at once, by its place and not by what it says', () => {
    const faults = faultsOf(
      registration({ number: '19121212-1212' })
        .replace('<c:version>1.0</c:version>', '')
        .replace(/<c:signeringstidpunkt>[^<]*/, '<c:signeringstidpunkt>2026-02-30T10:00:00')
        .replace('<c:delsvar id="1.1">', '<c:delsvar id="Anna Andersson">')
        .replace('</c:patient>', '<c:personnummer>191212121212</c:personnummer></c:patient>')
        .replace('</a:intyg>', 'Anna Andersson</a:intyg>'),
    )
    expect(faults).toEqual([
      'RegisterCertificate/intyg has text outside of its elements',
      'RegisterCertificate/intyg/version is missing',
      'RegisterCertificate/intyg/signeringstidpunkt is not a time, YYYY-MM-DDThh:mm:ss without a zone',
      'RegisterCertificate/intyg/patient/person-id/extension is not 12 digits',
      'RegisterCertificate/intyg/patient has an element that the contract does not have there',
      'RegisterCertificate/intyg/svar[1]/delsvar[1]/@id is not the id of a part of a question',
    ])
  })

  test('a flood of faults is counted', () => {
    const answers = '<c:svar id="x"><c:delsvar id="1.1"/></c:svar>'.repeat(1_000)
    const faults = faultsOf(registration({ number, answers }))
    expect(faults).toHaveLength(31)
    expect(faults.at(-1)).toBe('and 970 more')
  })
})

/** Every element of a message, but for what is within a signature, which is another contract. */
function elementsOf(element: XmlElement): XmlElement[] {
  if (element.name === 'Signature') return [element]
  return [element, ...childElements(element).flatMap(elementsOf)]
}

/** The message with one thing changed in one place, in every way that a sender might get wrong. */
function* spoil(text: string, { start, end, children, name }: XmlElement) {
  const [before, own, after] = [text.slice(0, start), text.slice(start, end), text.slice(end)]
  yield ['left out', before + after] as const
  yield ['twice', before + own + own + after] as const
  // libxml2 lets a foreign element stand between two delsvar, where the schema has all of them before it.
  if (name !== 'delsvar') {
    yield ['behind a foreign element', `${before}<x xmlns="urn:foreign"/>${own}${after}`] as const
  }
  yield ['before text', `${before}${own}text${after}`] as const
  yield ['with an attribute', before + own.replace(/^<[^\s/>]+/, '$& extra="1"') + after] as const
  if (name === 'Signature') return
  const renamed = own.replace(/^(<(?:\w+:)?)[\w-]+/, '$1x').replace(/[\w-]+>$/, 'x>')
  if (own.includes('</')) yield ['by another name', before + renamed + after] as const
  if (children.some((child) => typeof child !== 'string') || !own.includes('</')) return
  const withText = (content: string) =>
    before + own.replace(/>[^<]*<(?=\/)/, `>${content}<`) + after
  for (const content of [
    '\n 2026-13-01T10:00:00 ',
    '2026-02-28T24:00:00',
    '',
    ' $1 ',
    '1e3',
    '-7',
  ]) {
    yield [`saying «${content}»`, withText(content)] as const
  }
}

describeWithShared('against the official schemas', () => {
  let fullValidation: FullValidation
  beforeAll(async () => {
    fullValidation = await loadFullValidation(contract)
  })

  const messages = readdirSync(samples, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.xml'))
    .sort()
    .map((file) => ({ file, bytes: readFileSync(join(samples, file)) }))
    .filter(({ bytes }) =>
      /RegisterCertificateResponder:3|RevokeCertificateResponder:2/.test(bytes.toString()),
    )
  const isOf = (name: Name) => (each: (typeof messages)[number]) =>
    read(each.bytes).content.name === name

  test('the table finds a fault in the same messages as they do, for every sample', () => {
    const own = messages.filter((each) => names.some((name) => isOf(name)(each)))
    const verdicts = own.map(({ file, bytes }) => {
      const { name, content, message } = read(bytes)
      const ours = contractFaults(content, name)
      return {
        file,
        ours: ours.length > 0,
        theirs: fullValidation(name, Buffer.from(message)).length > 0,
      }
    })
    expect(verdicts.filter(({ ours, theirs }) => ours !== theirs)).toEqual([])
    expect(verdicts.filter(({ ours }) => !ours).length).toBeGreaterThan(20)
  })

  const sample = (file: string): [string, string] => [
    file,
    readFileSync(join(samples, file), 'utf8'),
  ]
  const subjects: [string, string][] = [
    ['our own registration', registration({ number })],
    ['our own revocation', revocation({ number, id: 'a-1' })],
    sample('lisjp/common--lisjp-v1-pass-minimal.xml'),
    sample('tstrk1062/common--tstrk1062-v1-success-diagnosKodad.xml'),
  ]
  test.each(subjects)('and in %s, whatever is wrong with it', (_what, xml) => {
    const { name, content, message } = read(xml)
    expect(fullValidation(name, Buffer.from(message))).toEqual([])
    const disagreements: object[] = []
    let [faulty, fine] = [0, 0]
    for (const element of elementsOf(content).slice(1)) {
      for (const [way, spoilt] of spoil(message, element)) {
        const ours = contractFaults(parseXml(Buffer.from(spoilt)).root, name)
        const theirs = fullValidation(name, Buffer.from(spoilt))
        if (ours.length > 0 !== theirs.length > 0) {
          disagreements.push({ way, element: element.name, ours, theirs })
        }
        if (theirs.length > 0) faulty += 1
        else fine += 1
      }
    }
    expect(disagreements).toEqual([])
    expect(faulty).toBeGreaterThan(100)
    expect(fine).toBeGreaterThan(10)
  })
})

import { parseCertificateDocument } from '../src/rivta/certificate-document.ts'
import { UnreadableDocumentError } from '../src/rivta/errors.ts'
import type { ParsedCertificate } from '../src/rivta/parsed-certificate.ts'
import { certificateNamespace, cv, intyg, intygContent, listResponse, svar } from './documents.ts'

const parse = (text: string) => parseCertificateDocument(Buffer.from(text))

function parseOne(text: string): ParsedCertificate {
  const [entry] = parse(text)
  if (entry?.readable !== true) throw new Error('Expected a readable certificate')
  return entry
}

describe('parseCertificateDocument', () => {
  test('reads the header', () => {
    expect(parseOne(intyg({ type: ' luae_fs ' }))).toMatchObject({
      format: 'intyg',
      id: { root: 'SE-1', extension: 'a-1' },
      type: { code: 'LUAE_FS', wireCode: 'luae_fs' },
      version: '1.3',
      signedAt: '2026-03-01T09:15:00.000Z',
      issuer: { id: 'SE-D1', name: 'Doktor Berg', titles: ['203090'], specialities: [] },
      unit: { id: 'SE-U1', name: 'Fjällets vårdcentral', city: 'Kiruna', email: null },
      careProvider: { id: 'SE-G1', name: 'Region Norr' },
      patient: { personId: { extension: '191212121212' }, name: null },
    })
  })

  test('reads relations and statuses', () => {
    const relation = `<relation><typ><t:code>ERSATT</t:code></typ><intygs-id><t:root>r</t:root><t:extension>old-1</t:extension></intygs-id></relation>`
    const status = `<status><part><t:code>HSVARD</t:code></part><status><t:code>CANCEL</t:code></status><tidpunkt>2026-03-02T08:00:00</tidpunkt></status>`
    expect(parseOne(intyg({ more: relation + status }))).toMatchObject({
      relations: [{ kind: 'ERSATT', id: { root: 'r', extension: 'old-1' } }],
      statuses: [{ part: 'HSVARD', status: 'CANCEL', at: '2026-03-02T07:00:00.000Z' }],
    })
  })

  test('keeps every piece of a mixed answer in order', () => {
    const parsed = parseOne(
      intyg({ answers: svar('6', [['6.1', `Ont ${cv('M54', 'x')} i rygg`]], 2) }),
    )
    expect(parsed.answers).toMatchObject([
      {
        id: '6',
        instance: 2,
        parts: [{ id: '6.1', contents: [{ text: 'Ont' }, { code: 'M54' }, { text: 'i rygg' }] }],
      },
    ])
  })

  test.each(['RegisterCertificate', 'GetCertificateResponse'])('reads one inside %s', (wrapper) => {
    const text = `<r:${wrapper} xmlns:r="${certificateNamespace}:${wrapper}Responder:3">${intyg()}</r:${wrapper}>`
    expect(parseOne(text).id.extension).toBe('a-1')
  })

  test('keeps the bytes of a document that is a certificate itself', () => {
    const bytes = Buffer.from(`<?xml version="1.0"?>\r\n<!-- hej -->${intyg()}\n`)
    const [entry] = parseCertificateDocument(bytes)
    expect(entry).toHaveProperty('document', bytes)
  })

  test('cuts a certificate out of a list so that it stands alone, as it was written', () => {
    const content = intygContent({
      answers: svar('25', [['25.1', '<![CDATA[A & B]]>\r\n  &#229; <!-- kvar -->']]),
    })
    const [, second] = parse(listResponse([intygContent({ id: 'b-1' }), content]))
    const alone = Buffer.from((second as ParsedCertificate).document).toString()
    expect(alone).toContain(`>${content}</l:intyg>`)
    expect(alone).not.toContain('urn:unused')
    const again = parseOne(alone)
    expect({ ...again, document: null }).toEqual({ ...second, document: null })
    expect(Buffer.from(again.document).toString()).toBe(alone)
  })

  test('carries a prefix that only a value uses', () => {
    const answers = svar('1', [
      [
        '1.1',
        '<t:date xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="unused:d">2026-01-01</t:date>',
      ],
    ])
    const [entry] = parse(listResponse([intygContent({ answers })]))
    expect(Buffer.from((entry as ParsedCertificate).document).toString()).toContain(
      'xmlns:unused="urn:unused"',
    )
  })

  test('gives a certificate from a document in another encoding in UTF-8', () => {
    const text = `<?xml version="1.0" encoding="ISO-8859-1"?>${listResponse([intygContent()])}`
    const [entry] = parseCertificateDocument(Buffer.from(text, 'latin1'))
    expect(parseOne(Buffer.from((entry as ParsedCertificate).document).toString()).unit.name).toBe(
      'Fjällets vårdcentral',
    )
  })

  test('lets one that cannot be read be an entry of its own', () => {
    const noType = intygContent({ id: 'bad-1' }).replace(/<typ>.*<\/typ>/, '')
    const entries = parse(
      listResponse([intygContent({ id: 'a' }), noType, '', intygContent({ id: 'b' })]),
    )
    expect(entries.map(({ id }) => id?.extension)).toEqual(['a', 'bad-1', undefined, 'b'])
    expect(entries.map(({ readable }) => readable)).toEqual([true, false, false, true])
  })

  test('lets one of a list that is far too long be an entry that cannot be read', () => {
    const parts = Array.from({ length: 10_000 }, (_, n): [string, string] => [`9001.${n}`, 'x'])
    const long = intygContent({ id: 'long', answers: svar('9001', parts) })
    const entries = parse(listResponse([intygContent({ id: 'a' }), long]))
    expect(entries).toMatchObject([
      { readable: true },
      { readable: false, id: { extension: 'long' }, type: 'LISJP' },
    ])
  })

  test.each([
    ['an id', { id: 'x'.repeat(100_000) }, null, 'LISJP'],
    ['a type', { id: 'b', type: 'X'.repeat(100_000) }, 'b', null],
  ])('lets one with %s of any length be an entry that cannot be read', (_, parts, id, type) => {
    const [entry] = parse(listResponse([intygContent(parts)]))
    expect(entry).toMatchObject({ readable: false, type })
    expect(entry?.id?.extension ?? null).toBe(id)
  })

  test('lets anything else of the contract in a list be an entry that cannot be read', () => {
    const other = `<utlatande xmlns="${certificateNamespace}:1"/><ext xmlns="urn:extension"/>`
    const text = listResponse([intygContent()]).replace('</l:intygsLista>', `${other}$&`)
    expect(parse(text).map(({ readable }) => readable)).toEqual([true, false])
  })

  test('takes no certificates from a list that is not the answer itself', () => {
    const inner = listResponse([intygContent()])
    const text = listResponse([]).replace('</l:intygsLista>', `$&<x xmlns="urn:x">${inner}</x>`)
    expect(parse(text)).toEqual([])
  })

  test.each([
    ['another kind of XML', '<html/>'],
    ['a certificate of no contract', '<intyg xmlns="urn:x"><intygs-id/></intyg>'],
    [
      'another message',
      `<RevokeCertificate xmlns="${certificateNamespace}:RevokeCertificateResponder:2"/>`,
    ],
    ['an empty envelope', '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"/>'],
    [
      'a fault',
      '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault/></e:Body></e:Envelope>',
    ],
  ])('refuses %s', (_, text) => {
    expect(() => parse(text)).toThrow(UnreadableDocumentError)
  })
})

import { childElements } from '../src/rivta/elements.ts'
import { JournalError } from '../src/rivta/errors.ts'
import {
  listCertificatesRequest,
  readListCertificatesResponse,
} from '../src/rivta/list-certificates.ts'
import { atOnce } from '../src/rivta/slices.ts'
import { parseXml } from '../src/rivta/xml.ts'
import { intygContent, listResponse, result } from './documents.ts'

const read = (text: string) => atOnce(readListCertificatesResponse(Buffer.from(text)))

function failureOf(text: string | Uint8Array): { kind: string; code: string | null } {
  try {
    atOnce(readListCertificatesResponse(typeof text === 'string' ? Buffer.from(text) : text))
  } catch (error) {
    if (error instanceof JournalError) return { kind: error.kind, code: error.code }
    throw error
  }
  throw new Error('The answer was accepted')
}

const request = {
  version: 4,
  logicalAddress: ' 5565594230\n',
  personNumber: '191212121212',
  archived: false,
} as const

describe('listCertificatesRequest', () => {
  test.each([3, 4] as const)('asks in version %i of the contract', (version) => {
    const { soapAction, envelope } = listCertificatesRequest({ ...request, version })
    const responder = `urn:riv:clinicalprocess:healthcond:certificate:ListCertificatesForCitizenResponder:${version}`
    expect(soapAction).toBe(`${responder}:ListCertificatesForCitizen`)
    const [, body] = childElements(parseXml(Buffer.from(envelope)).root)
    const [message] = childElements(body!)
    expect(message).toMatchObject({ namespace: responder, name: 'ListCertificatesForCitizen' })
    expect(childElements(message!).map(({ name }) => name)).toEqual([
      'person-id',
      'arkiverade',
      'part',
    ])
  })

  test('leaves no white space around the logical address', () => {
    expect(listCertificatesRequest(request).envelope).toContain('>5565594230</r:LogicalAddress>')
  })

  test('says when a number is a coordination number', () => {
    const { envelope } = listCertificatesRequest({ ...request, personNumber: '198001610001' })
    expect(envelope).toContain('<t:root>1.2.752.129.2.1.3.3</t:root>')
  })

  test('escapes what it is given', () => {
    const { envelope } = listCertificatesRequest({ ...request, logicalAddress: 'A&B<C>' })
    expect(envelope).toContain('>A&amp;B&lt;C&gt;<')
  })
})

describe('readListCertificatesResponse', () => {
  const certificates = [intygContent({ id: 'a' }), intygContent({ id: 'b' })]

  test.each([
    ['version 4', listResponse(certificates)],
    [
      'version 3 with OK',
      listResponse(certificates, { version: 3, result: result(['resultCode', 'OK']) }),
    ],
    [
      'version 3 with INFO',
      listResponse(certificates, {
        version: 3,
        result: result(['resultText', 'hej'], ['resultCode', 'INFO']),
      }),
    ],
  ])('reads %s', (_, text) => {
    expect(read(text).certificates.map(({ id }) => id?.extension)).toEqual(['a', 'b'])
  })

  test('reads an empty list as no certificates', () => {
    expect(read(listResponse([]))).toEqual({ certificates: [] })
  })

  test.each([
    [
      'in the order of the schema',
      [
        ['resultCode', 'ERROR'],
        ['resultText', 'x'],
        ['errorId', 'TECHNICAL_ERROR'],
      ],
    ],
    [
      'in the order that journals write',
      [
        ['resultCode', 'ERROR'],
        ['errorId', 'TECHNICAL_ERROR'],
        ['resultText', 'x'],
      ],
    ],
    [
      'with the code last',
      [
        ['errorId', 'TECHNICAL_ERROR'],
        ['resultCode', ' ERROR '],
      ],
    ],
  ] as [string, [string, string][]][])(
    'takes ERROR for a failure in version 4 too, %s',
    (_, elements) => {
      expect(failureOf(listResponse(certificates, { result: result(...elements) }))).toEqual({
        kind: 'result-error',
        code: 'TECHNICAL_ERROR',
      })
    },
  )

  test('does not take INFO with an empty list for success', () => {
    const text = listResponse([], {
      version: 3,
      result: result(['resultCode', 'INFO'], ['resultText', 'NOCONSENT']),
    })
    expect(failureOf(text)).toEqual({ kind: 'result-error', code: 'NOCONSENT' })
  })

  test('does not take a result without a code for success', () => {
    expect(failureOf(listResponse([], { result: result(['resultText', 'OK']) })).kind).toBe(
      'result-error',
    )
  })

  test('gives the code of a fault from the national platform, and nothing else of it', () => {
    const fault = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault><faultcode>e:Server</faultcode><faultstring>VP009 Error connecting for 191212121212</faultstring></e:Fault></e:Body></e:Envelope>`
    expect(failureOf(fault)).toEqual({ kind: 'fault', code: 'VP009' })
    expect(failureOf(fault.replace('VP009', 'Oj')).code).toBe('Server')
    expect(() => read(fault)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('1912') }),
    )
  })

  test.each([
    ['HTML', '<html><body>Service Unavailable</body></html>'],
    ['a truncated answer', listResponse(certificates).slice(0, -40)],
    ['no list at all', listResponse([]).replace(/<l:intygsLista>.*<\/l:intygsLista>/, '')],
    ['a doctype', `<!DOCTYPE x>${listResponse([])}`],
    [
      'another message',
      listResponse([]).replaceAll('ListCertificatesForCitizenResponse>', 'Other>'),
    ],
  ])('says that %s cannot be read', (_, text) => {
    expect(failureOf(text).kind).toBe('unreadable')
  })

  test('refuses an answer of 20 MiB', () => {
    expect(failureOf(Buffer.alloc(20 * 1024 * 1024, 0x20))).toEqual({
      kind: 'unreadable',
      code: 'too-large',
    })
  })
})

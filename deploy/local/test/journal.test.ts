import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs'
import { describeWithShared, expectProblem, sharedFolder } from '@minaintyg/testing'
import { buildJournals } from '../src/journal/index.ts'
import type { JournalsService } from '../src/journal/index.ts'
import { testPersons } from '../src/test-persons.ts'

const now = () => new Date('2026-03-29T10:00:00Z')
const tolvan = '191212121212'
const certificateNamespace = 'urn:riv:clinicalprocess:healthcond:certificate'
let journals: JournalsService

beforeEach(async () => {
  journals = await buildJournals({ logLevel: 'silent', now })
})
afterEach(() => journals.app.close())

const envelope = (
  version: 3 | 4,
  number: string,
  { archived = 'false', address = '', more = '' },
) =>
  `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:r="urn:riv:itintegration:registry:1" xmlns:l="${certificateNamespace}:ListCertificatesForCitizenResponder:${version}" xmlns:t="${certificateNamespace}:types:3"><e:Header><r:LogicalAddress>${address}</r:LogicalAddress></e:Header><e:Body><l:ListCertificatesForCitizen><l:person-id><t:root>1.2.752.129.2.1.3.1</t:root><t:extension>${number}</t:extension></l:person-id>${more}<l:arkiverade>${archived}</l:arkiverade><l:part><t:code>INVANA</t:code><t:codeSystem>769bb12b-bd9f-4203-a5cd-fd14f2eb3b80</t:codeSystem></l:part></l:ListCertificatesForCitizen></e:Body></e:Envelope>`

async function list(
  source: number,
  number: string,
  options: { archived?: string; address?: string; more?: string; action?: string } = {},
) {
  const { endpoint, contractVersion, logicalAddress } = journals.sources('')[source]!
  const action = `${certificateNamespace}:ListCertificatesForCitizenResponder:${contractVersion}:ListCertificatesForCitizen`
  return journals.app.inject({
    method: 'POST',
    url: endpoint,
    headers: {
      'content-type': 'text/xml;charset=UTF-8',
      soapaction: options.action ?? `"${action}"`,
    },
    payload: envelope(contractVersion, number, { address: logicalAddress, ...options }),
  })
}
const control = (payload: object, path = '', method: 'POST' | 'DELETE' = 'POST') =>
  journals.app.inject({ method, url: `/control${path}`, payload })

const bodyOf = (answer: string) => /<soap:Body>([\s\S]*)<\/soap:Body>/.exec(answer)?.[1] ?? ''
const idsIn = (answer: string) =>
  [...answer.matchAll(/<c:intygs-id><t:root>SE[^<]*-\d{4}<\/t:root><t:extension>([^<]*)/g)].map(
    ([, id]) => id,
  )

describe('what the journals answer', () => {
  test('certificates come in the order in which they were signed, archived ones on their own', async () => {
    const { body } = await list(1, tolvan)
    const signed = [...body.matchAll(/<c:signeringstidpunkt>([^<]+)</g)].map(([, time]) => time)
    expect(signed).toEqual([...signed].sort())
    expect(signed.length).toBeGreaterThan(5)
    const archived = await list(1, tolvan, { archived: 'true' })
    expect(idsIn(archived.body)).toHaveLength(1)
    expect(body).not.toContain(idsIn(archived.body)[0])
  })

  test('version 3 has a result, version 4 has none', async () => {
    expect((await list(1, tolvan)).body).toContain('resultCode xmlns')
    expect((await list(0, tolvan)).body).not.toContain('resultCode')
  })

  test('revoked certificates are there, with their status', async () => {
    expect((await list(1, tolvan)).body).toContain('<t:code>CANCEL</t:code>')
  })

  test('a person without certificates gets an empty list, one has 150 in both journals together', async () => {
    const none = testPersons.find(({ certificates }) => certificates === 'none')!
    expect(idsIn((await list(0, none.number)).body)).toHaveLength(0)
    const counts = await Promise.all(
      [0, 1].map(async (source) => idsIn((await list(source, '199106309835')).body).length),
    )
    expect(counts).toEqual([75, 75])
  })

  test('types and dates narrow the list', async () => {
    const typed = '<l:intygTyp><t:code>lisjp</t:code><t:codeSystem>x</t:codeSystem></l:intygTyp>'
    const all = idsIn((await list(1, tolvan)).body).length
    const some = idsIn((await list(1, tolvan, { more: typed })).body).length
    expect(some).toBeGreaterThan(0)
    expect(some).toBeLessThan(all)
  })

  test('another day gives the same ids', async () => {
    const later = await buildJournals({
      logLevel: 'silent',
      now: () => new Date('2027-01-01T10:00:00Z'),
    })
    const ids = ({ journals: each }: JournalsService) =>
      each.flatMap(({ certificates }) => certificates.map(({ id }) => id))
    expect(ids(later)).toEqual(ids(journals))
    expect(new Set(ids(later)).size).toBe(ids(later).length)
    await later.app.close()
  })

  test('an answer is compressed for whoever takes it', async () => {
    const { endpoint, logicalAddress } = journals.sources('')[0]!
    const { rawPayload, headers } = await journals.app.inject({
      method: 'POST',
      url: endpoint,
      headers: {
        'content-type': 'text/xml',
        'accept-encoding': 'gzip',
        soapaction: `${certificateNamespace}:ListCertificatesForCitizenResponder:4:ListCertificatesForCitizen`,
      },
      payload: envelope(4, tolvan, { address: logicalAddress }),
    })
    expect(headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(rawPayload).toString()).toContain('intygsLista')
  })
})

describe('what the journals refuse', () => {
  test.each([
    ['white space before the logical address', { address: ' 5565594230' }, 'VP004'],
    ['another action', { action: 'urn:other' }, 'VP001'],
  ])('%s is a fault', async (_what, options, code) => {
    const { statusCode, body } = await list(1, tolvan, options)
    expect(statusCode).toBe(500)
    expect(body).toContain(`<faultstring>${code}`)
  })

  test('a number that is none is an error in the result, in an order that the schema forbids', async () => {
    const { statusCode, body } = await list(1, '191212121213')
    expect(statusCode).toBe(200)
    expect(body).toMatch(/ERROR<.*VALIDATION_ERROR.*resultText/)
  })
})

describe('control', () => {
  const norr = 'region-norr'
  test.each([
    ['faulty', 500, 'VP009'],
    ['error-result', 200, 'APPLICATION_ERROR'],
    ['info', 200, 'NOCONSENT'],
    ['not-xml', 200, '<html>'],
  ])('a journal can be told to be %s, and well again', async (mode, status, content) => {
    await control({ source: norr, mode })
    const spoilt = await list(0, tolvan)
    expect(spoilt.statusCode).toBe(status)
    expect(spoilt.body).toContain(content)
    await control({ source: norr, mode: 'ok' })
    expect((await list(0, tolvan)).statusCode).toBe(200)
  })

  test('a truncated answer does not end', async () => {
    await control({ source: norr, mode: 'truncated' })
    expect((await list(0, tolvan)).body).not.toContain('</soap:Envelope>')
  })

  test('a certificate can be revoked, archived and removed', async () => {
    const [id] = idsIn((await list(0, tolvan)).body)
    const reference = { source: norr, id }
    expect((await control(reference, '/revocations')).statusCode).toBe(204)
    expect((await list(0, tolvan)).body).toContain('CANCEL')
    expect((await control(reference, '/archivings')).statusCode).toBe(204)
    expect(idsIn((await list(0, tolvan)).body)).not.toContain(id)
    expect(idsIn((await list(0, tolvan, { archived: 'true' })).body)).toContain(id)
    expect((await control(reference, '/certificates', 'DELETE')).statusCode).toBe(204)
    expectProblem(await control(reference, '/certificates', 'DELETE'), 404, 'certificate.not-found')
  })

  test('what is no certificate cannot be loaded', async () => {
    const load = (document: string) =>
      control({ source: norr, personNumber: tolvan, document }, '/certificates')
    expectProblem(await load('<a>'), 422, 'document.unreadable')
    expectProblem(await load('<a/>'), 422, 'document.unreadable')
    expectProblem(await control({ source: norr, mode: 'odd' }), 400, 'request.invalid')
    expectProblem(await control({ source: 'nowhere', mode: 'ok' }), 404, 'journal.unknown')
  })

  test('a document is taken in under the patient’s number, and a taken id is changed', async () => {
    const { xml, id } = journals.journals[0]!.certificates[0]!
    const document = xml.replace(/\d{12}(?=<\/t:extension><\/c:person-id>)/, '201212121212')
    const load = () =>
      control({ source: norr, personNumber: '198503179809', document }, '/certificates')
    const [first] = (await load()).json().ids
    const [second] = (await load()).json().ids
    expect(new Set([id, first, second]).size).toBe(3)
    const { body } = await list(0, '198503179809')
    expect(idsIn(body)).toEqual(expect.arrayContaining([first, second]))
    expect(body).not.toContain('201212121212')
  })
})

describeWithShared('against the contracts', () => {
  test.each([
    [0, 4, 'false'],
    [0, 4, 'true'],
    [1, 3, 'false'],
    [1, 3, 'true'],
  ])('every answer of journal %i is valid by version %i', async (source, version, archived) => {
    xmlRegisterFsInputProviders()
    const file = join(
      sharedFolder,
      'rivta/contracts/clinicalprocess-healthcond-certificate/interactions/ListCertificatesForCitizenInteraction',
      `ListCertificatesForCitizenResponder_${version}.0.xsd`,
    )
    const schema = XmlDocument.fromBuffer(readFileSync(file), { url: file })
    const validator = XsdValidator.fromDoc(schema)
    for (const { number, trouble } of testPersons) {
      // A failure is told in a form that the schema forbids, as journals in operation do.
      if (trouble?.mode === 'error-result') continue
      const { body } = await list(source, number, { archived })
      const document = XmlDocument.fromString(bodyOf(body))
      expect(() => {
        validator.validate(document)
      }).not.toThrow()
      document.dispose()
    }
    // A validator that finds nothing wrong with anything would prove nothing.
    const wrong = XmlDocument.fromString(
      bodyOf((await list(source, tolvan)).body)
        .replace('<c:version>', '<c:versionen>')
        .replace('</c:version>', '</c:versionen>'),
    )
    expect(() => {
      validator.validate(wrong)
    }).toThrow()
    wrong.dispose()
    validator.dispose()
    schema.dispose()
  })
})

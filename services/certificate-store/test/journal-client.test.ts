import { gzipSync } from 'node:zlib'
import { describeJournalFailure } from '../src/journals/journal-failures.ts'
import { intygContent, listResponse, result } from './documents.ts'
import { answering, fault, useJournal, xml } from './journal-under-test.ts'
import type { Answer } from './journal-under-test.ts'
import { numbers } from './system.ts'

const { server, client } = useJournal()
const isAboutArchived: (body: string) => boolean = (body) => body.includes('>true</l:arkiverade>')

describe('a question', () => {
  test.each([3, 4] as const)('is SOAP 1.1 of version %i, with its headers', async (version) => {
    await client({ contractVersion: version, logicalAddress: ' 5565594230\n' }).ids()
    const { requests } = server.journal
    expect(requests).toHaveLength(2)
    for (const request of requests) {
      expect(request).toMatchObject({
        method: 'POST',
        path: '/list?a=b',
        headers: {
          'content-type': 'text/xml;charset=UTF-8',
          soapaction: `"urn:riv:clinicalprocess:healthcond:certificate:ListCertificatesForCitizenResponder:${version}:ListCertificatesForCitizen"`,
          'x-rivta-original-serviceconsumer-hsaid': 'SE2321000000-MINA',
          'accept-encoding': 'gzip',
        },
      })
      expect(request.body).toContain('>5565594230</r:LogicalAddress>')
      expect(request.headers['x-skltp-correlation-id']).toMatch(/^[\da-f-]{36}$/)
    }
  })

  test('is one of those that are archived and one of those that are not', async () => {
    server.journal.answer = (response, { body }) => {
      const id = isAboutArchived(body) ? 'old' : 'new'
      answering(listResponse([intygContent({ id })]))(response, {} as never)
    }
    expect(await client().ids()).toEqual([
      ['new', false],
      ['old', true],
    ])
  })

  test('has an id in its failure that both requests carried', async () => {
    server.journal.answer = (response) => void response.writeHead(503).end()
    const error: unknown = await client()
      .fetchAll(numbers.tolvan)
      .catch((error: unknown) => error)
    const { correlationId } = describeJournalFailure(error)
    const carried = server.journal.requests.map(({ headers }) => headers['x-skltp-correlation-id'])
    expect(new Set(carried)).toEqual(new Set([correlationId]))
  })

  test('says nothing of whom to ask for where it is not configured', async () => {
    await client({}, { consumerHsaId: undefined }).ids()
    const [request] = server.journal.requests
    expect(request?.headers).not.toHaveProperty('x-rivta-original-serviceconsumer-hsaid')
  })
})

describe('an answer', () => {
  const certificates = listResponse([intygContent({ id: 'a' })])
  const latin1 = Buffer.from(certificates, 'latin1')
  const declared = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?>`

  test.each<[string, Answer]>([
    ['as it is', answering(certificates)],
    ['packed', answering(gzipSync(certificates), { ...xml, 'content-encoding': 'gzip' })],
    [
      'packed, by the old name',
      answering(gzipSync(certificates), { ...xml, 'content-encoding': 'X-GZIP' }),
    ],
    ['as it is, and says so', answering(certificates, { ...xml, 'content-encoding': 'identity' })],
    ['without saying what it is', answering(certificates, {})],
    ['said to be text', answering(certificates, { 'content-type': 'text/plain' })],
    [
      'said to be ISO-8859-1, and is',
      answering(latin1, { 'content-type': 'text/xml; charset="ISO-8859-1"' }),
    ],
    [
      'said to be ISO-8859-1, and is UTF-8',
      answering(certificates, { 'content-type': 'text/xml;charset=ISO-8859-1' }),
    ],
    [
      'that declares ISO-8859-1',
      answering(Buffer.from(declared('ISO-8859-1') + certificates, 'latin1'), xml),
    ],
    [
      'in UTF-16',
      answering(Buffer.from(`\ufeff${declared('UTF-16')}${certificates}`, 'utf16le'), xml),
    ],
    ['with a byte order mark', answering(`\ufeff${certificates}`)],
  ])('is read %s', async (_, answer) => {
    server.journal.answer = answer
    const entries = await client().fetchAll(numbers.tolvan)
    expect(entries).toMatchObject(
      [false, true].map((archived) => ({
        archived,
        entry: { id: { extension: 'a' }, unit: { name: 'Fjällets vårdcentral' } },
      })),
    )
  })

  const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, 0x20))
  const packed = { ...xml, 'content-encoding': 'gzip' }
  const withStatus =
    (status: number, body: string, headers: Record<string, string> = xml): Answer =>
    (response) =>
      void response.writeHead(status, headers).end(body)

  test.each<[string, Answer, object]>([
    [
      'of 20 MiB',
      answering(Buffer.alloc(20 * 1024 * 1024, 0x20)),
      { kind: 'unreadable', code: 'too-large' },
    ],
    ['that unpacks to 200 MiB', answering(bomb, packed), { kind: 'unreadable', code: 'too-large' }],
    [
      'that is not packed as it says',
      answering('<a/>', packed),
      { kind: 'unreadable', code: 'content-encoding' },
    ],
    [
      'that is packed and cut off',
      answering(gzipSync(certificates).subarray(0, 200), packed),
      { kind: 'unreadable', code: 'content-encoding' },
    ],
    [
      'packed in another way',
      answering('x', { ...xml, 'content-encoding': 'br' }),
      { kind: 'unreadable', code: 'content-encoding' },
    ],
    [
      'that ends too early',
      answering(certificates.slice(0, -30)),
      { kind: 'unreadable', code: 'not-well-formed' },
    ],
    ['of nothing', answering(''), { kind: 'unreadable', code: 'not-well-formed' }],
    [
      'that lies about its encoding',
      answering(Buffer.from(declared('UTF-8') + certificates, 'latin1')),
      { kind: 'unreadable', code: 'wrong-encoding' },
    ],
    [
      'that is a page',
      answering('<html><p>Hej<br></html>', { 'content-type': 'text/html' }),
      { kind: 'unreadable', code: 'content-type' },
    ],
    [
      'in many parts',
      answering(`--x\r\n\r\n${certificates}\r\n--x--`, {
        'content-type': 'multipart/related; boundary=x; type="application/xop+xml"',
      }),
      { kind: 'unreadable', code: 'multipart' },
    ],
    [
      'with a doctype',
      answering(`<!DOCTYPE a SYSTEM "file:///etc/passwd">${certificates}`),
      { kind: 'unreadable', code: 'doctype-refused' },
    ],
    [
      'that points elsewhere',
      withStatus(302, '', { location: '/elsewhere' }),
      { kind: 'http', code: 'HTTP-302' },
    ],
    ['of 503', withStatus(503, 'Service Unavailable'), { kind: 'http', code: 'HTTP-503' }],
    ['of 404', withStatus(404, certificates), { kind: 'http', code: 'HTTP-404' }],
    [
      'of 500 with a page',
      withStatus(500, '<html><p>Oj<br></html>', { 'content-type': 'text/html' }),
      { kind: 'http', code: 'HTTP-500' },
    ],
    ['of 500 with certificates', withStatus(500, certificates), { kind: 'http', code: 'HTTP-500' }],
    [
      'of 500 with a fault of the platform',
      withStatus(500, fault('s:Server', 'VP007 191212121212 is not authorised')),
      { kind: 'fault', code: 'VP007' },
    ],
    [
      'of 500 with a fault of the journal',
      withStatus(500, fault('s:Server', 'java.lang.NullPointerException')),
      { kind: 'fault', code: 'Server' },
    ],
    [
      'of 200 with a fault',
      answering(fault('s:Client', 'Unmarshalling Error')),
      { kind: 'fault', code: 'Client' },
    ],
    [
      'with a fault of no known kind',
      answering(fault('s:191212121212', 'x')),
      { kind: 'fault', code: null },
    ],
    [
      'with ERROR beside certificates',
      answering(
        listResponse([intygContent()], {
          result: result(
            ['resultCode', 'ERROR'],
            ['errorId', 'TECHNICAL_ERROR'],
            ['resultText', 'x'],
          ),
        }),
      ),
      { kind: 'result-error', code: 'TECHNICAL_ERROR' },
    ],
    [
      'with INFO and no certificates',
      answering(
        listResponse([], {
          version: 3,
          result: result(['resultCode', 'INFO'], ['resultText', 'NOCONSENT']),
        }),
      ),
      { kind: 'result-error', code: 'NOCONSENT' },
    ],
  ])('%s is none', async (_, answer, failure) => {
    server.journal.answer = answer
    expect(await client().failure()).toEqual(failure)
    expect(server.journal.requests.filter(({ path }) => path === '/elsewhere')).toEqual([])
  })

  test('of 20 MiB is not read to its end', async () => {
    let sent = 0
    server.journal.answer = (response) => {
      response.writeHead(200, xml)
      const more = () => {
        while (!response.destroyed && sent < 500 * 1024 * 1024) {
          sent += 65_536
          if (!response.write(Buffer.alloc(65_536, 0x20))) return void response.once('drain', more)
        }
      }
      more()
    }
    expect(await client().failure()).toEqual({ kind: 'unreadable', code: 'too-large' })
    expect(sent).toBeLessThan(100 * 1024 * 1024)
  })
})

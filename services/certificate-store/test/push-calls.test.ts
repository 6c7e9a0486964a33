import { gzipSync } from 'node:zlib'
import { createTestAuthority } from '@minaintyg/testing/certificates'
import { request } from 'undici'
import { operations } from '../src/push/soap.ts'
import { registration, revocation } from './pushes.ts'
import { hsaIds, startPushSystem } from './push-system.ts'
import type { PushCaller, PushSystem } from './push-system.ts'
import { numbers } from './system.ts'

let system: PushSystem
let norr: PushCaller

beforeAll(async () => {
  system = await startPushSystem()
  norr = await system.caller(hsaIds.norr)
  await system.logIn(numbers.none)
})
afterAll(() => system.stop())

const good = (id: string) => registration({ number: numbers.none, id })
async function expectStanding() {
  const id = crypto.randomUUID()
  expect(await norr.register({ number: numbers.none, id })).toMatchObject({ code: 'OK' })
}
afterEach(expectStanding)

describe('who calls', () => {
  test('without a certificate there is no connection', async () => {
    const caller = system.withTls()
    await expect(caller.register({ number: numbers.none })).rejects.toThrow()
  })

  test('nor with one of another authority, though it names an allowed caller', async () => {
    const caller = await system.caller(hsaIds.norr, await createTestAuthority())
    await expect(caller.register({ number: numbers.none })).rejects.toThrow()
  })

  test('nor in clear', async () => {
    await expect(request(`http://127.0.0.1:${system.port}/`)).rejects.toThrow()
  })

  test.each([
    ['a stranger', hsaIds.stranger, 'not-on-the-list'],
    ['a certificate that names nobody', undefined, 'no-certificate'],
    ['a longer name than an allowed one', `${hsaIds.norr}-2`, 'not-on-the-list'],
  ])('%s may not push', async (_what, hsaId, reason) => {
    const caller = await system.caller(hsaId)
    const answer = await caller.register({ number: numbers.none, id: 'not-allowed' })
    expect(answer).toMatchObject({ status: 403, fault: 'The caller may not push here' })
    expect(system.log.entries()).toContainEqual(
      expect.objectContaining({ level: 'warn', status: 403, reason }),
    )
    const { rowCount } = await system.rows.query(
      "select from certificate where journal_id = 'not-allowed'",
    )
    expect(rowCount).toBe(0)
  })
})

describe('what is no call is a fault', () => {
  const soap12 = 'http://www.w3.org/2003/05/soap-envelope'
  test.each([
    ['nothing', '', 'Client', /not-well-formed/],
    ['no XML', 'hello', 'Client', /not-well-formed/],
    ['XML that ends early', good('x').slice(0, 900), 'Client', /not-well-formed/],
    [
      'a doctype',
      good('x').replace('<e:Envelope', '<!DOCTYPE x [<!ENTITY a "b">]><e:Envelope'),
      'Client',
      /doctype-refused/,
    ],
    ['elements without end', '<a>'.repeat(200), 'Client', /too-deep/],
    ['another document', '<a/>', 'Client', /no SOAP envelope/],
    [
      'SOAP 1.2',
      good('x').replace('http://schemas.xmlsoap.org/soap/envelope/', soap12),
      'VersionMismatch',
      /SOAP 1\.1/,
    ],
    ['no header', good('x').replace(/<e:Header>.*<\/e:Header>/, ''), 'Client', /LogicalAddress/],
    [
      'an address of another service',
      registration({ number: numbers.none, address: '2021005521' }),
      'Client',
      /LogicalAddress is not one/,
    ],
    [
      'two addresses',
      good('x').replace(/<r:LogicalAddress>.*<\/r:LogicalAddress>/, '$&$&'),
      'Client',
      /one LogicalAddress/,
    ],
    [
      'a header that must be understood',
      good('x').replace('</e:Header>', '<x:a xmlns:x="urn:x" e:mustUnderstand="1"/></e:Header>'),
      'MustUnderstand',
      /must be understood/,
    ],
    [
      'an empty body',
      good('x').replace(/<e:Body>[\s\S]*<\/e:Body>/, '<e:Body/>'),
      'Client',
      /body/,
    ],
    ['the other operation', revocation({ number: numbers.none, id: 'x' }), 'Client', /body/],
    [
      'two messages',
      good('x').replace(/<e:Body>([\s\S]*)<\/e:Body>/, '<e:Body>$1$1</e:Body>'),
      'Client',
      /body/,
    ],
    [
      'another version of the contract',
      good('x').replace('RegisterCertificateResponder:3', 'RegisterCertificateResponder:2'),
      'Client',
      /body/,
    ],
  ])('%s', async (_what, xml, code, text) => {
    const answer = await norr.send('register', xml)
    expect(answer.status).toBe(500)
    expect(answer.headers['content-type']).toBe('text/xml;charset=UTF-8')
    expect(answer.xml).toContain(`<faultcode>soap:${code}</faultcode>`)
    expect(answer.fault).toMatch(text)
    expect(answer.code).toBeUndefined()
  })

  test('a SOAPAction of another operation; none at all is let pass', async () => {
    const { namespace, name } = operations.revoke
    const other = { soapaction: `"${namespace}:${name}"` }
    expect((await norr.send('register', good('x'), other)).fault).toMatch(/SOAPAction/)
    expect((await norr.send('register', good('without'), { soapaction: '""' })).code).toBe('OK')
  })

  test.each([
    [{ 'content-type': 'application/json' }, 415],
    [{ 'content-encoding': 'br' }, 415],
    [{ 'content-encoding': 'gzip' }, 500],
  ])('%j is %i', async (headers, status) => {
    const answer = await norr.send('register', good('x'), headers)
    expect(answer.status).toBe(status)
    expect(answer.xml).toContain('<faultcode>soap:Client</faultcode>')
  })

  test('more than 15 MiB, packed or not', async () => {
    const long = good('x').replace('</e:Body>', `${' '.repeat(16 * 1024 * 1024)}</e:Body>`)
    expect((await norr.send('register', long)).status).toBe(413)
    const headers = { 'content-encoding': 'gzip' }
    expect((await norr.send('register', gzipSync(long), headers)).status).toBe(413)
  })

  test('GET, and another address', async () => {
    const url = `https://127.0.0.1:${system.port}`
    const get = await request(url + operations.register.path, { dispatcher: norr.agent })
    expect([get.statusCode, get.headers['allow']]).toEqual([405, 'POST'])
    const other = await request(`${url}/`, { dispatcher: norr.agent, method: 'POST' })
    expect(other.statusCode).toBe(404)
    await Promise.all([get, other].map(({ body }) => body.dump()))
  })
})

test('other encodings are read as they say', async () => {
  const latin = good('latin').replace('UTF-8', 'ISO-8859-1')
  expect((await norr.send('register', Buffer.from(latin, 'latin1'))).code).toBe('OK')
  const undeclared = good('undeclared').replace(/<\?xml[^>]*>\s*/, '')
  const headers = { 'content-type': 'text/xml; charset=iso-8859-1' }
  const named = await norr.send('register', Buffer.from(undeclared, 'latin1'), headers)
  expect(named.code).toBe('OK')
  const wide = good('wide').replace('UTF-8', 'UTF-16')
  const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(wide, 'utf16le')])
  expect((await norr.send('register', bytes)).code).toBe('OK')
})

test('more at once than there is memory for is 503, and later goes well', async () => {
  let release: () => void = () => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  const own = await startPushSystem({ deps: { requireConsent: () => held } })
  await own.logIn(numbers.none)
  const caller = await own.caller(hsaIds.norr)
  const calls = Array.from({ length: 14 }, (_none, index) =>
    caller.register({ number: numbers.none, id: `much-${index}` }),
  )
  const refused = await Promise.any(calls)
  expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '5' } })
  expect(refused.xml).toContain('<faultcode>soap:Server</faultcode>')
  release()
  const answers = await Promise.all(calls)
  expect(answers.filter(({ code }) => code === 'OK')).toHaveLength(10)
  expect((await caller.register({ number: numbers.none, id: 'much-later' })).code).toBe('OK')
  await own.stop()
})

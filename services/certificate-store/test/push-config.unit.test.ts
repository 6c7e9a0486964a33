import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeWithShared, sharedFolder } from '@minaintyg/testing'
import { createTestAuthority } from '@minaintyg/testing/certificates'
import { CertificateStoreConfig } from '../src/app.ts'
import { loadConfig } from '@minaintyg/config'
import { loadFullValidation } from '../src/push/full-validation.ts'
import { pushSettingsOf } from '../src/push/push-config.ts'
import type { PushVariables } from '../src/push/push-config.ts'

const journals = ['north', 'south'].map((id) => ({
  id,
  name: id,
  endpoint: 'https://journal.test',
  logicalAddress: 'x',
  contractVersion: 4 as const,
  deadline: 1,
  connections: 1,
}))
const folder = mkdtempSync(join(tmpdir(), 'push-config-'))
const files = {
  PUSH_TLS_CERT_FILE: join(folder, 'cert.pem'),
  PUSH_TLS_KEY_FILE: join(folder, 'key.pem'),
  PUSH_TLS_CA_FILE: join(folder, 'ca.pem'),
}
const withoutTls = {
  PUSH_PORT: 1,
  PUSH_CALLERS: '[{"hsaId":"se1-a","source":"north"},{"hsaId":"SE1-P","passesOn":true}]',
  PUSH_LOGICAL_ADDRESSES: 'a, b',
}
const whole = { ...withoutTls, ...files }

beforeAll(async () => {
  const authority = await createTestAuthority()
  const { cert, key } = await authority.server()
  writeFileSync(files.PUSH_TLS_CERT_FILE, cert)
  writeFileSync(files.PUSH_TLS_KEY_FILE, key)
  writeFileSync(files.PUSH_TLS_CA_FILE, authority.ca)
})

test('without a port nothing is listened to', () => {
  expect(pushSettingsOf({}, journals)).toBeUndefined()
})

test('what is whole is taken, HSA ids in upper case', () => {
  const settings = pushSettingsOf(whole, journals)!
  expect([...settings.callers.sources.keys()]).toEqual(['SE1-A'])
  expect([...settings.callers.platforms]).toEqual(['SE1-P'])
  expect(settings.logicalAddresses).toEqual(['a', 'b'])
  expect(settings.tls?.cert).toContain('BEGIN CERTIFICATE')
  expect(settings.grace).toBe(86_400_000)
})

test('in clear is for loopback, where it is asked for by name', () => {
  const plain = { ...withoutTls, PUSH_PLAIN: 'loopback' }
  for (const PUSH_HOST of [undefined, '127.0.0.1', '127.0.0.2', '::1', 'localhost']) {
    const host = PUSH_HOST === undefined ? {} : { PUSH_HOST }
    expect(pushSettingsOf({ ...plain, ...host }, journals)?.tls).toBeUndefined()
  }
})

test.each<[string, PushVariables, RegExp]>([
  ['no TLS and nothing said of it', withoutTls, /CERT_FILE is missing[^]*KEY_FILE[^]*CA_FILE/],
  [
    'no authority of the callers',
    {
      ...withoutTls,
      PUSH_TLS_CERT_FILE: files.PUSH_TLS_CERT_FILE,
      PUSH_TLS_KEY_FILE: files.PUSH_TLS_KEY_FILE,
    },
    /PUSH_TLS_CA_FILE is missing/,
  ],
  ['TLS and none', { ...whole, PUSH_PLAIN: 'loopback' }, /exclude each other/],
  [
    'no TLS for the world',
    { ...withoutTls, PUSH_PLAIN: 'loopback', PUSH_HOST: '0.0.0.0' },
    /must be loopback/,
  ],
  [
    'no TLS at a name that only looks like loopback',
    { ...withoutTls, PUSH_PLAIN: 'loopback', PUSH_HOST: '127.0.0.1.example.org' },
    /must be loopback/,
  ],
  [
    'a file that is not there',
    { ...whole, PUSH_TLS_KEY_FILE: '/nowhere' },
    /KEY_FILE cannot be read/,
  ],
  [
    'files that are no certificates',
    { ...whole, PUSH_TLS_CERT_FILE: files.PUSH_TLS_KEY_FILE },
    /PUSH_TLS_… are no certificate with its key/,
  ],
  [
    'an authority that is none',
    { ...whole, PUSH_TLS_CA_FILE: files.PUSH_TLS_KEY_FILE },
    /PUSH_TLS_CA_FILE holds no certificate/,
  ],
  ['no callers', { ...whole, PUSH_CALLERS: '[]' }, /PUSH_CALLERS has not the form/],
  [
    'a caller of no journal',
    { ...whole, PUSH_CALLERS: '[{"hsaId":"A","source":"west"}]' },
    /source that is not in JOURNALS/,
  ],
  [
    'a caller twice',
    {
      ...whole,
      PUSH_CALLERS: '[{"hsaId":"A","source":"north"},{"hsaId":"a","source":"south"}]',
    },
    /names an HSA id twice/,
  ],
  ['no logical address', { ...whole, PUSH_LOGICAL_ADDRESSES: ' , ' }, /ADDRESSES is missing/],
])('%s is said at the start', (_what, variables, text) => {
  expect(() => pushSettingsOf(variables, journals)).toThrow(text)
})

test('the variables are read out of the environment', () => {
  const faults = () => loadConfig(CertificateStoreConfig, { PUSH_PORT: 'x', PUSH_PLAIN: 'yes' })
  expect(faults).toThrow(/PUSH_PLAIN[^]*PUSH_PORT/)
})

describeWithShared('RIVTA_SCHEMA_DIR', () => {
  const schemas = join(sharedFolder, 'rivta/contracts/clinicalprocess-healthcond-certificate')

  test.each([
    ['nothing', '/nowhere', /has no interactions\/RegisterCertificateInteraction\//],
    ['another folder', sharedFolder, /has no interactions/],
  ])('that has %s is said at the start', async (_what, directory, text) => {
    await expect(loadFullValidation(directory)).rejects.toThrow(text)
  })

  test('that lacks what the schemas are made of is said at the start', async () => {
    for (const name of ['RegisterCertificate', 'RevokeCertificate']) {
      const place = join(folder, 'interactions', `${name}Interaction`)
      mkdirSync(place, { recursive: true })
      writeFileSync(
        join(place, `${name}Responder_${name === 'RegisterCertificate' ? 3 : 2}.1.xsd`),
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a" xmlns:b="urn:b"><xs:import namespace="urn:b" schemaLocation="../../missing.xsd"/><xs:element name="a" type="b:B"/></xs:schema>',
      )
    }
    await expect(loadFullValidation(folder)).rejects.toThrow(/schemas that are not there/)
  })

  test('finds what is wrong by line and element, and quotes nothing', async () => {
    const validate = await loadFullValidation(schemas)
    const message = Buffer.from(
      '<a:RevokeCertificate xmlns:a="urn:riv:clinicalprocess:healthcond:certificate:RevokeCertificateResponder:2">\n<a:skickatTidpunkt>191212121212</a:skickatTidpunkt></a:RevokeCertificate>',
    )
    const faults = validate('RevokeCertificate', message)
    expect(faults).toContain(
      'line 2 of the message: skickatTidpunkt is against the official schema',
    )
    expect(faults.join()).not.toContain('191212121212')
  })
})

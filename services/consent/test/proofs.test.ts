import { randomUUID } from 'node:crypto'
import { createRecordingBus, expectProblem } from '@minaintyg/testing'
import { compactVerify, createLocalJWKSet } from 'jose'
import type { JSONWebKeySet } from 'jose'
import { createConsentUnderTest } from './consent-under-test.ts'
import type { ConsentUnderTest } from './consent-under-test.ts'

let consent: ConsentUnderTest

beforeAll(async () => {
  consent = await createConsentUnderTest({ bus: createRecordingBus() })
})
afterAll(() => consent.close())

const publicKeys = async () => {
  const answer = await consent.service.app.inject('/.well-known/jwks.json')
  return answer.json<JSONWebKeySet>()
}

test('the proof holds all that a patient said, to which wording, and how', async () => {
  const id = randomUUID()
  const patient = await consent.asPatient(id)
  await patient.give({ textVersion: '1.0' }, { 'accept-language': 'en' })
  await patient.withdraw()
  const { proof } = (await patient.proof()).json()
  expect(proof).toMatchObject({
    issuer: 'https://identity.test',
    patientId: id,
    statements: [
      {
        kind: 'given',
        textVersion: '1.0',
        language: 'en',
        channel: 'gateway',
        loa: 'http://id.elegnamnden.se/loa/1.0/loa3',
        sessionId: `session-${id}`,
      },
      { kind: 'withdrawn', language: 'sv' },
    ],
    texts: [{ version: '1.0', language: 'en' }, { language: 'sv' }],
  })
  expect(proof.texts[0].paragraphs.length).toBeGreaterThan(3)
})

test('anyone can check its signature with the published keys', async () => {
  const patient = await consent.asPatient(randomUUID())
  await patient.give()
  const { proof, jws } = (await patient.proof()).json()
  const keys = createLocalJWKSet(await publicKeys())
  const { payload, protectedHeader } = await compactVerify(jws, keys)
  expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(proof)
  expect(protectedHeader).toEqual({ alg: 'EdDSA', kid: 'proof-1' })

  const [header, body = '', signature] = jws.split('.')
  const changed = Buffer.from(body, 'base64url').toString().replace('given', 'withdrawn')
  const forged = [header, Buffer.from(changed).toString('base64url'), signature].join('.')
  await expect(compactVerify(forged, keys)).rejects.toThrow('signature verification failed')
})

test('the published keys have no private part', async () => {
  const { keys } = await publicKeys()
  expect(keys).toMatchObject([{ kid: 'proof-1', alg: 'EdDSA' }])
  expect(keys.some((key) => 'd' in key)).toBe(false)
})

test('who has said nothing has a proof of just that', async () => {
  const answer = await (await consent.asPatient(randomUUID())).proof()
  expect(answer.json().proof).toMatchObject({ statements: [], texts: [] })
})

test('one patient’s proof says nothing of another', async () => {
  const [mine, other] = [randomUUID(), randomUUID()]
  await (await consent.asPatient(other)).give()
  const answer = await (await consent.asPatient(mine)).proof()
  expect(answer.body).not.toContain(other)
})

test('is 401 without a token, and 403 with a service’s', async () => {
  const url = '/consent/proof'
  expectProblem(await consent.service.app.inject(url), 401, 'token.invalid')
  const headers = await consent.tokens.client('consent', 'consent-state:read')
  const answer = await consent.service.app.inject({ url, headers })
  expectProblem(answer, 403, 'token.insufficient-scope')
})

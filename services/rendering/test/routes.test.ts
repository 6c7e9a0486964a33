import {
  createLogSink,
  createRecordingBus,
  createTestTokens,
  expectProblem,
} from '@minaintyg/testing'
import type { TestTokens } from '@minaintyg/testing'
import type { Service } from '@minaintyg/service'
import { AppError } from '@minaintyg/errors'
import { buildRenderingService } from '../src/app.ts'
import { certificate, employerCertificate, sectionOf, text } from './certificates.ts'
import { consentProof, patientId, signed } from './consent-proof.ts'
import { createCertificateStoreStub } from './certificate-store-stub.ts'
import { readEveryByte, readText } from './pdf-reading.ts'

const plain = certificate()
const refused = (reason: string) => ({
  ...plain.actions,
  save: { allowed: false, reason },
  print: { allowed: false, reason },
})
const originals = {
  plain: {
    mediaType: 'application/xml' as const,
    bytes: Buffer.from('<intyg>191212121212 Långvarig stress</intyg>').toString('base64'),
  },
}
const log = createLogSink()
const certificates = {
  plain,
  'of-letters': certificate({ sections: [sectionOf(text('hemligt 中'))] }),
  employer: employerCertificate(),
  infection: employerCertificate({ actions: plain.actions }),
  replaced: certificate({ actions: refused('certificate.replaced') }),
  complemented: certificate({ actions: refused('certificate.complemented') }),
  'shown-as-revoked': certificate({ actions: refused('certificate.revoked') }),
}

let tokens: TestTokens
let store: Awaited<ReturnType<typeof createCertificateStoreStub>>
let service: Service
const exchanged: string[] = []

beforeAll(async () => {
  tokens = await createTestTokens()
  store = await createCertificateStoreStub(certificates, {
    ...originals,
    employer: originals.plain,
  })
  service = await buildRenderingService(
    {
      HOST: '127.0.0.1',
      PORT: 0,
      LOG_LEVEL: 'warn',
      IDENTITY_URL: 'http://127.0.0.1:1',
      ISSUER_URL: 'https://identity.test',
      JWKS_URL: 'https://identity.test/.well-known/jwks.json',
      CLIENT_KEY: '{}',
      CERTIFICATE_STORE_URL: store.url,
      RENDER_THREADS: 1,
      RENDER_QUEUE: 8,
      RENDER_DEADLINE_MS: 20_000,
      RENDER_MEMORY_MB: 256,
    },
    {
      bus: createRecordingBus(),
      logDestination: log.destination,
      authentication: tokens.authentication('rendering'),
      credentials: {
        exchange: async (token, audience) => {
          exchanged.push(audience)
          if (token === '') throw new AppError({ code: 'x.y', status: 401, title: 'x' })
          return 'patient-token-for-the-store'
        },
        close: async () => undefined,
      },
    },
  )
})
afterAll(async () => {
  await service.app.close()
  await store.close()
})

async function get(path: string, headers: Record<string, string> = {}) {
  const patient = await tokens.patient('rendering', patientId)
  return service.app.inject({ url: `/certificates/${path}`, headers: { ...patient, ...headers } })
}

describe('GET /certificates/:id/pdf', () => {
  test('answers the document, to save, with a name that says nothing of the patient', async () => {
    const answer = await get('plain/pdf', { 'accept-language': 'sv' })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'application/pdf',
      'cache-control': 'private, no-store',
      'content-disposition':
        'attachment; filename="lakarintyg-for-sjukpenning-2026-03-02.pdf"; ' +
        "filename*=UTF-8''L%C3%A4karintyg%20f%C3%B6r%20sjukpenning%202026-03-02.pdf",
    })
    expect(await readText(answer.rawPayload)).toContain('AlvaProvsson')
    expect(exchanged.at(-1)).toBe('certificate-store')
    expect(store.asked.at(-1)).toEqual({
      url: '/certificates/plain/copy?purpose=save',
      authorization: 'Bearer patient-token-for-the-store',
      language: 'sv',
    })
  })

  test('asks for it to print where it is to be shown', async () => {
    const answer = await get('plain/pdf?disposition=inline')
    expect(answer.headers['content-disposition']).toMatch(/^inline; /)
    expect(store.asked.at(-1)?.url).toBe('/certificates/plain/copy?purpose=print')
  })

  test('attaches the journal’s own document, and takes the patient’s whole number from it', async () => {
    const whole = (await get('employer/pdf')).rawPayload
    expect(readEveryByte(whole)).toContain('<intyg>191212121212 L')
    expect(await readText(whole)).toContain('19121212-1212')
    const adapted = (await get('employer/pdf?hide=diagnosis')).rawPayload
    expect(readEveryByte(adapted)).not.toContain('<intyg>')
    expect(await readText(adapted)).toContain('19121212-1212')
  })

  test('logs which characters no font has, and nothing that stands around them', async () => {
    expect((await get('of-letters/pdf')).statusCode).toBe(200)
    const entry = log.entries().find(({ msg }) => msg === 'characters that no font has')
    expect(entry).toMatchObject({ undrawn: ['U+4E2D'], type: { code: 'LISJP', version: '1.3' } })
    expect(JSON.stringify(entry)).not.toMatch(/hemligt|Alva|1912/)
  })

  test('answers 304 to a client that has it, and the document to one that has another', async () => {
    const { etag } = (await get('plain/pdf')).headers
    for (const value of [String(etag), `"x", W/${String(etag)}`, '*']) {
      const answer = await get('plain/pdf', { 'if-none-match': value })
      expect(answer.statusCode).toBe(304)
      expect(answer.rawPayload).toHaveLength(0)
      expect(answer.headers['etag']).toBe(etag)
    }
    expect((await get('plain/pdf', { 'if-none-match': '"x"' })).statusCode).toBe(200)
    expect((await get('employer/pdf')).headers['etag']).not.toBe(etag)
  })

  test('leaves the diagnosis out where that is offered', async () => {
    const whole = await readText((await get('employer/pdf')).rawPayload)
    const adapted = await readText((await get('employer/pdf?hide=diagnosis')).rawPayload)
    expect(whole).toContain('M545')
    expect(adapted).not.toContain('M545')
    expect(adapted).toContain('Alltannatärsomiintyget')
  })

  test.each(['plain', 'infection'])('answers 400 where hiding is not offered: %s', async (id) => {
    expectProblem(await get(`${id}/pdf?hide=diagnosis`), 400, 'pdf.hide-not-offered')
  })

  test.each([
    'hide=name',
    'hide=',
    'disposition=mail',
    'color=red',
    'hide=diagnosis&hide=diagnosis',
  ])('answers 400 to %s', async (query) => {
    expectProblem(await get(`employer/pdf?${query}`), 400, 'request.invalid')
  })

  test.each([
    ['replaced', 409, 'certificate.replaced'],
    ['complemented', 409, 'certificate.complemented'],
    ['shown-as-revoked', 410, 'certificate.revoked'],
    ['unknown', 404, 'certificate.not-found'],
    ['no-consent', 403, 'consent.required'],
    ['revoked', 410, 'certificate.revoked'],
    ['down', 503, 'journal.unavailable'],
    ['broken', 503, 'certificate-store.unavailable'],
  ])('answers for %s: %i %s', async (id, status, code) => {
    expectProblem(await get(`${id}/pdf`), status, code)
  })

  test('tells on when it was revoked', async () => {
    expect((await get('revoked/pdf')).json()).toMatchObject({ revokedAt: '2026-03-03T10:00:00Z' })
  })

  test('answers 401 without a token or with one for another service, and 403 without the scope', async () => {
    const url = '/certificates/plain/pdf'
    expectProblem(await service.app.inject({ url }), 401, 'token.invalid')
    const other = await tokens.patient('consent', 'someone')
    expectProblem(await service.app.inject({ url, headers: other }), 401, 'token.invalid')
    const scopeless = await tokens.client('rendering', 'render')
    const answer = await service.app.inject({ url, headers: scopeless })
    expectProblem(answer, 403, 'token.insufficient-scope')
  })
})

describe('POST /renderings', () => {
  const post = async (payload: object, scope = 'render') =>
    service.app.inject({
      method: 'POST',
      url: '/renderings',
      headers: await tokens.client('rendering', scope, 'dispatch'),
      payload,
    })

  test('renders the certificate that it is given', async () => {
    const answer = await post({ certificate: plain })
    expect(answer.statusCode).toBe(200)
    expect(await readText(answer.rawPayload)).toContain('Läkarintygförsjukpenning')
  })

  test('answers 400 to what is no certificate, and 403 without the scope', async () => {
    expectProblem(await post({ certificate: { id: 5 } }), 400, 'request.invalid')
    expectProblem(await post({ certificate: plain, more: 1 }), 400, 'request.invalid')
    expectProblem(await post({ certificate: plain }, 'patient'), 403, 'token.insufficient-scope')
  })
})

describe('POST /consent-proofs', () => {
  const post = async (payload: object, headers: Record<string, string> = {}) =>
    service.app.inject({
      method: 'POST',
      url: '/consent-proofs',
      headers: { ...(await tokens.patient('rendering', patientId)), ...headers },
      payload,
    })

  test('answers the document in the caller’s language, with a name of its own', async () => {
    const answer = await post(signed(), { 'accept-language': 'en-GB, sv;q=0.5' })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-language': 'en',
      'cache-control': 'private, no-store',
      'content-disposition':
        'attachment; filename="proof-of-consent-2026-11-05.pdf"; ' +
        "filename*=UTF-8''Proof%20of%20consent%202026-11-05.pdf",
    })
    expect(await readText(answer.rawPayload)).toContain('Proofofconsent')
    expect(await readText((await post(signed())).rawPayload)).toContain('Bevisomsamtycke')
  })

  test('answers 400 to what is no proof, what is another’s, and what is not what was signed', async () => {
    expectProblem(await post({ jws: 'a.b.c' }), 400, 'request.invalid')
    const others = consentProof({ patientId: '0b8f3c1e-1111-4222-8333-444455557777' })
    expectProblem(await post(signed(others)), 400, 'consent-proof.invalid')
    const { jws } = signed()
    const changed = consentProof({ statements: [] })
    expectProblem(await post({ proof: changed, jws }), 400, 'consent-proof.invalid')
    expectProblem(await post({ proof: consentProof(), jws: 'a.b.c' }), 400, 'consent-proof.invalid')
  })

  test('answers 401 without a token, and 403 to a service', async () => {
    const payload = signed()
    const call = { method: 'POST', url: '/consent-proofs', payload } as const
    expectProblem(await service.app.inject(call), 401, 'token.invalid')
    const headers = await tokens.client('rendering', 'render')
    const refused = await service.app.inject({ ...call, headers })
    expectProblem(refused, 403, 'token.insufficient-scope')
  })
})

import { createTestTokens, expectProblem } from '@minaintyg/testing'
import type { TestTokens } from '@minaintyg/testing'
import type { Service } from '@minaintyg/service'
import { AppError } from '@minaintyg/errors'
import { buildRenderingService } from '../src/app.ts'
import { certificate, employerCertificate } from './certificates.ts'
import { createCertificateStoreStub } from './certificate-store-stub.ts'
import { readText } from './pdf-reading.ts'

const plain = certificate()
const refused = (reason: string) => ({
  ...plain.actions,
  save: { allowed: false, reason },
  print: { allowed: false, reason },
})
const certificates = {
  plain,
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
  store = await createCertificateStoreStub(certificates)
  service = await buildRenderingService(
    {
      HOST: '127.0.0.1',
      PORT: 0,
      LOG_LEVEL: 'silent',
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
  const patient = await tokens.patient('rendering', '0b8f3c1e-1111-4222-8333-444455556666')
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
      url: '/certificates/plain?purpose=save',
      authorization: 'Bearer patient-token-for-the-store',
      language: 'sv',
    })
  })

  test('asks for it to print where it is to be shown', async () => {
    const answer = await get('plain/pdf?disposition=inline')
    expect(answer.headers['content-disposition']).toMatch(/^inline; /)
    expect(store.asked.at(-1)?.url).toBe('/certificates/plain?purpose=print')
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

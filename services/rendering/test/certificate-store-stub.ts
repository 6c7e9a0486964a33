import Fastify from 'fastify'
import type { Certificate } from '@minaintyg/certificate-model'
import type { CertificateCopy } from '@minaintyg/contracts'

interface Answer {
  status: number
  body: unknown
}

const problem = (status: number, code: string, more: object = {}): Answer => ({
  status,
  body: {
    type: `/problems/${code}`,
    title: code,
    status,
    detail: 'x',
    instance: 'x',
    code,
    ...more,
  },
})

/** A certificate-store on loopback that answers by id, and remembers how it was asked. */
export async function createCertificateStoreStub(
  certificates: Record<string, Certificate>,
  originals: Record<string, CertificateCopy['original']> = {},
  verification: CertificateCopy['verification'] = null,
) {
  const asked: { url: string; authorization: string | undefined; language: string | undefined }[] =
    []
  const refusals: Record<string, Answer> = {
    'no-consent': problem(403, 'consent.required'),
    revoked: problem(410, 'certificate.revoked', { revokedAt: '2026-03-03T10:00:00Z' }),
    down: problem(503, 'journal.unavailable'),
    broken: { status: 500, body: { oops: true } },
  }
  const app = Fastify()
  app.get<{ Params: { id: string } }>('/certificates/:id/copy', async (request, reply) => {
    const { authorization, 'accept-language': language } = request.headers
    asked.push({ url: request.url, authorization, language })
    const known = certificates[request.params.id]
    if (known !== undefined)
      return { certificate: known, original: originals[request.params.id] ?? null, verification }
    const { status, body } = refusals[request.params.id] ?? problem(404, 'certificate.not-found')
    return reply.code(status).type('application/problem+json').send(body)
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { url, asked, close: () => app.close() }
}

import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { audiences, scopes } from '@minaintyg/contracts'
import type { CopyVerification, Verification } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import { preferredLanguage } from '@minaintyg/service'
import type { Credentials, Language, Server, ServiceClient } from '@minaintyg/service'
import { failures } from '../documentation/responses.ts'
import { referenceTo } from '../documentation/named-schemas.ts'
import { verificationPath } from '../edge/rate-limits.ts'
import { reportingPolicy } from '../edge/security-headers.ts'
import { pagePolicy } from '../meta/page.ts'
import { failurePage, verificationPage } from './verification-page.ts'

interface Deps {
  certificateStore: ServiceClient
  credentials: Pick<Credentials, 'serviceToken'>
  publicUrl: string
}

const languageOf = ({ headers }: FastifyRequest) => preferredLanguage(headers['accept-language'])

/** People come from a camera with a browser; whoever wants JSON says so. */
const wantsPage = ({ headers: { accept = '' } }: FastifyRequest) =>
  accept.includes('text/html') || !/application\/(problem\+)?json/.test(accept)

function createAsk({ certificateStore, credentials }: Deps) {
  return async (id: string, { trace }: FastifyRequest): Promise<CopyVerification> =>
    certificateStore.json<CopyVerification>({
      method: 'POST',
      path: '/verifications',
      body: { id: id.slice(0, 200) },
      token: await credentials.serviceToken(audiences.certificateStore, scopes.verify),
      trace,
    })
}

function inLanguage(found: CopyVerification, language: Language): Verification {
  if (!found.genuine) return { genuine: false }
  const { type, issuedAt, unit, status, adapted } = found
  return {
    genuine: true,
    type: { code: type.code, name: type.name[language] },
    issuedAt,
    unit: { name: unit.name },
    status,
    adapted,
  }
}

function createSendPage(publicUrl: string) {
  const policy = reportingPolicy(pagePolicy, publicUrl)
  return (reply: FastifyReply, language: Language, html: string) =>
    reply
      .headers({ 'content-language': language, 'content-security-policy': policy })
      .type('text/html; charset=utf-8')
      .send(html)
}

/** Faults as a page for those who came from a paper; for all others, and for bugs, as everywhere. */
function addFailurePage(app: Server, sendPage: ReturnType<typeof createSendPage>): void {
  app.setErrorHandler(async (error, request, reply) => {
    if (!(error instanceof AppError) || !wantsPage(request)) throw error
    const { status } = error.definition
    const retryAfter = error.extras.retryAfter ?? (status === 503 ? 5 : undefined)
    if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter))
    request.problemCode = error.code
    const language = languageOf(request)
    return sendPage(reply.code(status), language, failurePage(status, language))
  })
}

export function verificationRoutes(deps: Deps) {
  const ask = createAsk(deps)
  const sendPage = createSendPage(deps.publicUrl)
  return async (app: Server): Promise<void> => {
    app.addHook('onRequest', async (_request, reply) => {
      void reply.headers({ 'x-robots-tag': 'noindex, nofollow', vary: 'accept, accept-language' })
    })
    addFailurePage(app, sendPage)
    app.get(verificationPath, {
      // Each question stands in the patient's log: who only asks whether the page is there does not ask.
      exposeHeadRoute: false,
      config: { access: 'open' },
      schema: {
        operationId: 'verifyCopy',
        tags: ['verification'],
        summary: 'Whether a copy on paper is genuine, and still stands',
        description:
          'What the QR code of a saved or printed copy leads to: a page in Swedish or English for whoever holds the paper, or JSON with `Accept: application/json`. It tells type, date, care unit, whether the certificate is replaced or revoked, and whether the copy is adapted; never the patient, never what it says. `genuine: false` is the answer for whatever cannot be told of, whether it never was or the patient has withdrawn consent. The patient sees in the access log that it was asked. An installation may have it off: 404.',
        params: Type.Object({
          id: Type.String({
            maxLength: 500,
            description: 'What stands on the paper: 26 signs that nobody guesses',
          }),
        }),
        response: {
          200: {
            description: 'What the paper is',
            content: {
              'application/json': { schema: referenceTo('Verification') },
              'text/html': { schema: Type.String() },
            },
          },
          ...failures(
            'verification.off',
            'certificate-store.unavailable',
            'consent.unavailable',
            'access-log.unavailable',
            'keys.unavailable',
            'identity.unavailable',
          ),
        },
      },
      handler: async (request, reply) => {
        const language = languageOf(request)
        const found = inLanguage(await ask(request.params.id, request), language)
        if (wantsPage(request)) return sendPage(reply, language, verificationPage(found, language))
        return reply.header('content-language', language).send(found)
      },
    })
  }
}

import { AppError } from '@minaintyg/errors'
import { preferredLanguage, serviceErrors } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import { reportingPolicy } from '../edge/security-headers.ts'
import { escapeHtml, page, pagePolicy } from '../meta/page.ts'
import { problemKind } from '../meta/problem-catalogue.ts'

const titles = { sv: 'Intyget kunde inte visas', en: 'The certificate could not be shown' }

/** A browser opens these links by itself: what goes wrong is then a sentence for the patient, and a problem for all others. */
export function addDownloadFailurePage(app: Server, publicUrl: string): void {
  const policy = reportingPolicy(pagePolicy, publicUrl)
  app.setErrorHandler(async (error, request, reply) => {
    const { accept = '', 'accept-language': languages } = request.headers
    if (!(error instanceof AppError) || !accept.includes('text/html')) throw error
    const { status } = error.definition
    const retryAfter = error.extras.retryAfter ?? (status === 503 ? 5 : undefined)
    if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter))
    request.problemCode = error.code
    const language = preferredLanguage(languages)
    const title = titles[language]
    const words =
      problemKind(error.code).patient ?? problemKind(serviceErrors.internal.code).patient
    const sentence = words?.[language] ?? ''
    const content = `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(sentence)}</p>`
    return reply
      .code(status)
      .headers({
        'content-language': language,
        'content-security-policy': policy,
        vary: 'accept, accept-language',
      })
      .type('text/html; charset=utf-8')
      .send(page({ language, title, content }))
  })
}

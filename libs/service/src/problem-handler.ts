import { STATUS_CODES } from 'node:http'
import { AppError } from '@minaintyg/errors'
import type { ErrorDefinition, ErrorExtras } from '@minaintyg/errors'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import './fastify.ts'
import { isLostDependency } from './lost-dependency.ts'
import { defaultDetails, serviceErrors } from './problem.ts'

const byFastifyCode: Record<string, ErrorDefinition> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: serviceErrors.mediaType,
  FST_ERR_CTP_BODY_TOO_LARGE: serviceErrors.tooLarge,
  FST_ERR_MAX_PARAM_LENGTH: serviceErrors.routeNotFound,
  FST_ERR_NOT_FOUND: serviceErrors.routeNotFound,
}
const byStatus: Record<number, ErrorDefinition> = {
  408: serviceErrors.timeout,
  413: serviceErrors.tooLarge,
  414: serviceErrors.uriTooLong,
  415: serviceErrors.mediaType,
  503: serviceErrors.unavailable,
}

const isFastifyError = (error: unknown): error is FastifyError =>
  error instanceof Error && 'statusCode' in error

/** ajv's messages name rules and never values; the path is where, in the caller's own terms. */
function validationErrors(error: FastifyError): NonNullable<ErrorExtras['errors']> {
  return (error.validation ?? []).map(({ instancePath, message, params }) => {
    const { missingProperty, additionalProperty } = params
    const beyond =
      typeof missingProperty === 'string' && message?.startsWith('must have') === true
        ? `/${missingProperty}`
        : ''
    const unknown =
      typeof additionalProperty === 'string' ? 'has a field that is not known' : undefined
    return {
      path: `${instancePath}${beyond}` || '/',
      message: unknown ?? message ?? 'is not valid',
    }
  })
}

/** Whatever was thrown, as an AppError; undefined for what is a bug of ours. */
function asAppError(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error
  if (isLostDependency(error)) return new AppError(serviceErrors.unavailable, { cause: error })
  if (!isFastifyError(error)) return undefined
  if (error.validation !== undefined) {
    return new AppError(serviceErrors.invalid, {
      detail: `Correct what is named in errors, in the ${error.validationContext ?? 'request'}.`,
      errors: validationErrors(error),
    })
  }
  const status = error.statusCode ?? 500
  const definition = byFastifyCode[error.code] ?? byStatus[status]
  if (definition !== undefined) return new AppError(definition)
  return status >= 400 && status < 500 ? new AppError(serviceErrors.malformed) : undefined
}

/** RFC 9457 as a string: already serialised, so that no response schema can drop a member of it. */
function problemBody(
  { definition, extras }: AppError,
  base: string,
  request: Pick<FastifyRequest, 'id' | 'trace'>,
): string {
  const { code, status, title } = definition
  const detail =
    extras.detail ?? definition.detail ?? defaultDetails[status] ?? STATUS_CODES[status] ?? title
  return JSON.stringify({
    type: `${base}/problems/${code}`,
    title,
    status,
    detail,
    instance: `urn:uuid:${request.id}`,
    code,
    traceId: request.trace.traceId,
    ...(extras.errors === undefined ? {} : { errors: extras.errors }),
    ...extras.extensions,
  })
}

/** Maps everything that is thrown to a problem; bugs are logged once and told without text. */
export function createProblemHandler(base: string) {
  return async function sendProblem(
    error: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const known = asAppError(error)
    if (known === undefined) request.log.error({ err: error }, 'request failed')
    const problem = known ?? new AppError(serviceErrors.internal)
    const { status } = problem.definition
    if (status >= 500 && known !== undefined) {
      request.log.warn({ err: error, code: known.code }, 'answered with a problem')
    }
    request.problemCode = problem.code
    const retryAfter = problem.extras.retryAfter ?? (status === 503 ? 5 : undefined)
    if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter))
    if (status === 401) reply.header('www-authenticate', 'Bearer')
    return reply
      .code(status)
      .type('application/problem+json')
      .header('cache-control', 'no-store')
      .send(problemBody(problem, base, request))
  }
}

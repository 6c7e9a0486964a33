import * as oidc from 'openid-client'
import { AppError } from '@minaintyg/errors'
import { errors } from '../errors.ts'

const byProviderError: Record<string, (typeof errors)[keyof typeof errors]> = {
  access_denied: errors.logInCancelled,
  unmet_authentication_requirements: errors.loaTooLow,
  temporarily_unavailable: errors.providerUnavailable,
  server_error: errors.providerUnavailable,
}

const networkCodes = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'ECONNREFUSED', 'ECONNRESET'])

function* causesOf(
  error: unknown,
): Generator<{ name?: unknown; code?: unknown; status?: unknown }> {
  let cause = error
  for (let depth = 0; depth < 6 && typeof cause === 'object' && cause !== null; depth += 1) {
    yield cause
    cause = (cause as { cause?: unknown }).cause
  }
}

/** Whether the provider was down, slow or broken, as against answering something that does not hold. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof AppError) return error.code === errors.providerUnavailable.code
  return [...causesOf(error)].some(
    ({ name, code, status }) =>
      networkCodes.has(String(code)) ||
      String(code).startsWith('UND_ERR') ||
      name === 'TimeoutError' ||
      (error instanceof Error && error.message === 'fetch failed') ||
      (typeof status === 'number' && status >= 500),
  )
}

/** Any failure of a log-in as the problem that the front end shows. */
export function toLogInError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (error instanceof oidc.AuthorizationResponseError) {
    return new AppError(byProviderError[error.error] ?? errors.logInFailed, { cause: error })
  }
  const definition = isUnavailable(error) ? errors.providerUnavailable : errors.logInFailed
  return new AppError(definition, { cause: error })
}

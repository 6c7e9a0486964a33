import { AppError } from '@minaintyg/errors'
import { serviceErrors } from '@minaintyg/service'
import type { ServiceClient, ServiceRequest } from '@minaintyg/service'

/** Seconds. */
const retryAfter = 5

const isTimeout = (cause: unknown) =>
  typeof cause === 'object' && cause !== null && 'name' in cause && cause.name === 'TimeoutError'

/**
 * 504 in place of `<name>.unavailable` where it is certain that the time ran out and nothing else happened. Whoever could
 * not be reached, hung up, or says 503 itself stays 503.
 */
export const orTimeout = (error: unknown): unknown =>
  error instanceof AppError && isTimeout(error.cause)
    ? new AppError(serviceErrors.upstreamTimeout, { retryAfter, cause: error })
    : error

const rethrow = (error: unknown): never => {
  throw orTimeout(error)
}

/** The same call, which tells a late answer from none. */
export const tellingLateness =
  <A extends unknown[], T>(call: (...args: A) => Promise<T>) =>
  (...args: A): Promise<T> =>
    call(...args).catch(rethrow)

export const withTimeouts = (client: ServiceClient): ServiceClient => ({
  request: (request) => client.request(request).catch(rethrow),
  json: <T>(request: ServiceRequest) => client.json<T>(request).catch(rethrow),
  close: () => client.close(),
})

import { AppError } from '@minaintyg/errors'
import type { Server } from '@minaintyg/service'
import { errors } from '../errors.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * For routes that a cookie opens: what changes something must come from an allowed origin and carry a header
 * that a form of another site cannot send.
 */
export function addCsrfProtection(scope: Server, allowedOrigins: ReadonlySet<string>): void {
  scope.addHook('onRequest', async ({ method, headers }) => {
    if (safeMethods.has(method)) return
    if (headers.origin === undefined || !allowedOrigins.has(headers.origin)) {
      throw new AppError(errors.originNotAllowed, {
        detail: 'Send the header Origin with an address that is allowed to call.',
      })
    }
    if (headers['x-requested-with'] !== 'mina-intyg') {
      throw new AppError(errors.headerMissing, {
        detail: 'Send the header X-Requested-With: mina-intyg.',
      })
    }
    // Clients that always say JSON also say it of no body, which is none and not a broken one.
    const isEmpty = headers['transfer-encoding'] === undefined && !Number(headers['content-length'])
    if (isEmpty) delete headers['content-type']
  })
}

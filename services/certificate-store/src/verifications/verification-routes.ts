import { CopyVerification, VerifyCopy as VerifyCopyBody, scopes } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import { problemResponse } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import { holderActor } from '../access-log/access-actor.ts'
import { errors } from '../errors.ts'
import type { VerifyCopy } from './verify-copy.ts'

/** @param verifyCopy undefined where copies are not to be verified */
export function verificationRoutes({ verifyCopy }: { verifyCopy: VerifyCopy | undefined }) {
  return async (app: Server): Promise<void> => {
    app.post('/verifications', {
      config: { access: scopes.verify },
      schema: {
        operationId: 'verifyCopy',
        body: VerifyCopyBody,
        response: { 200: CopyVerification, '4xx': problemResponse, '5xx': problemResponse },
      },
      handler: async (request) => {
        if (verifyCopy === undefined) throw new AppError(errors.verificationOff)
        return verifyCopy(request.body.id, holderActor(request))
      },
    })
  }
}

import { SignedConsentProof, scopes } from '@minaintyg/contracts'
import { problemResponse } from '@minaintyg/service'
import type { Server, Signer } from '@minaintyg/service'
import type { Prove } from './consent-proof.ts'

/** The patient's own record, signed so that it can be shown to others. */
export function proofRoutes({ prove, signer }: { prove: Prove; signer: Signer }) {
  return async (app: Server): Promise<void> => {
    app.get('/consent/proof', {
      config: { access: scopes.patient },
      schema: {
        operationId: 'proveConsent',
        response: { 200: SignedConsentProof, '4xx': problemResponse, '5xx': problemResponse },
      },
      handler: async (request) => {
        const proof = await prove(request.caller.subject)
        return { proof, jws: await signer.sign(Buffer.from(JSON.stringify(proof))) }
      },
    })
  }
}

import { isDeepStrictEqual } from 'node:util'
import { SignedConsentProof, scopes } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import { preferredLanguage, problemResponse } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import { errors } from '../errors.ts'
import type { Renderer } from '../renderings/renderer.ts'
import { pdfResponse, sendPdf } from '../renderings/send-pdf.ts'

/** Some thousand statements, and every text. */
const largestBody = 4 * 1024 * 1024

const names = { sv: ['Bevis om samtycke'], en: ['Proof of consent'] }

function payloadOf(jws: string): unknown {
  try {
    return JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

/** The page must say what the signed file in it says, and be the caller's own. */
function requireOwn({ proof, jws }: SignedConsentProof, subject: string): void {
  if (proof.patientId === subject && isDeepStrictEqual(payloadOf(jws), proof)) return
  throw new AppError(errors.proofInvalid)
}

export function consentProofRoutes({ renderer }: { renderer: Renderer }) {
  return async (app: Server): Promise<void> => {
    app.post('/consent-proofs', {
      config: { access: scopes.patient },
      bodyLimit: largestBody,
      schema: {
        operationId: 'renderConsentProof',
        tags: ['renderings'],
        body: SignedConsentProof,
        response: { 200: pdfResponse, '4xx': problemResponse, '5xx': problemResponse },
      },
      handler: async (request, reply) => {
        const signed = request.body
        requireOwn(signed, request.caller.subject)
        const language = preferredLanguage(request.headers['accept-language'])
        const { bytes, undrawn } = await renderer.renderConsentProof(signed, language)
        if (undrawn.length > 0) request.log.warn({ undrawn }, 'characters that no font has')
        const { issuedAt } = signed.proof
        void reply.header('content-language', language)
        const named = { names: names[language], issuedAt }
        return sendPdf(request, reply, { bytes, disposition: 'attachment', ...named })
      },
    })
  }
}

import Type from 'typebox'
import type { SignedConsentProof } from '@minaintyg/contracts'
import type { Server } from '@minaintyg/service'
import type { OpenPassage } from '../clients/open-passage.ts'
import { passOn } from '../clients/passing-on.ts'
import { json, patientFailures, pdf } from '../documentation/responses.ts'
import { pdfSecurityPolicy } from '../edge/security-headers.ts'
import { jsonOf } from '../session/patient-calls.ts'
import type { PatientCall } from '../session/patient-calls.ts'

const ProofQuery = Type.Object(
  {
    format: Type.Optional(
      Type.Union([Type.Literal('json'), Type.Literal('pdf')], {
        default: 'json',
        description: '`pdf`: to read and to show, with the signed file attached',
      }),
    ),
  },
  { additionalProperties: false },
)

interface Deps {
  consent: PatientCall
  rendering: PatientCall
}

const bothFormats = {
  ...json('SignedConsentProof', 'The proof'),
  content: { ...json('SignedConsentProof', '').content, ...pdf('').content },
}

/** The patient's own consents, as something to show to others. */
export function consentProofRoutes({ consent, rendering }: Deps) {
  return async (app: Server): Promise<void> => {
    app.get('/consent/proof', {
      config: { access: 'open' },
      schema: {
        operationId: 'proveConsent',
        tags: ['consent'],
        summary: 'A signed proof of what the patient has said',
        description:
          'Every consent and withdrawal, with the wording that it was said to. `jws` holds the same, signed: whoever is shown it checks it with the keys in `/.well-known/consent-jwks.json`. As a PDF it is in Swedish, or English by `Accept-Language`, and has the same `jws` attached as `consent-proof.jws`.',
        querystring: ProofQuery,
        response: {
          200: bothFormats,
          ...patientFailures(
            'consent.unavailable',
            'consent-proof.invalid',
            'rendering.unavailable',
            'pdf.overloaded',
            'pdf.failed',
          ),
        },
      },
      handler: async (request, reply) => {
        const proof = await consent(request, { path: '/consent/proof' })
        if (request.query.format !== 'pdf') return passOn(reply, proof)
        const document = await rendering(request, {
          method: 'POST',
          path: '/consent-proofs',
          body: jsonOf<SignedConsentProof>(proof),
          headers: { accept: 'application/pdf, application/problem+json' },
        })
        void reply.header('content-security-policy', pdfSecurityPolicy)
        return passOn(reply, document)
      },
    })
  }
}

/** The keys of the proofs: a JWK set (RFC 7517). A key that has signed stays in it. */
export function consentKeyRoutes({ passage }: { passage: OpenPassage }) {
  return async (app: Server): Promise<void> => {
    app.get('/.well-known/consent-jwks.json', {
      config: { access: 'open' },
      schema: { hide: true },
      handler: async (request, reply) => {
        const headers = { accept: 'application/json', traceparent: request.trace.traceparent }
        const path = '/.well-known/jwks.json'
        const response = await passage.ask({ method: 'GET', path, headers })
        return passOn(reply, response, ['content-type', 'cache-control'])
      },
    })
  }
}

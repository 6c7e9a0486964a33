import {
  DownloadGrant,
  RedeemDownloadGrant,
  RedeemedDownloadGrant,
  RequestDownloadGrant,
  scopes,
} from '@minaintyg/contracts'
import { problemResponse } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import type { Sessions } from '../sessions/sessions.ts'
import type { PatientTokens } from '../tokens/patient-tokens.ts'
import type { DownloadGrants } from './download-grants.ts'

interface Deps {
  grants: DownloadGrants
  sessions: Sessions
  patientTokens: PatientTokens
}

const problems = { '4xx': problemResponse, '5xx': problemResponse }

export function downloadGrantRoutes({ grants, sessions, patientTokens }: Deps) {
  return async (app: Server): Promise<void> => {
    app.post('/download-grants', {
      config: { access: scopes.sessions },
      schema: {
        operationId: 'requestDownloadGrant',
        body: RequestDownloadGrant,
        response: { 201: DownloadGrant, ...problems },
      },
      handler: async ({ body }, reply) => {
        const session = await sessions.use(body.session)
        const { grant, expiresAt } = await grants.grant(session, body.resource)
        return reply.code(201).send({ grant, expiresAt: expiresAt.toISOString() })
      },
    })

    app.post('/download-grants/redemptions', {
      config: { access: scopes.sessions },
      schema: {
        operationId: 'redeemDownloadGrant',
        body: RedeemDownloadGrant,
        response: { 200: RedeemedDownloadGrant, ...problems },
      },
      handler: async ({ body: { grant, audience }, caller }) => {
        const { session, resource } = await grants.redeem(grant)
        const token = await patientTokens.issue({ session, audience, clientId: caller.clientId })
        return { ...token, patientId: session.patientId, resource }
      },
    })
  }
}

import { defaultGrants, recipientGrants } from '@minaintyg/identity'
import type { JWK } from 'jose'
import { publicKeyOf } from './secrets.ts'
import type { Secrets } from './secrets.ts'

/** OAuth clients: the services that need tokens of their own, and the recipients. */
const grants = {
  ...defaultGrants,
  forsakringskassan: recipientGrants,
  transportstyrelsen: recipientGrants,
}
export type ClientId = keyof typeof grants

/** The client's private key. */
export const clientKey = (secrets: Secrets, clientId: ClientId): Promise<JWK> =>
  secrets.signingKey(`client ${clientId}`)

/** Registrations as identity takes them. */
export async function registerClients(secrets: Secrets): Promise<object[]> {
  return Promise.all(
    Object.entries(grants).map(async ([clientId, scopes]) => {
      const key = await clientKey(secrets, clientId as ClientId)
      return { clientId, scopes, jwks: { keys: [publicKeyOf(key)] } }
    }),
  )
}

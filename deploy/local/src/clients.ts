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
export const clientKey = (secrets: Secrets, clientId: string): Promise<JWK> =>
  secrets.signingKey(`client ${clientId}`)

/** The clients of configured recipients. Whether the list is right, its services say. */
function clientsOf(recipients: string | undefined): string[] {
  if (recipients === undefined) return []
  const list = JSON.parse(recipients) as { clientId?: string }[]
  return list.flatMap(({ clientId }) => clientId ?? [])
}

/** Registrations as identity takes them. @param recipients RECIPIENTS */
export async function registerClients(secrets: Secrets, recipients?: string): Promise<object[]> {
  const configured = clientsOf(recipients).map((clientId) => [clientId, recipientGrants] as const)
  const all = { ...Object.fromEntries(configured), ...grants }
  return Promise.all(
    Object.entries(all).map(async ([clientId, scopes]) => {
      const key = await clientKey(secrets, clientId)
      return { clientId, scopes, jwks: { keys: [publicKeyOf(key)] } }
    }),
  )
}

import type { JWK } from 'jose'
import Type from 'typebox'
import type { Static } from 'typebox'
import { Value } from 'typebox/value'
import { parseJsonVariable } from '@minaintyg/config'

const ClientKeys = Type.Union([
  Type.Object({ jwks: Type.Object({ keys: Type.Array(Type.Unsafe<JWK>(Type.Object({}))) }) }),
  Type.Object({ jwksUri: Type.String({ format: 'uri' }) }),
])

/** A service or recipient that gets tokens of its own: which scopes at which audience, and its public keys. */
export const RegisteredClient = Type.Intersect([
  Type.Object({
    clientId: Type.String({ minLength: 1 }),
    scopes: Type.Record(Type.String(), Type.Array(Type.String(), { minItems: 1 })),
  }),
  ClientKeys,
])
export type RegisteredClient = Static<typeof RegisteredClient>

/** @throws {Error} that names the variable, and no key */
export function readClients(json: string): RegisteredClient[] {
  const clients = parseJsonVariable('CLIENTS', json)
  if (!Value.Check(Type.Array(RegisteredClient), clients)) {
    throw new Error('CLIENTS must be an array of {clientId, scopes, jwks or jwksUri}')
  }
  return clients
}

import Type from 'typebox'
import type { Static } from 'typebox'
import { EventBusVariables, Required, ServiceVariables, TokenVariables } from '@minaintyg/config'

export const ConsentConfig = Type.Object({
  ...ServiceVariables,
  DATABASE_URL: Required('Postgres database of this service'),
  ...TokenVariables,
  PROOF_SIGNING_KEYS: Required(
    'Private Ed25519 keys with kid, a JWK set as JSON: the first signs proofs of consent, all are published',
  ),
  ...EventBusVariables,
})
export type ConsentConfig = Static<typeof ConsentConfig>

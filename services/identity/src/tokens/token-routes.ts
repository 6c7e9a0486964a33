import Type from 'typebox'
import type { TSchema } from 'typebox'
import { ExchangeToken, ExchangedToken, scopes } from '@minaintyg/contracts'
import { problemResponse } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import { ClientMetadata } from '../log-ins/registration.ts'
import type { PatientTokens } from './patient-tokens.ts'
import type { SigningKeys } from './signing-keys.ts'

/** Any JWK: what is in it is for those who read it. */
const Jwks = Type.Object({
  keys: Type.Array(Type.Object({}, { additionalProperties: Type.String() })),
})

interface Deps {
  patientTokens: PatientTokens
  signingKeys: SigningKeys
  relyingPartyJwks: () => Promise<{ keys: object[] }>
  relyingPartyMetadata: ClientMetadata
}

export function tokenRoutes(deps: Deps) {
  const { patientTokens, signingKeys, relyingPartyJwks, relyingPartyMetadata } = deps
  return async (app: Server): Promise<void> => {
    app.post('/token-exchanges', {
      config: { access: scopes.exchange },
      schema: {
        operationId: 'exchangeToken',
        body: ExchangeToken,
        response: { 201: ExchangedToken, '4xx': problemResponse, '5xx': problemResponse },
      },
      handler: async ({ body, caller }, reply) => {
        const token = await patientTokens.exchange({ ...body, clientId: caller.clientId })
        return reply.code(201).send(token)
      },
    })

    const publish = (path: string, operationId: string, schema: TSchema, read: () => unknown) =>
      app.get(path, {
        config: { access: 'open' },
        schema: { operationId, response: { 200: schema, '5xx': problemResponse } },
        handler: async (_request, reply) => {
          void reply.header('cache-control', 'public, max-age=60')
          return await read()
        },
      })
    publish('/.well-known/jwks.json', 'readJwks', Jwks, () => signingKeys.publicJwks())
    publish('/.well-known/rp-jwks.json', 'readRelyingPartyJwks', Jwks, relyingPartyJwks)
    publish(
      '/.well-known/rp-metadata.json',
      'readRelyingPartyMetadata',
      ClientMetadata,
      () => relyingPartyMetadata,
    )
  }
}

import Type from 'typebox'
import type { Static } from 'typebox'
import { EventBusVariables, Required, ServiceVariables, TokenVariables } from '@minaintyg/config'

export const RenderingConfig = Type.Object({
  ...ServiceVariables,
  ...TokenVariables,
  IDENTITY_URL: Required('Base URL of identity, for this service’s own tokens'),
  CLIENT_KEY: Required('Private key of the client: a JWK with kid and alg, as JSON'),
  CERTIFICATE_STORE_URL: Required('Base URL of certificate-store'),
  RENDER_THREADS: Type.Integer({
    default: 2,
    minimum: 1,
    maximum: 64,
    description: 'Worker threads that draw',
  }),
  RENDER_QUEUE: Type.Integer({
    default: 32,
    minimum: 0,
    maximum: 1000,
    description: 'Documents that may wait for a thread; one more is answered 503',
  }),
  RENDER_DEADLINE_MS: Type.Integer({
    default: 10_000,
    minimum: 10,
    description: 'Longest that a document may take, waiting included',
  }),
  RENDER_MEMORY_MB: Type.Integer({
    default: 512,
    minimum: 64,
    description: 'Heap of a worker thread; one that needs more is ended',
  }),
  ...EventBusVariables,
})
export type RenderingConfig = Static<typeof RenderingConfig>

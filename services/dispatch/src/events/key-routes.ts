import type { Server } from '@minaintyg/service'
import Type from 'typebox'
import type { EventSigner } from './event-signer.ts'

const KeySet = Type.Object({ keys: Type.Array(Type.Unknown()) })

/** The public keys of events' signatures. */
export function keyRoutes({ signer }: { signer: EventSigner }) {
  return async (app: Server): Promise<void> => {
    app.get('/.well-known/jwks.json', {
      config: { access: 'open' },
      schema: { operationId: 'getEventKeys', tags: ['keys'], response: { 200: KeySet } },
      handler: async (_request, reply) => {
        reply.header('cache-control', 'public, max-age=300')
        return { keys: signer.publicKeys }
      },
    })
  }
}

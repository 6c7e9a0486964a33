import Type from 'typebox'
import type { Server } from './fastify.ts'
import type { Signer } from './signer.ts'

const KeySet = Type.Object({ keys: Type.Array(Type.Unknown()) })

/** GET /.well-known/jwks.json with the public keys of what a service signs; open. */
export function keySetRoute(operationId: string, { publicKeys }: Signer) {
  return async (app: Server): Promise<void> => {
    app.get('/.well-known/jwks.json', {
      config: { access: 'open' },
      schema: { operationId, tags: ['keys'], response: { 200: KeySet } },
      handler: async (_request, reply) => {
        reply.header('cache-control', 'public, max-age=300')
        return { keys: publicKeys }
      },
    })
  }
}

import type { Server } from '@minaintyg/service'
import type { Audit } from '../audit/audit.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import type { UsedTokens } from '../used-tokens.ts'
import type { RegisteredClient } from './clients.ts'
import { createAuthorizationServer } from './provider.ts'
import type { RequestListener } from './provider.ts'

interface Deps {
  issuer: string
  clients: readonly RegisteredClient[]
  signingKeys: SigningKeys
  usedTokens: UsedTokens
  audit: Audit
}

/** POST /oauth/token (RFC 6749, 7523, 8707). Its faults are OAuth errors, not problems: clients' libraries read those. */
export function tokenEndpoint({ issuer, clients, signingKeys, usedTokens, audit }: Deps) {
  let current: { kid: string; answer: Promise<RequestListener> } | undefined

  return async (app: Server): Promise<void> => {
    /** Made anew when another key has become the one that signs. */
    async function authorizationServer(): Promise<RequestListener> {
      const { kid, privateJwk } = await signingKeys.active()
      if (current?.kid !== kid) {
        const answer = createAuthorizationServer({
          issuer,
          clients,
          signingKey: privateJwk,
          usedTokens,
          onError: (err) => {
            app.log.error({ err }, 'token request failed')
          },
          onRefusal: ({ error, clientId }) => {
            const client = clientId === undefined ? {} : { clientId }
            audit.noteSoon({ event: 'client-refused', reason: error, ...client })
          },
        })
        current = { kid, answer }
        answer.catch(() => (current = undefined))
      }
      return current.answer
    }

    app.removeAllContentTypeParsers()
    // Left unread: oidc-provider reads the body itself.
    app.addContentTypeParser('application/x-www-form-urlencoded', (_request, _payload, done) => {
      done(null)
    })
    app.post('/oauth/token', {
      config: { access: 'open' },
      schema: { hide: true },
      handler: async (request, reply) => {
        const answer = await authorizationServer()
        reply.hijack()
        reply.raw.setHeader('traceparent', request.trace.traceparent)
        await answer(request.raw, reply.raw)
      },
    })
  }
}

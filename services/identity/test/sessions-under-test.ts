import { audiences } from '@minaintyg/contracts'
import type { HostileProvider } from './hostile-provider.ts'
import type { IdentityUnderTest } from './identity-under-test.ts'

export type SessionsUnderTest = ReturnType<typeof useSessions>

/** Sessions as a gateway opens and uses them; the provider is on its best behaviour. */
export function useSessions({ post }: IdentityUnderTest, provider: HostileProvider) {
  async function openSession(): Promise<string> {
    const begun = await post('/log-ins', { returnTo: '/' })
    const { logInId, authorizationUrl } = begun.json()
    const parameters = provider.callbackFor(authorizationUrl)
    const answer = await post('/log-ins/completions', { logInId, parameters })
    expect(answer.statusCode).toBe(201)
    return answer.json().session
  }

  const ask = (url: string, session: string) => post(url, { session })
  const requestToken = (session: string, audience: string = audiences.identity) =>
    post('/session-tokens', { session, audience })

  return {
    openSession,
    ask,
    requestToken,
    stateOf: async (session: string) => (await ask('/sessions/introspections', session)).json(),
    async tokenFor(session: string, audience?: string): Promise<string> {
      const answer = await requestToken(session, audience)
      expect(answer.statusCode).toBe(201)
      return answer.json().accessToken
    },
  }
}

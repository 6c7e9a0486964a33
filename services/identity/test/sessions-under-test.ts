import { audiences } from '@minaintyg/contracts'
import type { HostileProvider, Misbehaviour } from './hostile-provider.ts'
import type { IdentityUnderTest } from './identity-under-test.ts'

export type SessionsUnderTest = ReturnType<typeof useSessions>

/** Sessions as a gateway opens and uses them; the provider is on its best behaviour. */
export function useSessions({ post }: IdentityUnderTest, provider: HostileProvider) {
  /** Up to the callback, with which it can be completed. */
  async function beginLogIn(misbehaviour: Misbehaviour = {}, session?: string) {
    const begun = await post('/log-ins', { returnTo: '/', ...(session && { session }) })
    const { logInId, authorizationUrl } = begun.json()
    return { logInId, parameters: provider.callbackFor(authorizationUrl, misbehaviour) }
  }
  const completeLogIn = (logIn: { logInId: string; parameters: string }) =>
    post('/log-ins/completions', logIn)
  const logIn = async (misbehaviour: Misbehaviour = {}, session?: string) =>
    completeLogIn(await beginLogIn(misbehaviour, session))

  async function openSession(misbehaviour: Misbehaviour = {}, session?: string): Promise<string> {
    const answer = await logIn(misbehaviour, session)
    expect(answer.statusCode).toBe(201)
    return answer.json().session
  }

  const ask = (url: string, session: string) => post(url, { session })
  const requestToken = (session: string, audience: string = audiences.identity) =>
    post('/session-tokens', { session, audience })

  return {
    beginLogIn,
    completeLogIn,
    logIn,
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

export const numberClaim = 'https://id.oidc.se/claim/personalIdentityNumber'
export const coordinationClaim = 'https://id.oidc.se/claim/coordinationNumber'
export const previousClaim = 'https://id.oidc.se/claim/previousCoordinationNumber'

/** Claims of userinfo about another person than the usual one. */
export const personWith = (claims: Record<string, unknown>): Misbehaviour => ({
  userinfo: (usual) => ({ ...usual, [numberClaim]: undefined, ...claims }),
})

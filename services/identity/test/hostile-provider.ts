import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT, decodeJwt, importJWK } from 'jose'
import type { JWK, JWTHeaderParameters, JWTPayload } from 'jose'
import { createPrivateJwk, toPublicJwk } from './identity-under-test.ts'

/** What this provider does otherwise than a good one. */
export interface Misbehaviour {
  idToken?: (claims: JWTPayload) => JWTPayload
  idTokenHeader?: Partial<JWTHeaderParameters>
  /** Signs the ID token; the published one where left out. */
  idTokenKey?: JWK
  /** The finished ID token. */
  encodedIdToken?: (token: string) => string
  userinfo?: (claims: JWTPayload) => JWTPayload
  userinfoKey?: JWK
  userinfoAsJson?: boolean
  /** Never answers at the token endpoint. */
  silent?: boolean
  tokenStatus?: number
}

/** Claims or header with whatever a test wants; undefined takes one away. */
type Loose = Record<string, unknown>

export type HostileProvider = Awaited<ReturnType<typeof startHostileProvider>>

const personalIdentityNumber = 'https://id.oidc.se/claim/personalIdentityNumber'
export const goodAcr = 'http://id.elegnamnden.se/loa/1.0/loa3'

/** A provider under a test's control, that can send every malformed token. */
export async function startHostileProvider() {
  const key = await createPrivateJwk('op-1')
  let misbehaviour: Misbehaviour = {}
  let nonce = ''
  let issuer = ''
  let isDown = false

  const sign = async (claims: JWTPayload, header: Loose = {}, signingKey = key) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: 'op-1', ...header })
      .sign(await importJWK(signingKey, 'ES256'))

  const at = () => Math.floor(Date.now() / 1000)
  const common = () => ({ iss: issuer, aud: 'mina-intyg', sub: 'person-1', iat: at() })

  async function tokens() {
    const { idToken = (same) => same, idTokenHeader, idTokenKey, encodedIdToken } = misbehaviour
    const good = {
      ...common(),
      exp: at() + 300,
      auth_time: at(),
      nonce,
      acr: goodAcr,
      sid: 'sid-1',
    }
    const token = await sign(idToken(good), idTokenHeader, idTokenKey)
    return {
      access_token: 'access',
      token_type: 'Bearer',
      expires_in: 60,
      id_token: encodedIdToken?.(token) ?? token,
    }
  }
  async function userinfo() {
    const {
      userinfo: change = (same: JWTPayload) => same,
      userinfoKey,
      userinfoAsJson,
    } = misbehaviour
    const claims = change({ ...common(), [personalIdentityNumber]: '191212121212', name: 'T T' })
    if (userinfoAsJson === true) return { type: 'application/json', body: JSON.stringify(claims) }
    return { type: 'application/jwt', body: await sign(claims, {}, userinfoKey) }
  }
  async function answer(path: string): Promise<{ status?: number; type?: string; body: string }> {
    if (path === '/.well-known/openid-configuration') {
      return {
        body: JSON.stringify({
          issuer,
          authorization_endpoint: `${issuer}/auth`,
          token_endpoint: `${issuer}/token`,
          userinfo_endpoint: `${issuer}/userinfo`,
          jwks_uri: `${issuer}/jwks`,
          end_session_endpoint: `${issuer}/end`,
          authorization_response_iss_parameter_supported: true,
        }),
      }
    }
    if (path === '/jwks') return { body: JSON.stringify({ keys: [toPublicJwk(key)] }) }
    if (path === '/token') {
      const status = misbehaviour.tokenStatus ?? 200
      return { status, body: JSON.stringify(status === 200 ? await tokens() : { error: 'x' }) }
    }
    return userinfo()
  }

  const server = createServer((request, response) => {
    const path = request.url ?? ''
    if (path === '/token' && misbehaviour.silent === true) return
    if (isDown) {
      response.writeHead(503).end()
      return
    }
    void answer(path).then(({ status = 200, type = 'application/json', body }) => {
      response.writeHead(status, { 'content-type': type }).end(body)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    issuer,
    key,
    /** @returns the callback's query that leads to these tokens */
    callbackFor(authorizationUrl: string, next: Misbehaviour = {}, iss = issuer): string {
      misbehaviour = next
      const request = decodeJwt(new URL(authorizationUrl).searchParams.get('request') ?? '')
      nonce = request['nonce'] as string
      const state = request['state'] as string
      return new URLSearchParams({ code: 'code', state, iss }).toString()
    },
    logOutToken: (claims: Loose = {}, header: Loose = {}, by = key) =>
      sign(
        {
          ...common(),
          exp: at() + 120,
          jti: crypto.randomUUID(),
          sid: 'sid-1',
          events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
          ...claims,
        },
        { typ: 'logout+jwt', ...header },
        by,
      ),
    setDown: (down: boolean) => void (isDown = down),
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
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
  /** Milliseconds before each answer of token endpoint and userinfo. */
  delay?: number
}

/** Claims or header with whatever a test wants; undefined takes one away. */
type Loose = Record<string, unknown>

export type HostileProvider = Awaited<ReturnType<typeof startHostileProvider>>

const personalIdentityNumber = 'https://id.oidc.se/claim/personalIdentityNumber'
export const goodAcr = 'http://id.elegnamnden.se/loa/1.0/loa3'

async function codeOf(request: IncomingMessage): Promise<string> {
  const { authorization } = request.headers
  if (authorization !== undefined) return authorization.replace('Bearer ', '')
  return new URLSearchParams(await text(request)).get('code') ?? ''
}

/** A provider under a test's control, that can send every malformed token. */
export async function startHostileProvider() {
  let key = await createPrivateJwk('op-1')
  let clock = () => new Date()
  let keyRequests = 0
  /** By code, which is the access token as well: several log-ins may be under way at once. */
  const logIns = new Map<string, { nonce: string; misbehaviour: Misbehaviour }>()
  const logInOf = (code: string) => logIns.get(code) ?? { nonce: '', misbehaviour: {} }
  let issuer = ''
  let isDown = false

  const sign = async (claims: JWTPayload, header: Loose = {}, signingKey = key) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: signingKey.kid ?? '', ...header })
      .sign(await importJWK(signingKey, 'ES256'))

  const at = () => Math.floor(clock().getTime() / 1000)
  const common = () => ({ iss: issuer, aud: 'mina-intyg', sub: 'person-1', iat: at() })

  async function tokens(code: string) {
    const { nonce, misbehaviour } = logInOf(code)
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
      access_token: code,
      token_type: 'Bearer',
      expires_in: 60,
      id_token: encodedIdToken?.(token) ?? token,
    }
  }
  async function userinfo(code: string) {
    const { userinfo: change = (same: JWTPayload) => same, ...other } = logInOf(code).misbehaviour
    const { userinfoKey, userinfoAsJson } = other
    const claims = change({ ...common(), [personalIdentityNumber]: '191212121212', name: 'T T' })
    if (userinfoAsJson === true) return { type: 'application/json', body: JSON.stringify(claims) }
    return { type: 'application/jwt', body: await sign(claims, {}, userinfoKey) }
  }
  async function answer(
    path: string,
    code: string,
  ): Promise<{ status?: number; type?: string; body: string }> {
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
    if (path === '/jwks') {
      keyRequests += 1
      return { body: JSON.stringify({ keys: [toPublicJwk(key)] }) }
    }
    if (path === '/token') {
      const status = logInOf(code).misbehaviour.tokenStatus ?? 200
      return { status, body: JSON.stringify(status === 200 ? await tokens(code) : { error: 'x' }) }
    }
    return userinfo(code)
  }

  const server = createServer((request, response) => {
    void (async () => {
      const path = request.url ?? ''
      const code = await codeOf(request)
      const { silent, delay = 0 } = logInOf(code).misbehaviour
      if (path === '/token' && silent === true) return
      if (isDown) {
        response.writeHead(503).end()
        return
      }
      const { status = 200, type = 'application/json', body } = await answer(path, code)
      if (code !== '') await setTimeout(delay)
      response.writeHead(status, { 'content-type': type }).end(body)
    })()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    issuer,
    get key() {
      return key
    },
    /** @returns the key that it signed with until now, and publishes no more */
    async changeKey(kid: string): Promise<JWK> {
      const former = key
      key = await createPrivateJwk(kid)
      return former
    },
    keyRequests: () => keyRequests,
    follow: (now: () => Date) => void (clock = now),
    /** @returns the callback's query that leads to these tokens */
    callbackFor(authorizationUrl: string, next: Misbehaviour = {}, iss = issuer): string {
      const request = decodeJwt(new URL(authorizationUrl).searchParams.get('request') ?? '')
      const code = crypto.randomUUID()
      logIns.set(code, { nonce: request['nonce'] as string, misbehaviour: next })
      const state = request['state'] as string
      return new URLSearchParams({ code, state, iss }).toString()
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

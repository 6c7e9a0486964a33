import { KeyObject } from 'node:crypto'
import fastifyJwt from '@fastify/jwt'
import { AppError } from '@minaintyg/errors'
import { nameNeighbour } from '@minaintyg/telemetry'
import { createRemoteJWKSet } from 'jose'
import type { CryptoKey, JWTHeaderParameters } from 'jose'
import type { FastifyRequest } from 'fastify'
import type { Caller, Server } from './fastify.ts'
import { serviceErrors } from './problem.ts'

/** Finds the public key that a token names: jose's createRemoteJWKSet or createLocalJWKSet. */
export type KeySource = (header: JWTHeaderParameters) => Promise<CryptoKey>

export interface Authentication {
  /** `iss` of the tokens. */
  issuer: string
  /** This service's own name in `aud`. */
  audience: string
  keys: KeySource
}

/**
 * Tokens of an issuer whose keys are fetched and kept (RFC 7517); an unknown `kid` fetches them anew, so that keys rotate.
 * @param variables ISSUER_URL and JWKS_URL of a service's configuration
 */
export function remoteAuthentication(
  variables: { ISSUER_URL: string; JWKS_URL: string },
  audience: string,
): Authentication {
  nameNeighbour(variables.JWKS_URL, 'identity')
  const keys = createRemoteJWKSet(new URL(variables.JWKS_URL), {
    timeoutDuration: 3_000,
    cooldownDuration: 5_000,
  })
  return { issuer: variables.ISSUER_URL, audience, keys }
}

interface Claims {
  sub: string
  client_id: string
  scope?: string
  jti: string
  sid?: string
  acr?: string
  auth_time?: number
  act?: { sub?: string }
}

function toCaller(claims: Claims): Caller {
  return {
    clientId: claims.client_id,
    scopes: (claims.scope ?? '').split(' ').filter(Boolean),
    subject: claims.sub,
    jti: claims.jti,
    ...(claims.sid === undefined ? {} : { sid: claims.sid }),
    ...(claims.acr === undefined ? {} : { acr: claims.acr }),
    ...(claims.auth_time === undefined ? {} : { authTime: claims.auth_time }),
    ...(claims.act?.sub === undefined ? {} : { actor: claims.act.sub }),
  }
}

function createPemCache() {
  const pems = new WeakMap<CryptoKey, string>()
  return (key: CryptoKey): string => {
    const known = pems.get(key)
    if (known !== undefined) return known
    const pem = KeyObject.from(key).export({ type: 'spki', format: 'pem' }) as string
    pems.set(key, pem)
    return pem
  }
}

const algorithm = 'ES256'

/** Adds `request.jwtVerify` for `at+jwt` (RFC 9068), ES256 alone, of this issuer and for this audience. */
export async function registerAuthentication(
  app: Server,
  { issuer, audience, keys }: Authentication,
): Promise<void> {
  const toPem = createPemCache()
  await app.register(fastifyJwt, {
    // Async on purpose: a synchronous function is taken for one with a callback, and hangs.
    secret: async (_request: FastifyRequest, token: unknown) => {
      const { header } = token as { header: { kid?: string; alg?: string } }
      if (header.kid === undefined || header.alg !== algorithm) throw new Error('unusable header')
      return toPem(await keys({ alg: algorithm, kid: header.kid }))
    },
    decode: { complete: true },
    verify: {
      algorithms: [algorithm],
      checkTyp: 'at+jwt',
      allowedIss: issuer,
      allowedAud: audience,
      requiredClaims: ['iss', 'aud', 'sub', 'exp', 'iat', 'jti', 'client_id'],
      clockTolerance: 5_000,
      // The signature of a token that comes again, by the token's hash and never past its end. The key is looked up each time.
      cache: 5_000,
    },
  })
}

/** Verifies the bearer token and its scope. Every bad token is the same 401, whatever is wrong with it. */
export async function authenticate(request: FastifyRequest, scope: string): Promise<Caller> {
  let claims: Claims
  try {
    claims = await request.jwtVerify<Claims>()
  } catch (cause) {
    throw new AppError(serviceErrors.tokenInvalid, { cause })
  }
  const caller = toCaller(claims)
  if (!caller.scopes.includes(scope)) throw new AppError(serviceErrors.forbidden)
  return caller
}

import type { AddressInfo } from 'node:net'
import { createTestTokens } from '@minaintyg/testing'
import type { TestTokens } from '@minaintyg/testing'
import { loadConfig } from '@minaintyg/config'
import { GatewayConfig, buildGatewayService } from '../src/app.ts'
import type { GatewayDeps } from '../src/app.ts'
import { session, startNeighbours } from './neighbours.ts'
import type { Neighbours } from './neighbours.ts'

export const base = '/minaintyg/v1'
export const frontEnd = 'http://localhost:8081'
export const cookie = `minaintyg-session=${session}`
export const change = { origin: frontEnd, 'x-requested-with': 'mina-intyg' }

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS' | 'PATCH'
interface Ask {
  headers?: Record<string, string>
  payload?: object | string
}

export interface TestGateway {
  tokens: TestTokens
  neighbours: Neighbours
  /** As nobody. */
  ask(method: Method, path: string, options?: Ask): Promise<Answer>
  /** With the session cookie, and with what a change needs. */
  asPatient(method: Method, path: string, options?: Ask): Promise<Answer>
  /** On a free port. @returns it */
  listen(): Promise<number>
  close(): Promise<void>
}
type Gateway = Awaited<ReturnType<typeof buildGatewayService>>
export type Answer = Awaited<ReturnType<Gateway['app']['inject']>>

export async function startTestGateway(
  variables: Record<string, string> = {},
  deps: Pick<GatewayDeps, 'logDestination'> = {},
): Promise<TestGateway> {
  const tokens = await createTestTokens()
  const neighbours = await startNeighbours(tokens)
  const config = loadConfig(GatewayConfig, {
    PORT: '0',
    LOG_LEVEL: 'silent',
    PUBLIC_URL: 'http://localhost:8080',
    FRONTEND_ORIGIN: frontEnd,
    ISSUER_URL: 'https://identity.test',
    IDENTITY_URL: neighbours.urls.identity,
    CONSENT_URL: neighbours.urls.consent,
    CERTIFICATE_STORE_URL: neighbours.urls.certificateStore,
    RENDERING_URL: neighbours.urls.rendering,
    DISPATCH_URL: neighbours.urls.dispatch,
    CLIENT_KEY: '{}',
    RATE_LIMIT_ADDRESS: '100000',
    RATE_LIMIT_SESSION: '100000',
    AFTERMATH_DEADLINE: '300',
    ...variables,
  })
  const serviceToken = async (audience: string, scope: string) =>
    (await tokens.client(audience, scope, 'gateway')).authorization.replace('Bearer ', '')
  const { app } = await buildGatewayService(config, {
    ...deps,
    credentials: { serviceToken, close: async () => undefined },
  })
  const ask: TestGateway['ask'] = (method, path, { headers = {}, payload } = {}) =>
    app.inject({
      method,
      url: path.startsWith('!') ? path.slice(1) : `${base}${path}`,
      headers,
      ...(payload === undefined ? {} : { payload }),
    })
  return {
    tokens,
    neighbours,
    ask,
    asPatient: (method, path, { headers = {}, payload } = {}) =>
      ask(method, path, {
        headers: { cookie, ...(['GET', 'HEAD'].includes(method) ? {} : change), ...headers },
        ...(payload === undefined ? {} : { payload }),
      }),
    async listen() {
      await app.listen({ host: '127.0.0.1', port: 0 })
      return (app.server.address() as AddressInfo).port
    },
    async close() {
      await app.close()
      await neighbours.close()
    },
  }
}

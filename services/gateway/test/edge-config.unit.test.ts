import { ConfigError, loadConfig } from '@minaintyg/config'
import { GatewayConfig, edgeOf } from '../src/config.ts'

const variables = {
  PORT: '1',
  PUBLIC_URL: 'https://api.example.se/minaintyg/v1',
  FRONTEND_ORIGIN: 'https://www.example.se/',
  ISSUER_URL: 'x',
  IDENTITY_URL: 'x',
  CONSENT_URL: 'x',
  CERTIFICATE_STORE_URL: 'x',
  RENDERING_URL: 'x',
  DISPATCH_URL: 'x',
  CLIENT_KEY: '{}',
}
const edge = (more: Record<string, string>) =>
  edgeOf(loadConfig(GatewayConfig, { ...variables, ...more }))

test('origins that may call are the front end’s, this API’s own and those that are named', () => {
  const { allowedOrigins } = edge({
    ALLOWED_ORIGINS: 'https://test.example.se, http://localhost:3000/',
  })
  expect([...allowedOrigins]).toEqual([
    'https://www.example.se',
    'https://api.example.se',
    'https://test.example.se',
    'http://localhost:3000',
  ])
})

test.each(['null', '*', 'https://*.example.se', 'file:///x', 'data:text/html,x', 'example.se'])(
  '%s cannot be made an origin that may call',
  (origin) => {
    expect(() => edge({ ALLOWED_ORIGINS: origin })).toThrow(ConfigError)
    expect(() => edge({ FRONTEND_ORIGIN: origin })).toThrow(ConfigError)
  },
)

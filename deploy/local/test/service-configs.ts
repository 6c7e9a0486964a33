import { CertificateStoreConfig } from '@minaintyg/certificate-store'
import { ConsentConfig } from '@minaintyg/consent'
import { DispatchConfig } from '@minaintyg/dispatch'
import { GatewayConfig } from '@minaintyg/gateway'
import { IdentityConfig } from '@minaintyg/identity'
import { RenderingConfig } from '@minaintyg/rendering'
import { loadConfig } from '@minaintyg/config'
import type { TObject } from 'typebox'

/** The variables of each service, by its name as a container. */
export const serviceConfigs: Record<string, TObject> = {
  gateway: GatewayConfig,
  identity: IdentityConfig,
  consent: ConsentConfig,
  'certificate-store': CertificateStoreConfig,
  rendering: RenderingConfig,
  dispatch: DispatchConfig,
}

/** What the Dockerfile sets in every image. */
export const imageVariables = ['HOST', 'PORT', 'NODE_ENV']

/** Variables that Required names and nothing sets, or that are set and no service reads. */
export function configurationFaults(service: string, names: readonly string[]): string[] {
  const schema = serviceConfigs[service]
  if (schema === undefined) throw new Error(`There is no service ${service}`)
  const properties = schema.properties as Record<string, { default?: unknown }>
  const required = (schema.required as string[]).filter(
    (name) => properties[name]?.default === undefined && !imageVariables.includes(name),
  )
  return [
    ...names.filter((name) => properties[name] === undefined).map((name) => `${name} is unknown`),
    ...required.filter((name) => !names.includes(name)).map((name) => `${name} is missing`),
  ]
}

/** Passes for a secret of any kind: 32 bytes in base64. */
const placeholder = Buffer.alloc(32).toString('base64')

/** What the service itself says of the values, as at its start; secrets are empty here, and stand in for themselves. */
export function valueFaults(service: string, values: Record<string, string>): string[] {
  const schema = serviceConfigs[service]
  if (schema === undefined) throw new Error(`There is no service ${service}`)
  const told = Object.entries(values).map(([name, value]) => [name, value || placeholder])
  try {
    loadConfig(schema, { HOST: '0.0.0.0', PORT: '8080', ...Object.fromEntries(told) })
    return []
  } catch (error) {
    return [(error as Error).message]
  }
}

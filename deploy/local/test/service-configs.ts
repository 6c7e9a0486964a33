import { CertificateStoreConfig } from '@minaintyg/certificate-store'
import { ConsentConfig } from '@minaintyg/consent'
import { DispatchConfig } from '@minaintyg/dispatch'
import { GatewayConfig } from '@minaintyg/gateway'
import { IdentityConfig } from '@minaintyg/identity'
import { RenderingConfig } from '@minaintyg/rendering'
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

import { CertificateStoreConfig, buildCertificateStoreService } from '@minaintyg/certificate-store'
import { loadConfig } from '@minaintyg/config'
import { ConsentConfig, buildConsentService } from '@minaintyg/consent'
import { DispatchConfig, buildDispatchService } from '@minaintyg/dispatch'
import { GatewayConfig, buildGatewayService } from '@minaintyg/gateway'
import { IdentityConfig, buildIdentityService } from '@minaintyg/identity'
import { RenderingConfig, buildRenderingService } from '@minaintyg/rendering'
import type { Service } from '@minaintyg/service'
import type { Party } from './addresses.ts'
import type { createEnvironments } from './environments.ts'

type Environments = Awaited<ReturnType<typeof createEnvironments>>

/** The six services in the order of their start: whoever is asked comes before those who ask. */
export function listServices(environments: Environments): [Party, () => Promise<Service>][] {
  const { identity, consent, certificateStore, rendering, dispatch, gateway } = environments
  return [
    ['identity', () => buildIdentityService(loadConfig(IdentityConfig, identity))],
    ['consent', () => buildConsentService(loadConfig(ConsentConfig, consent))],
    [
      'certificateStore',
      () => buildCertificateStoreService(loadConfig(CertificateStoreConfig, certificateStore)),
    ],
    ['rendering', () => buildRenderingService(loadConfig(RenderingConfig, rendering))],
    ['dispatch', () => buildDispatchService(loadConfig(DispatchConfig, dispatch))],
    ['gateway', () => buildGatewayService(loadConfig(GatewayConfig, gateway))],
  ]
}

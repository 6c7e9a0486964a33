import type { ServiceClient, ServiceClientOptions } from '@minaintyg/service'
import type { GatewayConfig } from '../config.ts'
import { withTimeouts } from './late-answers.ts'
import { createOpenPassage } from './open-passage.ts'

export type Neighbours = ReturnType<typeof createNeighbours>

/** The services behind this one. */
export function createNeighbours(
  config: GatewayConfig,
  createClient: (options: ServiceClientOptions) => ServiceClient,
) {
  const create = (options: ServiceClientOptions) => withTimeouts(createClient(options))
  const deadline = config.NEIGHBOUR_DEADLINE
  const identity = create({ name: 'identity', baseUrl: config.IDENTITY_URL, deadline })
  const consent = create({ name: 'consent', baseUrl: config.CONSENT_URL, deadline })
  const certificateStore = create({
    name: 'certificate-store',
    baseUrl: config.CERTIFICATE_STORE_URL,
    deadline,
  })
  const rendering = create({ name: 'rendering', baseUrl: config.RENDERING_URL, deadline })
  const dispatch = create({ name: 'dispatch', baseUrl: config.DISPATCH_URL, deadline })
  const passages = {
    identity: createOpenPassage({ name: 'identity', baseUrl: config.IDENTITY_URL, deadline }),
    consent: createOpenPassage({ name: 'consent', baseUrl: config.CONSENT_URL, deadline }),
    dispatch: createOpenPassage({ name: 'dispatch', baseUrl: config.DISPATCH_URL, deadline }),
  }
  const all = [identity, consent, certificateStore, rendering, dispatch, ...Object.values(passages)]
  return {
    identity,
    consent,
    certificateStore,
    rendering,
    dispatch,
    passages,
    close: () => Promise.all(all.map((each) => each.close())),
  }
}

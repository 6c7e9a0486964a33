import { createTopology, knownRecipientIds } from '@minaintyg/contracts'
import { connectEventBus } from '@minaintyg/messaging'
import type { EventBus } from '@minaintyg/messaging'
import { startService } from '@minaintyg/service'
import type { Credentials } from '@minaintyg/service'
import { createLocalJWKSet } from 'jose'
import type { JSONWebKeySet } from 'jose'
import { buildDispatchService } from '../../../../services/dispatch/src/app.ts'
import type { DispatchConfig } from '../../../../services/dispatch/src/app.ts'

/** All that dispatch needs to know, in a form that another process can be told. */
export interface PartyConfig {
  config: DispatchConfig
  /** Keys of the tokens that it takes. */
  keys: JSONWebKeySet
  /** Where it has tokens for its neighbours, in the place of identity. */
  tokensUrl: string
  amqpUrl: string
  confirmDeadline?: number
}

export interface PartyOptions {
  now?: () => Date
  /** Lays faults between the service and its bus. */
  wrapBus?: (bus: EventBus) => EventBus
  /** Which workers run; all unless told. The relay can be told to `drain` all the same. */
  runs?: (worker: string) => boolean
}

function createCredentials(tokensUrl: string): Credentials {
  const ask = async (query: Record<string, string>) => {
    const answer = await fetch(`${tokensUrl}?${new URLSearchParams(query).toString()}`)
    return answer.text()
  }
  return {
    serviceToken: (audience, scope) => ask({ audience, scope }),
    exchange: (subjectToken, audience) => ask({ audience, subjectToken }),
    close: async () => undefined,
  }
}

/** The real dispatch service on a real RabbitMQ and a real Postgres; identity, consent and certificate-store are the test's. */
export async function startParty(party: PartyConfig, options: PartyOptions = {}) {
  const { config, keys, tokensUrl, amqpUrl, confirmDeadline } = party
  const { now, wrapBus = (bus) => bus, runs = () => true } = options
  const bus = await connectEventBus({
    url: amqpUrl,
    name: 'dispatch',
    topology: createTopology(knownRecipientIds),
    ...(confirmDeadline !== undefined && { confirmDeadline }),
  })
  const keySet = createLocalJWKSet(keys)
  const service = await buildDispatchService(config, {
    bus: wrapBus(bus),
    authentication: {
      issuer: config.ISSUER_URL,
      audience: 'dispatch',
      keys: (header) => keySet(header),
    },
    credentials: createCredentials(tokensUrl),
    ...(now !== undefined && { now }),
  })
  const workers = service.workers.filter(({ name }) => runs(name))
  const stop = await startService({ ...service, workers }, { host: config.HOST, port: config.PORT })
  return {
    ...service,
    bus,
    async stop() {
      await stop()
      await bus.close()
    },
  }
}
export type Party = Awaited<ReturnType<typeof startParty>>

import { randomUUID } from 'node:crypto'
import { ConsentWithdrawnV1, ErasureDoneV1, exchanges, innerQueue } from '@minaintyg/contracts'
import { PoisonMessageError } from '@minaintyg/errors'
import { createConsumer, decodeEvent, encodeEvent } from '@minaintyg/messaging'
import type { EventBus } from '@minaintyg/messaging'
import type { Worker } from '@minaintyg/service'
import { Value } from 'typebox/value'

interface Deps {
  bus: EventBus
  /** Milliseconds that a document can be in hand, from the question to certificate-store to the last byte. */
  longestRendering: number
}

/**
 * Confirms that nothing rendered is left of a patient's. Nothing is kept, and nothing is begun without consent: so all
 * is gone, on every replica, once the longest rendering that had begun is over.
 */
export const createConsentWithdrawnConsumer = ({ bus, longestRendering }: Deps): Worker =>
  createConsumer({
    name: 'consent-withdrawn-consumer',
    bus,
    subscription: { queue: innerQueue('rendering', ConsentWithdrawnV1.type), retryLimit: 20 },
    async handler({ body }) {
      const { type, data, traceparent } = decodeEvent(body)
      if (type !== ConsentWithdrawnV1.type || !Value.Check(ConsentWithdrawnV1.data, data)) {
        throw new PoisonMessageError('The data breaks the contract of its type')
      }
      const { withdrawalId } = data
      const at = new Date(Date.parse(data.at) + longestRendering).toISOString()
      const id = randomUUID()
      await bus.publish({
        exchange: exchanges.events,
        routingKey: ErasureDoneV1.type,
        id,
        body: encodeEvent(ErasureDoneV1, {
          specversion: '1.0',
          id,
          type: ErasureDoneV1.type,
          source: '/minaintyg/rendering',
          subject: withdrawalId,
          time: new Date().toISOString(),
          datacontenttype: 'application/json',
          ...(traceparent === undefined ? {} : { traceparent }),
          data: { withdrawalId, part: 'rendering', at },
        }),
      })
    },
  })

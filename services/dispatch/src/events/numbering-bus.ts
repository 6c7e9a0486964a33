import {
  DispatchReplacedV1,
  DispatchRequestedV1,
  DispatchRevokedV1,
  exchanges,
  signatureHeader,
} from '@minaintyg/contracts'
import type { CloudEvent } from '@minaintyg/contracts'
import { encodeEvent } from '@minaintyg/messaging'
import type { OutgoingMessage, RelayBus } from '@minaintyg/messaging'
import type { Signer } from '@minaintyg/service'
import type { RecipientFeed } from './recipient-feed.ts'

const definitions = [DispatchRequestedV1, DispatchRevokedV1, DispatchReplacedV1]

/** The draft of the outbox with its number, as exact bytes. */
function complete({ body }: OutgoingMessage, sequence: number): Buffer {
  const event = JSON.parse(body.toString()) as CloudEvent
  const definition = definitions.find(({ type }) => type === event.type)
  if (definition === undefined) throw new Error('An event of this type goes to no recipient')
  const data = { ...(event.data as Record<string, unknown>), sequence }
  return encodeEvent(definition, { ...event, data })
}

/** A bus that numbers and signs what goes to recipients; a second attempt sends the same bytes. */
export function createNumberingBus(deps: {
  bus: RelayBus
  feed: RecipientFeed
  signer: Signer
}): RelayBus {
  const { bus, feed, signer } = deps
  return {
    ...bus,
    async publish(message) {
      if (message.exchange !== exchanges.dispatch) {
        await bus.publish(message)
        return
      }
      const { body, signature } = await feed.number(message.id, async (sequence) => {
        const completed = complete(message, sequence)
        return { body: completed, signature: await signer.signDetached(completed) }
      })
      const headers = { ...message.headers, [signatureHeader]: signature }
      await bus.publish({ ...message, body, headers })
    },
  }
}

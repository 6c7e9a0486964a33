import {
  DispatchReplacedV1,
  DispatchRequestedV1,
  DispatchRevokedV1,
  exchanges,
  signatureHeader,
} from '@minaintyg/contracts'
import type { CloudEvent } from '@minaintyg/contracts'
import { encodeEvent } from '@minaintyg/messaging'
import type { OutboxEvent, RelayHooks } from '@minaintyg/messaging'
import type { Signer } from '@minaintyg/service'
import type { Database } from '../database.ts'
import type { RecipientFeed } from './recipient-feed.ts'

const definitions = [DispatchRequestedV1, DispatchRevokedV1, DispatchReplacedV1]

/** The draft of the outbox with its number, as exact bytes. */
function complete({ body }: OutboxEvent, sequence: number): Buffer {
  const event = JSON.parse(body.toString()) as CloudEvent
  const definition = definitions.find(({ type }) => type === event.type)
  if (definition === undefined) throw new Error('An event of this type goes to no recipient')
  const data = { ...(event.data as Record<string, unknown>), sequence }
  return encodeEvent(definition, { ...event, data })
}

/** Numbers and signs what goes to recipients; a second attempt sends the same bytes. */
export function completeEvents(deps: {
  feed: RecipientFeed
  signer: Signer
}): NonNullable<RelayHooks<Database>['beforePublish']> {
  const { feed, signer } = deps
  return async (events) => {
    const toRecipients = events.filter(({ exchange }) => exchange === exchanges.dispatch)
    const numbered = await feed.number(toRecipients, async (event, sequence) => {
      const body = complete(event, sequence)
      return { body, signature: await signer.signDetached(body) }
    })
    return new Map(
      [...numbered].map(([id, { body, signature }]) => [
        id,
        { body, headers: { [signatureHeader]: signature } },
      ]),
    )
  }
}

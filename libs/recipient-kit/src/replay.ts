import { DispatchRevokedV1, RecipientFeed, signatureHeader } from '@minaintyg/contracts'
import { PoisonMessageError } from '@minaintyg/errors'
import type { Logger } from '@minaintyg/messaging'
import { Value } from 'typebox/value'
import type { GatewayClient } from './gateway-client.ts'
import { parseEvent } from './verify-event.ts'
import type { EventVerifier, RecipientEvent } from './verify-event.ts'

/** Goes through the recipient's own events again, in order and without gaps, whatever the queue has given. */
export function createReplay(deps: {
  gateway: GatewayClient
  verify: EventVerifier
  handle: (event: RecipientEvent) => Promise<void>
  logger: Logger
}) {
  const { gateway, verify, handle, logger } = deps

  async function check(item: unknown, signatures: Record<string, string>) {
    // What was signed is the item without white space, which is what comes of writing it again.
    const body = Buffer.from(JSON.stringify(item))
    const event = parseEvent(body)
    const signature = signatures[event.id]
    // An event whose patient has withdrawn consent is forgotten: the gateway itself says what is left of it.
    if (signature === undefined && event.type === DispatchRevokedV1.type) return event
    return verify({ body, headers: { [signatureHeader]: signature }, attempt: 1 })
  }

  async function handleItem(item: unknown, signatures: Record<string, string>) {
    try {
      await handle(await check(item, signatures))
    } catch (err) {
      if (!(err instanceof PoisonMessageError)) throw err
      logger.error({ err }, 'a replayed event cannot be handled and is passed over')
    }
  }

  /** @returns the last sequence that was gone through */
  return async (after: number): Promise<number> => {
    let last = after
    for (;;) {
      const page = await gateway.listEvents(last)
      if (!Value.Check(RecipientFeed, page)) throw new Error('The feed breaks its contract')
      for (const item of page.items) await handleItem(item, page.signatures ?? {})
      if (page.items.length === 0 || page.nextAfter <= last) return last
      last = page.nextAfter
    }
  }
}

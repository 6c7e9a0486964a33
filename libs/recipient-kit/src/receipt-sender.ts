import { exchanges, receiptRoutingKey, receiptType } from '@minaintyg/contracts'
import type { EventBus } from '@minaintyg/messaging'
import { activeTraceparent } from '@minaintyg/telemetry'
import type { GatewayClient } from './gateway-client.ts'
import { toReceiptWords } from './receipt-draft.ts'
import type { ReceiptDraft } from './receipt-draft.ts'

export interface SentReceipt {
  id: string
  dispatchId: string
  draft: ReceiptDraft
}

/** Sends receipts over the bus or over HTTP; both are the same receipt. */
export function createReceiptSender(options: {
  channel: 'bus' | 'http'
  bus: EventBus
  gateway: GatewayClient
  recipientId: string
}) {
  const { channel, bus, gateway, recipientId } = options
  return async ({ id, dispatchId, draft }: SentReceipt): Promise<void> => {
    const words = toReceiptWords(draft, new Date())
    if (channel === 'http') {
      await gateway.postReceipt(dispatchId, { id, kind: draft.kind, ...words })
      return
    }
    const type = receiptType(draft.kind)
    const traceparent = activeTraceparent()
    const event = {
      specversion: '1.0',
      id,
      type,
      source: `/recipients/${recipientId}`,
      time: words.at,
      subject: dispatchId,
      datacontenttype: 'application/json',
      ...(traceparent === undefined ? {} : { traceparent }),
      data: { dispatchId, ...words },
    }
    await bus.publish({
      exchange: exchanges.receipts,
      routingKey: receiptRoutingKey(recipientId, type),
      id,
      body: Buffer.from(JSON.stringify(event)),
    })
  }
}

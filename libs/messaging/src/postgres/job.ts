import type { JobWithMetadata } from 'pg-boss'
import type { Delivery, OutgoingMessage } from '../event-bus.ts'

/** What is stored of a message; base64 because JSON would not keep the exact bytes. */
export interface StoredMessage {
  id: string
  exchange: string
  routingKey: string
  headers: Record<string, string>
  body: string
  sender: string
}

export const toStored = (message: OutgoingMessage, sender: string): StoredMessage => ({
  id: message.id,
  exchange: message.exchange,
  routingKey: message.routingKey,
  headers: message.headers ?? {},
  body: message.body.toString('base64'),
  sender,
})

export const toDelivery = (queue: string, job: JobWithMetadata<StoredMessage>): Delivery => ({
  queue,
  exchange: job.data.exchange,
  routingKey: job.data.routingKey,
  id: job.data.id,
  body: Buffer.from(job.data.body, 'base64'),
  headers: job.data.headers,
  redelivered: job.retryCount > 0,
  attempt: job.retryCount + 1,
  properties: { userId: undefined },
})

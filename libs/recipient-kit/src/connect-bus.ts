import { createRecipientTopology } from '@minaintyg/contracts'
import { connectEventBus } from '@minaintyg/messaging'
import type { EventBus, Logger } from '@minaintyg/messaging'

/** Gets on the bus as a recipient, who declares nothing: its queue stands already. */
export function connectRecipientBus(options: {
  /** `amqps://` of RabbitMQ; on a developer's machine `postgres://` of the embedded bus. */
  url: string
  recipientId: string
  logger?: Logger
}): Promise<EventBus> {
  const { url, recipientId, logger } = options
  return connectEventBus({
    url,
    name: `recipient ${recipientId}`,
    topology: createRecipientTopology(recipientId),
    declareTopology: false,
    ...(logger === undefined ? {} : { logger }),
  })
}

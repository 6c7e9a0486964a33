import { setTimeout as pause } from 'node:timers/promises'
import { AppError, PoisonMessageError } from '@minaintyg/errors'
import { SpanKind, inSpan } from '@minaintyg/telemetry'
import type { Delivery, Logger, MessageHandler, Subscription, Verdict } from './event-bus.ts'
import { countDelivery } from './event-metrics.ts'
import { traceparentOf } from './event-traces.ts'

const kindOf = (error: unknown) =>
  error instanceof AppError ? error.code : error instanceof Error ? error.name : typeof error

interface Handling {
  subscription: Required<Subscription>
  handler: MessageHandler
  logger: Logger
  stopping: AbortSignal
}

async function tryHandling(delivery: Delivery, options: Handling): Promise<Verdict> {
  const { subscription, handler, logger, stopping } = options
  try {
    const name = `process ${delivery.queue}`
    const parent = traceparentOf(delivery)
    await inSpan(name, { kind: SpanKind.CONSUMER, parent }, () => handler(delivery))
    return 'handled'
  } catch (error) {
    const hopeless = error instanceof PoisonMessageError || error instanceof AppError
    const dead = hopeless || delivery.attempt >= subscription.retryLimit
    const fields = {
      queue: delivery.queue,
      id: delivery.id,
      attempt: delivery.attempt,
      reason: kindOf(error),
      // A bug needs its stack; what a caller may be told of does not.
      ...(!hopeless && { err: error }),
    }
    if (dead) {
      logger.error(fields, 'a message went to the dead-letter queue')
      return 'dead'
    }
    logger.warn(fields, 'a message could not be handled and will come again')
    const delay = subscription.retryDelay(delivery.attempt)
    await pause(delay, undefined, { signal: stopping }).catch(() => undefined)
    return 'retry'
  }
}

/**
 * Runs a handler and judges its failure. Before `retry` it waits, holding the delivery, so that a
 * failing message does not spin; `stopping` ends the wait.
 */
export async function judge(delivery: Delivery, options: Handling): Promise<Verdict> {
  const verdict = await tryHandling(delivery, options)
  countDelivery(delivery.queue, verdict)
  return verdict
}

import { activeTraceparent, inSpan } from '@minaintyg/telemetry'
import type { SpanKind } from '@minaintyg/telemetry'
import type { Delivery } from './event-bus.ts'
import type { OutboxEvent } from './outbox-row.ts'

/** Headers that let whoever takes a message continue the trace; AMQP has them as HTTP does. */
export function traceHeader(): { traceparent?: string } {
  const traceparent = activeTraceparent()
  return traceparent === undefined ? {} : { traceparent }
}

/** Runs something in the trace of the request that put the event into the outbox, however long ago. */
export const inTraceOf = <T>(
  { traceparent, type }: OutboxEvent,
  name: string,
  kind: SpanKind,
  run: () => Promise<T>,
): Promise<T> =>
  inSpan(
    name,
    { kind, parent: traceparent ?? '', attributes: { 'messaging.message.type': type } },
    run,
  )

/** CloudEvents (distributed tracing extension) say it in the event, for brokers that hand on no headers. */
const inBody = /"traceparent":"(00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2})"/

/** The trace that a delivery belongs to; empty for none, which begins one. */
export function traceparentOf({ headers, body }: Delivery): string {
  const { traceparent } = headers
  if (typeof traceparent === 'string') return traceparent
  return inBody.exec(body.toString('latin1'))?.[1] ?? ''
}

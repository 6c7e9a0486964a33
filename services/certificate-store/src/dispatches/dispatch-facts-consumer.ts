import { DispatchDeliveredV1, DispatchReceivedV1, innerQueue } from '@minaintyg/contracts'
import { createConsumer, idempotentHandler } from '@minaintyg/messaging'
import type { EventBus, MessageHandler, Worker } from '@minaintyg/messaging'
import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'
import { noteDispatch } from './dispatch-fact-repository.ts'

const moments = [
  [DispatchDeliveredV1, 'delivered_at', 'dispatch-delivered'],
  [DispatchReceivedV1, 'received_at', 'dispatch-received'],
] as const

export const createDispatchFactHandlers = (db: Kysely<Database>) =>
  moments.map(([definition, moment, name]) => ({
    name,
    queue: innerQueue('certificate-store', definition.type),
    handler: idempotentHandler({
      db,
      handler: `certificate-store.${name}`,
      definition,
      handle: (fact, tx) => noteDispatch(tx, fact, moment),
    }),
  }))

export const createDispatchFactConsumers = (
  bus: EventBus,
  handlers: readonly { name: string; queue: string; handler: MessageHandler }[],
): Worker[] =>
  handlers.map(({ name, queue, handler }) =>
    createConsumer({ name: `${name}-consumer`, bus, subscription: { queue }, handler }),
  )

import type { Db, PgBoss } from 'pg-boss'
import { BusUnavailableError, PublishTimeoutError, UnroutableError } from '../bus-errors.ts'
import { withDeadline } from '../bus-lifecycle.ts'
import type { OutgoingMessage } from '../event-bus.ts'
import { queuesFor } from '../topology.ts'
import type { Topology } from '../topology.ts'
import { toStored } from './job.ts'

/** Publishes by the declared bindings: into all bound queues in one transaction. */
export function createPublisher(options: {
  boss: PgBoss
  topology: Topology
  name: string
  confirmDeadline: number
  onFailure: () => void
}) {
  const { boss, topology, name, confirmDeadline, onFailure } = options
  const underWay = new Set<Promise<void>>()

  const insertIntoAll = async (queues: string[], message: OutgoingMessage) => {
    const data = toStored(message, name)
    const insert = (queue: string, db?: Db) => boss.insert(queue, [{ data }], db && { db })
    const [first, ...rest] = queues
    if (first === undefined) throw new UnroutableError(message.exchange, message.routingKey)
    if (rest.length === 0) {
      await insert(first)
      return
    }
    const transaction = await boss.getDb().beginTransaction?.()
    if (transaction === undefined) throw new Error('pg-boss opens no transactions')
    try {
      for (const queue of queues) await insert(queue, transaction.db)
      await transaction.commit()
    } catch (error) {
      await transaction.rollback()
      throw error
    }
  }

  return {
    async publish(message: OutgoingMessage): Promise<void> {
      const queues = queuesFor(topology, message.exchange, message.routingKey)
      if (queues.length === 0) throw new UnroutableError(message.exchange, message.routingKey)
      const work = withDeadline(
        insertIntoAll(queues, message),
        confirmDeadline,
        () => new PublishTimeoutError(confirmDeadline),
      )
      underWay.add(work)
      try {
        await work
      } catch (cause) {
        onFailure()
        if (cause instanceof PublishTimeoutError) throw cause
        throw new BusUnavailableError('Postgres did not take the message', { cause })
      } finally {
        underWay.delete(work)
      }
    },
    async finish() {
      await Promise.allSettled(underWay)
    },
  }
}

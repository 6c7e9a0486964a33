import type { PgBoss } from 'pg-boss'
import { TopologyError } from '../bus-errors.ts'
import type { QueueDepth } from '../event-bus.ts'
import { deadLetterQueue } from '../topology.ts'
import type { Topology } from '../topology.ts'

const hour = 3_600
const year = 365 * 24 * hour

/** A job whose process has not been heard from for this long is given to another; pg-boss's least. */
const heartbeatSeconds = 10
const defaultDeliveryLimit = 200

/** Creates the queues of a topology, each after its dead-letter queue. */
export async function createQueues(boss: PgBoss, topology: Topology): Promise<void> {
  const common = {
    retentionSeconds: year,
    deleteAfterSeconds: hour,
    retryDelay: 0,
    notify: true,
  }
  try {
    for (const { name, deliveryLimit: retryLimit = defaultDeliveryLimit } of topology.queues) {
      const deadLetter = deadLetterQueue(name)
      const options = { ...common, retryLimit, heartbeatSeconds, deadLetter }
      await boss.createQueue(deadLetter, { ...common, retryLimit: 0 })
      await boss.createQueue(name, options)
      // Creating one that stands changes nothing; this brings it up to date.
      await boss.updateQueue(name, options)
    }
  } catch (cause) {
    throw new TopologyError('The queues cannot be created in Postgres', { cause })
  }
}

/** Counted where the jobs are: pg-boss's own figures may be a minute old. Nobody knows there who reads a queue. */
export async function readDepth(boss: PgBoss, schema: string, queue: string): Promise<QueueDepth> {
  const { rows }: { rows: { messages: number }[] } = await boss.getDb().executeSql(
    `select (select count(*) from ${schema}.job as j where j.name = q.name and j.state < 'active')::int as messages
     from ${schema}.queue as q where q.name = $1`,
    [queue],
  )
  const [found] = rows
  if (found === undefined) throw new Error(`There is no queue ${queue}`)
  return { messages: found.messages, consumers: undefined }
}

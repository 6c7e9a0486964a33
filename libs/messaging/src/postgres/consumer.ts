import type { JobWithMetadata, PgBoss } from 'pg-boss'
import { withDefaults } from '../bus-lifecycle.ts'
import type { Consumer, Logger, MessageHandler, Subscription } from '../event-bus.ts'
import { judge } from '../handling.ts'
import { toDelivery } from './job.ts'
import type { StoredMessage } from './job.ts'

const statusOf = { handled: 'completed', dead: 'deadletter', retry: 'failed' } as const

/** Reads a queue with as many pg-boss workers as messages may be handled at a time. */
export async function consume(options: {
  boss: PgBoss
  subscription: Subscription
  handler: MessageHandler
  logger: Logger
}): Promise<Consumer> {
  const { boss, handler, logger } = options
  const subscription = withDefaults(options.subscription)
  const { queue } = subscription
  const stopping = new AbortController()
  const context = { subscription, handler, logger, stopping: stopping.signal }

  const startWorker = async () => {
    const worker: { id?: string } = {}
    worker.id = await boss.work(
      queue,
      {
        batchSize: 1,
        includeMetadata: true,
        perJobResults: true,
        pollingIntervalSeconds: 0.5,
        notifyPollingIntervalSeconds: 5,
      },
      async (jobs: JobWithMetadata<StoredMessage>[]) => {
        const results = await Promise.all(
          jobs.map(async (job) => {
            const verdict = await judge(toDelivery(queue, job), context)
            return { id: job.id, status: statusOf[verdict] }
          }),
        )
        // A worker that had something to do looks again at once instead of waiting for its poll.
        if (worker.id !== undefined) boss.notifyWorker(worker.id)
        return results
      },
    )
    return worker.id
  }

  const workers = await Promise.all(Array.from({ length: subscription.concurrency }, startWorker))
  return {
    async stop() {
      stopping.abort()
      await Promise.all(workers.map((id) => boss.offWork(queue, { id, wait: true })))
    },
  }
}

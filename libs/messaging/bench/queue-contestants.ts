import { Logger, makeWorkerUtils, run } from 'graphile-worker'
import type { Runner } from 'graphile-worker'
import { PgBoss } from 'pg-boss'
import { newEvent } from './broker.ts'
import type { Broker } from './broker.ts'
import { underWay } from './outbox-contestants.ts'
import type { Carrier } from './outbox-contestants.ts'

interface Job {
  id: string
  body: string
}
const queue = 'events'

/** In batches, fetched and completed with a statement each. */
export async function startPgBoss(database: string, broker: Broker): Promise<Carrier> {
  const boss = new PgBoss({ connectionString: database, schedule: false, supervise: false })
  boss.on('error', () => undefined)
  await boss.start()
  await boss.createQueue(queue, { retryLimit: 10 })

  async function carryBatch(): Promise<number> {
    const jobs = await boss.fetch<Job>(queue, { batchSize: underWay })
    await Promise.all(jobs.map(({ data }) => broker.publish(data.id, Buffer.from(data.body))))
    if (jobs.length > 0)
      await boss.complete(
        queue,
        jobs.map(({ id }) => id),
      )
    return jobs.length
  }

  return {
    async fill(count) {
      await boss.deleteAllJobs(queue)
      const jobs = Array.from({ length: count }, () => ({ data: newEvent() }))
      await boss.insert(queue, jobs)
    },
    async drain() {
      while ((await carryBatch()) > 0);
    },
    close: () => boss.stop({ graceful: false }),
  }
}

const task = 'publish'

/** With a local queue and batched completion, which its own documentation recommends for throughput. */
export async function startGraphileWorker(database: string, broker: Broker): Promise<Carrier> {
  const logger = new Logger(() => () => undefined)
  const utils = await makeWorkerUtils({ connectionString: database, logger })
  await utils.migrate()
  const preset = {
    worker: { localQueue: { size: 2 * underWay }, completeJobBatchDelay: 0, failJobBatchDelay: 0 },
  }

  return {
    async fill(count) {
      await utils.addJobs(
        Array.from({ length: count }, () => ({ identifier: task, payload: newEvent() })),
      )
      await utils.withPgClient((client) => client.query('analyze'))
    },
    /** Its start is a part of it: some milliseconds. */
    async drain() {
      const waiting = await utils.withPgClient((client) =>
        client.query<{ count: number }>('select count(*)::int from graphile_worker.jobs'),
      )
      const left = { count: waiting.rows[0]?.count ?? 0 }
      const over = Promise.withResolvers<undefined>()
      const runner: Runner = await run({
        connectionString: database,
        logger,
        concurrency: underWay,
        maxPoolSize: 10,
        noHandleSignals: true,
        preset,
        taskList: {
          async [task](payload) {
            const { id, body } = payload as Job
            await broker.publish(id, Buffer.from(body))
            left.count -= 1
            if (left.count === 0) over.resolve(undefined)
          },
        },
      })
      await over.promise
      // Ends once all that was published is marked as done.
      await runner.stop()
    },
    close: async () => {
      await utils.release()
    },
  }
}

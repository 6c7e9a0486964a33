import { PgBoss } from 'pg-boss'
import { mostDeadLetters } from '../dead-letters.ts'
import type { DeadLetters } from '../dead-letters.ts'
import { deadLetterQueue } from '../topology.ts'
import { toDelivery } from './job.ts'
import type { StoredMessage } from './job.ts'

/** On Postgres: letters are read where they lie, so that looking at them changes nothing. */
export async function openPostgresDeadLetters(url: string): Promise<DeadLetters> {
  const boss = new PgBoss({
    connectionString: url,
    application_name: 'dead letters',
    max: 1,
    connectionTimeoutMillis: 5_000,
    schedule: false,
    supervise: false,
    registerInstance: false,
  })
  boss.on('error', () => undefined)
  await boss.start()
  return {
    async goThrough(queue, decide) {
      const dead = deadLetterQueue(queue)
      const jobs = await boss.findJobs<StoredMessage>(dead, { queued: true })
      const oldest = jobs.sort((a, b) => a.createdOn.getTime() - b.createdOn.getTime())
      let left = 0
      for (const job of oldest.slice(0, mostDeadLetters)) {
        const verdict = await decide(toDelivery(queue, job)).catch(() => 'keep' as const)
        if (verdict === 'keep') continue
        if (verdict === 'put-back') await boss.insert(queue, [{ data: job.data }])
        await boss.deleteJob(dead, job.id)
        left += 1
      }
      return left
    },
    close: () => boss.stop({ graceful: false }),
  }
}

import type { Kysely } from 'kysely'
import type { Server, Worker } from '@minaintyg/service'
import type { Database } from './database.ts'

interface Deps {
  db: Kysely<Database>
  now: () => Date
  log: Pick<Server['log'], 'error'>
}

export interface CleanUp extends Worker {
  run(): Promise<void>
}

const interval = 10 * 60_000
/** Sessions are kept a day longer, so that log-out at the provider can still be asked for. */
const sessionGrace = 24 * 60 * 60_000

/** Removes what has expired. */
export function createCleanUp({ db, now, log }: Deps): CleanUp {
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()

  async function run(): Promise<void> {
    const at = now()
    for (const table of ['log_in', 'download_grant', 'used_token'] as const) {
      await db.deleteFrom(table).where('expires_at', '<', at).execute()
    }
    const before = new Date(at.getTime() - sessionGrace)
    await db.deleteFrom('session').where('expires_at', '<', before).execute()
  }

  return {
    name: 'clean-up',
    run,
    async start() {
      timer = setInterval(() => {
        running = run().catch((err: unknown) => {
          log.error({ err }, 'clean-up failed')
        })
      }, interval)
      timer.unref()
    },
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}

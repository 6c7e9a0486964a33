import { createHistogram, createMeasured } from '@minaintyg/telemetry'
import type { PostgresPool } from 'kysely'
import type pg from 'pg'

const connections = createMeasured({
  name: 'minaintyg_db_connections',
  help: 'Connections to a database by what they do: idle, busy, and waiting for those who wait for one',
  labels: ['database', 'state'],
})
const waits = createHistogram({
  name: 'minaintyg_db_pool_wait_seconds',
  help: 'Time until a connection was had, where none was idle',
  labels: ['database'],
})

/** Name of the database that a URL leads to. */
const databaseOf = (url: string): string => new URL(url).pathname.slice(1)

/** As when Postgres itself has no connection left (53300): the request is refused with a time to try again. */
const tooMany = () => Object.assign(new Error('too many wait for a connection'), { code: '53300' })

/** The same pool, which tells how long one waits for it and lets no more than `mostWaiting` wait. */
export function measurePool(pool: pg.Pool, url: string, mostWaiting: number): PostgresPool {
  const database = databaseOf(url)
  const unwatch = connections.watch(() => {
    const { totalCount, idleCount, waitingCount } = pool
    return [
      { labels: { database, state: 'idle' }, value: idleCount },
      { labels: { database, state: 'busy' }, value: totalCount - idleCount },
      { labels: { database, state: 'waiting' }, value: waitingCount },
    ]
  })
  return {
    connect() {
      if (pool.idleCount > 0) return pool.connect()
      if (pool.waitingCount >= mostWaiting) return Promise.reject(tooMany())
      const since = performance.now()
      return pool.connect().finally(() => {
        waits.observe({ database }, (performance.now() - since) / 1_000)
      })
    },
    async end() {
      unwatch()
      await pool.end()
    },
    options: pool.options,
  }
}

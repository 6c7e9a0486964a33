import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createDatabase } from '@minaintyg/db'
import pg from 'pg'
import { createOutboxRelay } from '../src/index.ts'
import type { OutboxTables } from '../src/index.ts'
import { newEvent, type } from './broker.ts'
import type { Broker } from './broker.ts'

/** One way of carrying events from Postgres to RabbitMQ. */
export interface Carrier {
  /** What is waiting then is not a part of what is measured. */
  fill: (count: number) => Promise<void>
  /** Carries all that waits. */
  drain: () => Promise<void>
  close: () => Promise<void>
}

const outboxSql = join(import.meta.dirname, '../sql/outbox.sql')
/** As many under way at a time for everyone; the relay has them as three batches of 200. */
export const underWay = 600

async function createOutbox(database: string) {
  const pool = new pg.Pool({ connectionString: database, max: 5 })
  await pool.query(await readFile(outboxSql, 'utf8'))
  return pool
}

async function fillOutbox(pool: pg.Pool, exchange: string, count: number) {
  const events = Array.from({ length: count }, newEvent)
  await pool.query('truncate outbox')
  await pool.query(
    `insert into outbox (id, type, subject, exchange, routing_key, body, occurred_at)
     select id, $3, id::text, $4, $3, convert_to(body, 'utf8'), now()
     from unnest($1::uuid[], $2::text[]) as event (id, body)`,
    [events.map(({ id }) => id), events.map(({ body }) => body), type, exchange],
  )
  await pool.query('analyze outbox')
}

/** The relay as services have it. */
export async function startRelay(database: string, broker: Broker): Promise<Carrier> {
  const pool = await createOutbox(database)
  const db = createDatabase<OutboxTables>({ url: database })
  const relay = createOutboxRelay<OutboxTables>({ db, url: database, bus: broker.bus })
  return {
    fill: (count) => fillOutbox(pool, broker.exchange, count),
    async drain() {
      await relay.drain()
    },
    async close() {
      await db.destroy()
      await pool.end()
    },
  }
}

const claim = {
  name: 'claim',
  text: `select id, body from outbox where published_at is null order by position limit ${underWay}
    for update skip locked`,
}
const mark = 'update outbox set published_at = now() where id = any ($1::uuid[])'

/** As little as one can do: no order within a subject, no retries, no hooks, no deadlines. */
export async function startRawLoop(database: string, broker: Broker): Promise<Carrier> {
  const pool = await createOutbox(database)
  const client = await pool.connect()

  async function carryBatch(): Promise<number> {
    await client.query('begin')
    const { rows } = await client.query<{ id: string; body: Buffer }>(claim)
    await Promise.all(rows.map(({ id, body }) => broker.publish(id, body)))
    const ids = rows.map(({ id }) => id)
    await client.query({ name: 'mark', text: mark, values: [ids] })
    await client.query('commit')
    return rows.length
  }

  return {
    fill: (count) => fillOutbox(pool, broker.exchange, count),
    async drain() {
      while ((await carryBatch()) > 0);
    },
    async close() {
      client.release()
      await pool.end()
    },
  }
}

import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import pg from 'pg'
import type { Started } from './neighbours.ts'

const named = (name: string, text: string) => ({ name, text })
const statements = {
  key: named(
    'key',
    `insert into idempotency_key (patient_id, key, request_hash, dispatch_id, answer, created_at)
     values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
  ),
  dispatch: named(
    'dispatch',
    `insert into dispatch (id, patient_id, certificate_id, certificate_type, certificate_version, certificate_name,
       recipient_id, state, document_sha256, document_size, requested_at)
     values ($1, $2, $3, 'LISJP', '1.3', 'Läkarintyg för sjukpenning', $4, 'queued', $5, 20000, $6)`,
  ),
  entry: named(
    'entry',
    "insert into timeline_entry (dispatch_id, state, at) values ($1, 'queued', $2)",
  ),
  event: named(
    'event',
    `insert into recipient_event (id, dispatch_id, recipient_id, type, created_at)
     values ($1, $2, $3, 'se.minaintyg.dispatch.requested.v1', $4)`,
  ),
  outbox: named(
    'outbox',
    `insert into outbox (id, type, subject, exchange, routing_key, body, occurred_at)
     values ($1, 'se.minaintyg.dispatch.requested.v1', $2, 'minaintyg.dispatch',
       'FKASSA.se.minaintyg.dispatch.requested.v1', $3, $4)`,
  ),
}
const hash = 'a'.repeat(64)

/** As long as what the service stores, and what it answers. */
const fillingOfEvent = 'x'.repeat(560)
const fillingOfAnswer = 'x'.repeat(380)

/** As little as there can be between a request to send and Postgres: the same rows, in one transaction, and its NOTIFY. */
export async function startFloor({ database }: { database: string }): Promise<Started> {
  const pool = new pg.Pool({ connectionString: database, max: 15 })
  const app = Fastify({ logger: false })
  app.addHook('onClose', () => pool.end())

  app.post<{ Params: { id: string }; Body: { recipientId: string } }>(
    '/certificates/:id/dispatches',
    async ({ params, body, headers }, reply) => {
      const [id, event, patient, at] = [randomUUID(), randomUUID(), randomUUID(), new Date()]
      const { recipientId } = body
      const answer = { id, recipient: recipientId, state: 'queued', fillingOfAnswer }
      const outgoing = Buffer.from(JSON.stringify({ id: event, data: { id, fillingOfEvent } }))
      const client = await pool.connect()
      const insert = (statement: { name: string; text: string }, values: unknown[]) =>
        client.query({ ...statement, values })
      try {
        await client.query('begin')
        const key = headers['idempotency-key']
        await insert(statements.key, [patient, key, hash, id, JSON.stringify(answer), at])
        await insert(statements.dispatch, [id, patient, params.id, recipientId, hash, at])
        await insert(statements.entry, [id, at])
        await insert(statements.event, [event, id, recipientId, at])
        await insert(statements.outbox, [event, id, outgoing, at])
        await client.query("select pg_notify('outbox', '')")
        await client.query('commit')
      } finally {
        client.release()
      }
      return reply.code(202).header('location', `/dispatches/${id}`).send(answer)
    },
  )
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, stop: () => app.close() }
}

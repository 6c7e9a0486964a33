import type { ReceiptDraft } from './receipt-draft.ts'
import type { RecipientStore } from './store.ts'

/** The part of `pg`'s client that the kit uses; the effect is handed the integrator's own. */
export interface PgClient {
  query: (text: string, values?: unknown[]) => Promise<{ rows: unknown[]; rowCount: number | null }>
  on: (event: 'error', listener: (error: Error) => void) => unknown
  off: (event: 'error', listener: (error: Error) => void) => unknown
  release: (destroy?: boolean) => void
}
/** The part of `pg`'s pool that the kit uses. */
export interface PgPool<Client extends PgClient> {
  connect: () => Promise<Client>
}

/** The table that the store keeps; create it with your own migrations. */
export const recipientInboxSql = `create table if not exists recipient_inbox (
  event_id uuid primary key,
  receipts jsonb not null,
  handled_at timestamptz not null default now()
)`

interface Row {
  receipts: readonly ReceiptDraft[]
}

/** What was under way on a lost connection fails by itself, and is tried again. */
const ignore = () => undefined

/** Remembers in the integrator's own Postgres: what the handler writes with `tx` commits with it. */
export function createPostgresStore<Client extends PgClient>(
  pool: PgPool<Client>,
): RecipientStore<Client> {
  const withClient = async <T>(run: (client: Client) => Promise<T>): Promise<T> => {
    const client = await pool.connect()
    // A pool hears the errors of idle connections alone: without a listener, one that is lost ends the process.
    client.on('error', ignore)
    try {
      const result = await run(client)
      client.off('error', ignore)
      client.release()
      return result
    } catch (error) {
      // In what state its transaction is, nobody knows: the connection is not used again.
      client.release(true)
      throw error
    }
  }
  const select = async (client: Client, eventId: string) => {
    const { rows } = await client.query(
      'select receipts from recipient_inbox where event_id = $1',
      [eventId],
    )
    return (rows[0] as Row | undefined)?.receipts
  }

  return {
    find: (eventId) => withClient((client) => select(client, eventId)),
    once: (eventId, effect) =>
      withClient(async (client) => {
        await client.query('begin')
        // Waits for another delivery of the same event that is being handled.
        const { rowCount } = await client.query(
          "insert into recipient_inbox (event_id, receipts) values ($1, '[]') on conflict do nothing",
          [eventId],
        )
        if (rowCount === 0) {
          await client.query('rollback')
          return (await select(client, eventId)) ?? []
        }
        const receipts = await effect(client)
        await client.query('update recipient_inbox set receipts = $2 where event_id = $1', [
          eventId,
          JSON.stringify(receipts),
        ])
        await client.query('commit')
        return receipts
      }),
  }
}

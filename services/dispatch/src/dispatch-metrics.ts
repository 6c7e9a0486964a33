import { createCounter, createMeasured } from '@minaintyg/telemetry'
import type { Kysely } from 'kysely'
import type { Database } from './database.ts'

/** Hours after which a recipient that has an event and says nothing is late. */
const patience = 4

const overdue = createMeasured({
  name: 'minaintyg_receipts_overdue',
  help: 'Dispatches that were delivered more than four hours ago and that no receipt has come for',
  labels: ['recipient'],
})
const receipts = createCounter({
  name: 'minaintyg_receipts_total',
  help: 'Receipts that were recorded',
  labels: ['kind'],
})

export function countReceipt(kind: string): void {
  receipts.inc({ kind })
}

/** @returns what ends it */
export const measureOverdueReceipts = (
  db: Kysely<Database>,
  recipients: readonly { id: string }[],
): (() => void) =>
  overdue.watch(async () => {
    const rows = await db
      .selectFrom('dispatch')
      .select(({ fn }) => ['recipient_id', fn.countAll<number>().as('count')])
      .where('state', '=', 'delivered')
      .where('delivered_at', '<', new Date(Date.now() - patience * 60 * 60_000))
      .groupBy('recipient_id')
      .execute()
    const counts = new Map(rows.map(({ recipient_id, count }) => [recipient_id, count]))
    return recipients.map(({ id }) => ({ labels: { recipient: id }, value: counts.get(id) ?? 0 }))
  })

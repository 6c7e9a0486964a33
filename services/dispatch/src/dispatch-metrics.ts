import { recipientQueue } from '@minaintyg/contracts'
import { deadLetterQueue } from '@minaintyg/messaging'
import type { EventBus } from '@minaintyg/messaging'
import { createCounter, createMeasured, readTogether } from '@minaintyg/telemetry'
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

const deadLetters = createMeasured({
  name: 'minaintyg_recipient_dead_letters',
  help: 'Events that a recipient refused, or gave back too often',
  labels: ['recipient'],
})
const waiting = createMeasured({
  name: 'minaintyg_recipient_queue_messages',
  help: 'Events that wait in a recipient’s queue to be taken',
  labels: ['recipient'],
})
const readers = createMeasured({
  name: 'minaintyg_recipient_queue_consumers',
  help: 'Who reads a recipient’s queue; not told where the event bus is Postgres',
  labels: ['recipient'],
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

type Depths = Pick<EventBus, 'depthOf' | 'state'>

/** While the bus is away nothing is told of its queues: another metric says that. */
const isThere = (bus: Depths) => ['ready', 'blocked'].includes(bus.state())

/** None beside one that the bus keeps waiting. */
function createLook(bus: Depths, queue: string) {
  const look = readTogether(() => bus.depthOf(queue))
  return async () => (isThere(bus) ? look() : undefined)
}

function measureQueue(bus: Depths, recipient: string): (() => void)[] {
  const queue = recipientQueue(recipient)
  const [look, lookAtDead] = [createLook(bus, queue), createLook(bus, deadLetterQueue(queue))]
  const tell = (value: number | undefined) =>
    value === undefined ? [] : [{ labels: { recipient }, value }]
  return [
    deadLetters.watch(async () => tell((await lookAtDead())?.messages)),
    waiting.watch(async () => tell((await look())?.messages)),
    readers.watch(async () => tell((await look())?.consumers)),
  ]
}

/** Each recipient is read on its own: one whose queue is missing hides no other. @returns what ends it */
export function measureRecipientQueues(
  bus: Depths,
  recipients: readonly { id: string }[],
): () => void {
  const unwatch = recipients.flatMap(({ id }) => measureQueue(bus, id))
  return () => {
    for (const end of unwatch) end()
  }
}

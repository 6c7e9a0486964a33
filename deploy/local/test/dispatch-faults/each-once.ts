import { receiptQueue, recipientQueue } from '@minaintyg/contracts'
import { deadLetterQueue } from '@minaintyg/messaging'
import { until } from '@minaintyg/testing'
import { connect } from 'amqplib'
import type pg from 'pg'

interface Standing {
  id: string
  state: string
  delivered: boolean
  timeline: string[]
  /** Of the event that says it was sent. */
  published: boolean
  parked: boolean
  waiting: number
  told: number
  receipts: number
}

// Each table once: there may be a hundred thousand of them.
const standings = `
with entries as (
  select dispatch_id as id, array_agg(state order by position) as timeline from timeline_entry group by 1
), events as (
  select subject, bool_or(published_at is not null) as published,
    bool_or(parked_at is not null and last_error is not null) as parked,
    (count(*) filter (where published_at is null and parked_at is null and cancelled_at is null))::int as waiting,
    (count(*) filter (where type = 'dispatch.delivered.v1'))::int as told
  from outbox group by 1
), answers as (
  select dispatch_id as id, count(*)::int as receipts from receipt group by 1
)
select d.id, d.state, d.delivered_at is not null as delivered, timeline,
  coalesce(own.published, false) as published, coalesce(own.parked, false) as parked,
  coalesce(own.waiting, 0) as waiting, coalesce(fact.told, 0) as told, coalesce(receipts, 0) as receipts
from dispatch d
join entries using (id) left join answers using (id)
left join events own on own.subject = d.id::text
left join events fact on fact.subject = d.certificate_id::text
where d.id = any ($1)`

// The second receipt may overtake the first.
const unsettled = `
select exists (select from dispatch where id = any ($1) and state not in ('accepted', 'parked'))
  or exists (select from outbox where published_at is null and parked_at is null and cancelled_at is null
    and subject = any ($1::text[]))
  or exists (select from dispatch d where id = any ($1) and state = 'accepted'
    and (select count(*) from receipt where dispatch_id = d.id) < 2) as unsettled`

/** Asks both sides’ books what became of dispatches. */
export function createAudit(deps: { dispatchDb: pg.Pool; booksDb: pg.Pool; amqpUrl: string }) {
  const { dispatchDb, booksDb, amqpUrl } = deps

  const standingOf = async (ids: readonly string[]) =>
    (await dispatchDb.query<Standing>(standings, [ids])).rows

  async function casesOf(ids: readonly string[]): Promise<Map<string, number>> {
    const { rows } = await booksDb.query<{ id: string; count: number }>(
      `select dispatch_id as id, count(*)::int as count from books.booked_case
       where dispatch_id = any ($1) group by 1`,
      [ids],
    )
    return new Map(rows.map(({ id, count }) => [id, count]))
  }

  async function deadLetters(): Promise<Record<string, number>> {
    const model = await connect(amqpUrl)
    try {
      const channel = await model.createChannel()
      const counts: Record<string, number> = {}
      for (const queue of [recipientQueue('FKASSA'), receiptQueue].map(deadLetterQueue)) {
        counts[queue] = (await channel.checkQueue(queue)).messageCount
      }
      return counts
    } finally {
      await model.close()
    }
  }

  /** What is wrong with a dispatch; nothing where it is once in the books, or plainly parked. */
  function faultsOf(each: Standing, cases: number): string[] {
    const faults: string[] = []
    const say = (wrong: boolean, what: string) => {
      if (wrong) faults.push(`${each.id}: ${what}`)
    }
    say(new Set(each.timeline).size !== each.timeline.length, `timeline ${each.timeline.join()}`)
    say(each.waiting > 0, 'its event still waits')
    if (each.state === 'parked') {
      say(!each.parked || !each.timeline.includes('parked'), 'parked, and nobody can see why')
      say(cases > 1, `${cases} cases`)
      return faults
    }
    say(each.state !== 'accepted', `state ${each.state}`)
    say(cases !== 1, `${cases} cases`)
    say(!each.delivered || !each.published, 'in the books, and never said to be delivered')
    say(each.told !== 1, `${each.told} times told to be delivered`)
    say(each.receipts !== 2, `${each.receipts} receipts`)
    return faults
  }

  return {
    async statesOf(ids: readonly string[]): Promise<Record<string, number>> {
      const states: Record<string, number> = {}
      for (const { state } of await standingOf(ids)) states[state] = (states[state] ?? 0) + 1
      return states
    },
    casesOf,
    outboxOf: async (ids: readonly string[]) =>
      (
        await dispatchDb.query<{ attempts: number; last_error: string | null; published: boolean }>(
          `select attempts, last_error, published_at is not null as published from outbox
           where subject = any ($1)`,
          [ids],
        )
      ).rows,
    /** Waits until nothing moves any more, then holds both books against each other: nothing lost, nothing twice. */
    async expectEachOnce(ids: readonly string[], timeout = 90_000): Promise<Standing[]> {
      const deadline = Date.now() + timeout
      const isOver = async () => {
        const { rows } = await dispatchDb.query<{ unsettled: boolean }>(unsettled, [ids])
        return rows[0]?.unsettled === false
      }
      // Where it is never over, what follows says of which dispatch and why.
      await until(async () => (await isOver()) || Date.now() > deadline, {
        timeout: Infinity,
        interval: 200,
      })
      const all = await standingOf(ids)
      const cases = await casesOf(ids)
      expect(all.map(({ id }) => id).sort()).toEqual([...new Set(ids)].sort())
      expect(all.flatMap((each) => faultsOf(each, cases.get(each.id) ?? 0))).toEqual([])
      expect(Object.values(await deadLetters())).toEqual([0, 0])
      return all
    },
  }
}

import type { EventBus } from '@minaintyg/messaging'
import { setImmediate as nextTurn } from 'node:timers/promises'
import pg from 'pg'

/** Where a relay is killed, in the order in which it comes by. */
export const crashPoints = [
  'after the claim',
  'before the publish',
  'after the publish, before the confirm',
  'after the confirm, before the mark',
  'after the mark, before the commit',
  'after the commit',
] as const
export type CrashPoint = (typeof crashPoints)[number]

/** At which of its passes of a point the process ends. */
export interface Crash {
  point: CrashPoint
  pass: number
}

const textOf = (query: unknown) =>
  typeof query === 'string' ? query : String((query as { text?: string } | undefined)?.text)

/** Which point a statement leads to once Postgres has answered it. */
function pointAfter(text: string, marked: WeakSet<object>, client: object): CrashPoint | undefined {
  if (/for update of due skip locked/i.test(text)) return 'after the claim'
  if (/^update "outbox" set "published_at"/i.test(text)) {
    marked.add(client)
    return 'after the mark, before the commit'
  }
  return /^commit/i.test(text) && marked.has(client) ? 'after the commit' : undefined
}

/** Ends this process, as a power cut would, at one point of the relay's way. Nothing of the service knows of it. */
export function layCrash({ point: wanted, pass }: Crash): (bus: EventBus) => EventBus {
  let passes = 0
  const comeBy = (point: CrashPoint | undefined) => {
    if (point !== wanted) return
    passes += 1
    if (passes === pass) process.kill(process.pid, 'SIGKILL')
  }

  const marked = new WeakSet()
  const { prototype } = pg.Client
  const ask = Reflect.get(prototype, 'query') as (...words: unknown[]) => unknown
  Reflect.set(prototype, 'query', function (this: pg.Client, ...words: unknown[]) {
    const answered = Reflect.apply(ask, this, words)
    if (answered instanceof Promise) {
      const answer = answered as Promise<{ rowCount?: number | null } | undefined>
      answer.then(
        (result) => {
          const point = pointAfter(textOf(words[0]), marked, this)
          if (point !== 'after the claim' || (result?.rowCount ?? 0) > 0) comeBy(point)
        },
        () => undefined,
      )
    }
    return answered
  })

  return (bus) => ({
    ...bus,
    async publish(message) {
      comeBy('before the publish')
      const confirmed = bus.publish(message)
      if (wanted === 'after the publish, before the confirm') {
        // Two turns: the first writes, and what the kernel has it sends also for the dead.
        await nextTurn()
        await nextTurn()
        comeBy(wanted)
      }
      await confirmed
      comeBy('after the confirm, before the mark')
    },
  })
}

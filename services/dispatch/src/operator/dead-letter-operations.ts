import { innerQueuesOf, receiptQueue, recipientQueue } from '@minaintyg/contracts'
import { AppError, PoisonMessageError } from '@minaintyg/errors'
import type { DeadLetters, Delivery, EventBus, MessageHandler } from '@minaintyg/messaging'
import type { Worker } from '@minaintyg/service'
import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'
import type { Recipients } from '../recipients/recipient-model.ts'
import { recordAct } from './operator-audit.ts'

export interface DeadLetter {
  queue: string
  id: string
  type: string
  subject: string
  at: string
}

export interface Settled {
  /** Ids of those that are out of the way now. */
  left: string[]
  /** Ids of those that failed again, and why. */
  kept: { id: string; reason: string }[]
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const textOf = (value: unknown) => (typeof value === 'string' ? value : '')

/** Codes, kinds and words of our own: another's message may hold what was in the letter. */
const reasonOf = (error: unknown) =>
  error instanceof AppError
    ? error.code
    : error instanceof PoisonMessageError
      ? error.message
      : error instanceof Error
        ? error.name
        : typeof error

/** What may be told of a letter: of one that nobody can read, no more than that it is there. */
function describe(delivery: Delivery): DeadLetter {
  const { queue, id = '' } = delivery
  try {
    const event = JSON.parse(delivery.body.toString()) as Record<string, unknown>
    const [eventId, subject] = [textOf(event['id']), textOf(event['subject'])]
    return {
      queue,
      id: uuid.test(eventId) ? eventId : id,
      type: textOf(event['type']).slice(0, 80),
      subject: uuid.test(subject) ? subject : '',
      at: textOf(event['time']).slice(0, 30),
    }
  } catch {
    return { queue, id, type: 'unreadable', subject: '', at: '' }
  }
}

/** A bus that publishes nothing and hands out what consumers would do. */
export function collectHandlers() {
  const handlers = new Map<string, MessageHandler>()
  const bus: EventBus = {
    publish: async () => {
      throw new Error('Nothing is published here')
    },
    subscribe: async ({ queue }, handler) => {
      handlers.set(queue, handler)
      return { stop: async () => undefined }
    },
    depthOf: async () => ({ messages: 0, consumers: undefined }),
    state: () => 'ready',
    onStateChange: () => () => undefined,
    close: async () => undefined,
  }
  return { bus, handlers }
}

async function settle(
  deadLetters: DeadLetters,
  queue: string,
  wanted: string | undefined,
  act: (letter: DeadLetter, delivery: Delivery) => Promise<'remove' | 'put-back'>,
): Promise<Settled> {
  const settled: Settled = { left: [], kept: [] }
  await deadLetters.goThrough(queue, async (delivery) => {
    const letter = describe(delivery)
    if (wanted !== undefined && letter.id !== wanted) return 'keep'
    try {
      const verdict = await act(letter, delivery)
      settled.left.push(letter.id)
      return verdict
    } catch (error) {
      const reason = reasonOf(error)
      settled.kept.push({ id: letter.id, reason })
      return 'keep'
    }
  })
  return settled
}

/** What an operator can do about dead letters. */
export function createDeadLetterOperations(deps: {
  db: Kysely<Database>
  recipients: Recipients
  deadLetters: DeadLetters
  handlers: ReadonlyMap<string, MessageHandler>
  /** Those whose handlers these are. */
  consumers: readonly Worker[]
  operator: string
  now: () => Date
}) {
  const { db, recipients, deadLetters, handlers, consumers, operator, now } = deps
  const queues = [
    receiptQueue,
    ...innerQueuesOf('dispatch'),
    ...recipients.withChannel.map(({ id }) => recipientQueue(id)),
  ]

  const record = (event: 'dead-letter-replayed' | 'dead-letter-dropped', letter: DeadLetter) =>
    recordAct(db, {
      event,
      operator,
      resourceId: uuid.test(letter.id) ? letter.id : undefined,
      queue: letter.queue,
      at: now(),
    })

  /** What came to dispatch is handled here and now, as its sender's name would be lost on the way back. */
  async function handleAgain(delivery: Delivery): Promise<'remove' | 'put-back'> {
    const handler = handlers.get(delivery.queue)
    if (handler === undefined) return 'put-back'
    await handler(delivery)
    return 'remove'
  }

  return {
    queues,
    async list(): Promise<DeadLetter[]> {
      const found: DeadLetter[] = []
      for (const queue of queues) {
        await deadLetters.goThrough(queue, async (delivery) => {
          found.push(describe(delivery))
          return 'keep'
        })
      }
      return found
    },
    /** Tries one again, or all of a queue. */
    async replay(queue: string, id?: string): Promise<Settled> {
      for (const consumer of consumers) await consumer.start()
      return settle(deadLetters, queue, id, async (letter, delivery) => {
        const verdict = await handleAgain(delivery)
        await record('dead-letter-replayed', letter)
        return verdict
      })
    },
    /** Throws one away for good. */
    drop: (queue: string, id: string): Promise<Settled> =>
      settle(deadLetters, queue, id, async (letter) => {
        await record('dead-letter-dropped', letter)
        return 'remove'
      }),
  }
}
export type DeadLetterOperations = ReturnType<typeof createDeadLetterOperations>

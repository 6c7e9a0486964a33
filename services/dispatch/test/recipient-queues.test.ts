import { randomUUID } from 'node:crypto'
import { exchanges, recipientQueue } from '@minaintyg/contracts'
import { PoisonMessageError } from '@minaintyg/errors'
import type { BusState, EventBus } from '@minaintyg/messaging'
import { registry } from '@minaintyg/telemetry'
import { describeWithRabbitmq, until } from '@minaintyg/testing'
import { measureRecipientQueues } from '../src/dispatch-metrics.ts'
import { startDispatch } from './start-dispatch.ts'
import type { StartedDispatch } from './start-dispatch.ts'
import { createTestBus } from './test-bus.ts'
import type { TestBus } from './test-bus.ts'

/** What a metric says of a recipient; undefined where it says nothing. */
async function told(metric: string, recipient: string): Promise<number | undefined> {
  const line = new RegExp(`^${metric}\\{[^}]*recipient="${recipient}"[^}]*\\} (\\d+)$`, 'm')
  const [, value] = line.exec(await registry.metrics()) ?? []
  return value === undefined ? undefined : Number(value)
}
const dead = (recipient: string) => told('minaintyg_recipient_dead_letters', recipient)
const waiting = (recipient: string) => told('minaintyg_recipient_queue_messages', recipient)
const readers = (recipient: string) => told('minaintyg_recipient_queue_consumers', recipient)
const failures = async () => {
  const lines = (await registry.metrics()).match(
    /^minaintyg_metric_read_failures_total\{.*recipient_.*$/gm,
  )
  return lines ?? []
}

function describeQueues(kind: 'postgres' | 'rabbitmq') {
  const knowsReaders = kind === 'rabbitmq'
  let bus: TestBus
  let dispatch: StartedDispatch
  let recipient: EventBus
  const send = () =>
    recipient.publish({
      exchange: exchanges.dispatch,
      routingKey: 'FKASSA.se.minaintyg.dispatch.requested.v1',
      id: randomUUID(),
      body: Buffer.from('{}'),
    })

  beforeAll(async () => {
    bus = await createTestBus(kind)
    dispatch = await startDispatch({ deps: { bus: await bus.connect('dispatch') } })
    recipient = await bus.connect('recipient')
  })
  afterAll(async () => {
    await dispatch.stop()
    await bus.drop()
  })

  test('tell what waits, who reads it, and what the recipient refused', async () => {
    await send()
    await until(async () => (await waiting('FKASSA')) === 1)
    expect(await readers('FKASSA')).toBe(knowsReaders ? 0 : undefined)
    expect(await dead('FKASSA')).toBe(0)

    await recipient.subscribe({ queue: recipientQueue('FKASSA') }, async () => {
      throw new PoisonMessageError('it cannot be read')
    })
    await until(async () => (await dead('FKASSA')) === 1)
    expect(await waiting('FKASSA')).toBe(0)
    expect(await readers('FKASSA')).toBe(knowsReaders ? 1 : undefined)
    expect([await waiting('AF'), await dead('AF')]).toEqual([0, 0])
    expect(await failures()).toEqual([])
  })
}

describe('the queues of recipients, on Postgres,', () => {
  describeQueues('postgres')
})
describeWithRabbitmq('the queues of recipients, on RabbitMQ,', () => {
  describeQueues('rabbitmq')
})

describe('the queues of recipients', () => {
  const watch = async (state: BusState, act: () => Promise<void>) => {
    const bus = {
      state: () => state,
      depthOf: async (queue: string) => {
        if (queue.includes('GONE')) throw new Error('no queue')
        return { messages: 7, consumers: 0 }
      },
    }
    const end = measureRecipientQueues(bus, [{ id: 'GONE' }, { id: 'THERE' }])
    await act()
    end()
  }

  test('say nothing while the bus is away, and that is no failure', async () => {
    await watch('connecting', async () => {
      expect([await waiting('THERE'), await dead('THERE'), await readers('THERE')]).toEqual([
        undefined,
        undefined,
        undefined,
      ])
      expect(await failures()).toEqual([])
    })
  })

  test('are told one by one: a queue that is missing is a failure, and hides no other', async () => {
    await watch('ready', async () => {
      expect([await waiting('THERE'), await dead('THERE'), await readers('THERE')]).toEqual([
        7, 7, 0,
      ])
      expect(await dead('GONE')).toBeUndefined()
      expect(await failures()).toHaveLength(3)
    })
  })
})

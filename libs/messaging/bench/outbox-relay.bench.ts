import { millisecondsOf } from '@minaintyg/bench'
import type { Bench, Benchmark } from '@minaintyg/bench'
import { openBroker } from './broker.ts'
import type { Broker } from './broker.ts'
import { startRawLoop, startRelay, underWay } from './outbox-contestants.ts'
import type { Carrier } from './outbox-contestants.ts'
import { startGraphileWorker, startPgBoss } from './queue-contestants.ts'

type Start = (database: string, broker: Broker) => Promise<Carrier>

/** Fills, then carries all; what arrived must be what was put in. */
async function compete(bench: Bench, broker: Broker, start: Start) {
  const { url } = await bench.database()
  const carrier = await start(url, broker)
  bench.onEnd(() => carrier.close())
  const count = bench.sized({ quick: 40, normal: 3_000, full: 10_000 })
  return async () => {
    await carrier.fill(count)
    const took = await millisecondsOf(() => carrier.drain())
    const arrived = await broker.empty()
    if (arrived !== count) throw new Error(`${arrived} of ${count} events arrived`)
    return { perSecond: (count * 1_000) / took }
  }
}

export const benchmark: Benchmark = {
  title: 'outbox relay ÷ a bare loop of claim, confirmed publish and update; and queue libraries',
  async prepare(bench) {
    const { rabbitmqUrl } = bench
    if (rabbitmqUrl === undefined) return 'no RabbitMQ answers at AMQP_URL or on 127.0.0.1:5672'
    const broker = await openBroker(rabbitmqUrl)
    bench.onEnd(() => broker.close())
    const ratio = (what: string, over: string, atLeast: number) => ({
      what,
      of: 'relay.perSecond',
      over: `${over}.perSecond`,
      goal: { atLeast },
    })
    return {
      notes: [
        `events of 600 bytes to a quorum queue: mandatory, persistent, confirmed; at most ${underWay} under way at a time for each contestant`,
      ],
      contestants: {
        raw: await compete(bench, broker, startRawLoop),
        relay: await compete(bench, broker, startRelay),
        pgBoss: await compete(bench, broker, startPgBoss),
        graphileWorker: await compete(bench, broker, startGraphileWorker),
      },
      figures: [
        ratio('events a second, relay ÷ the bare loop', 'raw', 0.7),
        ratio('relay ÷ pg-boss', 'pgBoss', 1),
        ratio('relay ÷ graphile-worker', 'graphileWorker', 1),
      ],
    }
  },
}

import type { Bench } from '@minaintyg/bench'
import { newPrefix, openBenchBus } from './bench-bus.ts'
import type { Started } from './neighbours.ts'
import type { Served } from './servers.ts'

export const noRabbitmq = 'no RabbitMQ answers at AMQP_URL or on 127.0.0.1:5672'

/** Dispatch in a process of its own on a real RabbitMQ, and a hold of its queues; undefined where there is no RabbitMQ. */
export async function startOnRabbitmq(bench: Bench, exported: 'startQueueing' | 'startWhole') {
  const { rabbitmqUrl } = bench
  if (rabbitmqUrl === undefined) return undefined
  const queues = { url: rabbitmqUrl, prefix: newPrefix() }
  const bus = await openBenchBus(queues)
  bench.onEnd(() => bus.drop())
  const neighbours = await bench.start<Started>(
    new URL('./neighbours.ts', import.meta.url),
    'startNeighbours',
  )
  const { url: database, ownerUrl } = await bench.database('dispatch')
  const served = await bench.start<Served>(new URL('./servers.ts', import.meta.url), exported, {
    database,
    ownerUrl,
    neighboursUrl: neighbours.url,
    queues,
  })
  return { ...served, bus }
}

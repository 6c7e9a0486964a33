import { PgBoss } from 'pg-boss'
import { BusUnavailableError } from '../bus-errors.ts'
import { createBusLifecycle, withDeadline } from '../bus-lifecycle.ts'
import type { EventBusOptions } from '../bus-options.ts'
import { silentLogger } from '../event-bus.ts'
import type { Consumer, EventBus } from '../event-bus.ts'
import { consume } from './consumer.ts'
import { createPublisher } from './publisher.ts'
import { createQueues, readDepth } from './queues.ts'

const poolSize = 5
/** How soon a crashed consumer's messages are noticed, once their heartbeat is overdue. */
const superviseSeconds = 5
const probeInterval = 1_000

const defaultSchema = 'pgboss'

const createBoss = ({ url, name, schema = defaultSchema }: EventBusOptions) =>
  new PgBoss({
    connectionString: url,
    schema,
    application_name: `bus ${name}`,
    max: poolSize,
    connectionTimeoutMillis: 5_000,
    schedule: false,
    registerInstance: false,
    useListenNotify: true,
    superviseIntervalSeconds: superviseSeconds,
    monitorIntervalSeconds: superviseSeconds,
  })

/** The event bus on Postgres, through pg-boss, in a database of its own. */
export async function connectPgBoss(options: EventBusOptions): Promise<EventBus> {
  const { name, topology, logger = silentLogger, confirmDeadline = 10_000 } = options
  const { connectDeadline = 15_000, declareTopology = true } = options
  const lifecycle = createBusLifecycle()
  const consumers = new Set<Consumer>()
  let probe: NodeJS.Timeout | undefined

  const boss = createBoss(options)
  boss.on('error', (err) => {
    logger.warn({ err, bus: name }, 'pg-boss met an error')
  })
  boss.on('warning', ({ message }) => {
    logger.warn({ bus: name, reason: message }, 'pg-boss warns')
  })

  const probeUntilReady = () => {
    if (probe !== undefined || lifecycle.state() === 'closed') return
    lifecycle.set('connecting')
    probe = setTimeout(() => {
      probe = undefined
      boss
        .getDb()
        .executeSql('select 1')
        .then(
          () => {
            lifecycle.set('ready')
          },
          () => {
            probeUntilReady()
          },
        )
    }, probeInterval)
  }

  const publisher = createPublisher({
    boss,
    topology,
    name,
    confirmDeadline,
    onFailure: probeUntilReady,
  })

  try {
    await withDeadline(
      boss.start({ attempts: 4 }),
      connectDeadline,
      () => new BusUnavailableError('Postgres did not answer in time'),
    )
    if (declareTopology) await createQueues(boss, topology)
  } catch (error) {
    await boss.stop({ graceful: false }).catch(() => undefined)
    throw error
  }
  lifecycle.set('ready')

  return {
    state: lifecycle.state,
    onStateChange: lifecycle.onStateChange,
    async publish(message) {
      if (lifecycle.state() !== 'ready') throw new BusUnavailableError(lifecycle.state())
      await publisher.publish(message)
    },
    async subscribe(subscription, handler) {
      const consumer = await consume({ boss, subscription, handler, logger })
      consumers.add(consumer)
      return consumer
    },
    depthOf: (queue) => readDepth(boss, options.schema ?? defaultSchema, queue),
    async close() {
      await Promise.all([...consumers].map((consumer) => consumer.stop()))
      await publisher.finish()
      lifecycle.set('closed')
      clearTimeout(probe)
      await boss.stop({ graceful: true, timeout: 5_000 })
    },
  }
}

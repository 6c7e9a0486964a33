/** A process that takes a message, has its effect (a line on stdout) and never acknowledges. */
import { connectEventBus } from '../src/index.ts'
import type { Topology } from '../src/index.ts'

const [url, queue] = process.argv.slice(2)
const topology = JSON.parse(process.env['TOPOLOGY']!) as Topology
const bus = await connectEventBus({ url: url!, name: 'crashing', topology })
await bus.subscribe({ queue: queue! }, async ({ id }) => {
  process.stdout.write(`${id!}\n`)
  await new Promise(() => undefined)
})

import { once } from 'node:events'
import { createForsakringskassan } from './index.ts'
import type { ForsakringskassanConfig } from './index.ts'

/** Försäkringskassan in a process of its own, told what it needs by whoever started it, and ending with them. */
const [config] = (await once(process, 'message')) as [ForsakringskassanConfig]

let stopping = false
const authority = await createForsakringskassan(config)
const stop = () => {
  if (stopping) return
  stopping = true
  void authority.stop().then(() => {
    if (process.connected) process.disconnect()
  })
}
process.on('SIGTERM', stop).on('SIGINT', stop)
process.on('disconnect', () => {
  stop()
  setTimeout(() => process.exit(1), 2_000).unref()
})
await authority.start()
if (process.connected) process.send?.({ ready: true })

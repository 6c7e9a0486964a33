import { readOrder, usage } from './dispatches-arguments.ts'
import { openOperations } from './open-operations.ts'
import { runOrder } from './run-order.ts'

// A command is a main of its own.
const { argv, env } = process
const order = readOrder(argv.slice(2), env)
if (order === undefined) {
  process.stderr.write(usage)
  process.exitCode = 2
} else {
  const opened = openOperations(order, env)
  try {
    const { text, isDone } = await runOrder(order.command, opened, new Date())
    process.stdout.write(text)
    process.exitCode = isDone ? 0 : 1
  } finally {
    await opened.close()
  }
}

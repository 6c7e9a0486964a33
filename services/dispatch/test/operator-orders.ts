import { readOrder, usage } from '../src/cli/dispatches-arguments.ts'
import { openOperations } from '../src/cli/open-operations.ts'
import { runOrder } from '../src/cli/run-order.ts'

export interface Ended {
  code: number
  out: string
  err: string
}

/** Orders as the command carries them out, in this process. */
export const createOrders =
  (variables: { DATABASE_URL: string; EVENT_BUS_DATABASE_URL?: string }) =>
  async (args: string[], env: Record<string, string> = { OPERATOR: 'anna.a' }): Promise<Ended> => {
    const all = { ...variables, ...env }
    const order = readOrder(args, all)
    if (order === undefined) return { code: 2, out: '', err: usage }
    const opened = openOperations(order, all)
    try {
      const { text, isDone } = await runOrder(order.command, opened, new Date())
      return { code: isDone ? 0 : 1, out: text, err: '' }
    } finally {
      await opened.close()
    }
  }

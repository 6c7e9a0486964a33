import { parseArgs } from 'node:util'

export const usage = `usage: dispatches list [--recipient <id>]
       dispatches replay --id <dispatch or event> | --all [--recipient <id>] [--reason <code>]
       dispatches cancel --id <dispatch>
       dispatches dead
       dispatches dead-replay --queue <queue> --id <id> | --all
       dispatches dead-drop --queue <queue> --id <id>
What changes something needs a name: OPERATOR=<your user>, or --operator <your user>.
`

export type Command =
  | { name: 'list'; recipient: string | undefined }
  | { name: 'replay'; id: string }
  | { name: 'replay-all'; recipient: string | undefined; reason: string | undefined }
  | { name: 'cancel'; id: string }
  | { name: 'dead' }
  | { name: 'dead-replay'; queue: string; id: string | undefined }
  | { name: 'dead-drop'; queue: string; id: string }

export interface Order {
  command: Command
  /** Empty where nothing is changed. */
  operator: string
}

const options = {
  recipient: { type: 'string' },
  id: { type: 'string' },
  all: { type: 'boolean' },
  reason: { type: 'string' },
  queue: { type: 'string' },
  operator: { type: 'string' },
} as const
type Values = ReturnType<typeof parse>['values']

const parse = (args: string[]) => parseArgs({ args, options, allowPositionals: true })

const user = /^[A-Za-z0-9._-]{1,64}$/
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function commandOf(name: string | undefined, values: Values): Command | undefined {
  const { recipient, id, all = false, reason, queue } = values
  const isOne = id !== undefined && uuid.test(id) && !all
  switch (name) {
    case 'list':
      return { name, recipient }
    case 'replay':
      if (all && id === undefined) return { name: 'replay-all', recipient, reason }
      return isOne ? { name, id } : undefined
    case 'cancel':
      return isOne ? { name, id } : undefined
    case 'dead':
      return { name }
    case 'dead-replay':
      if (queue === undefined || all === (id !== undefined)) return undefined
      return { name, queue, id }
    case 'dead-drop':
      return queue !== undefined && id !== undefined && !all ? { name, queue, id } : undefined
    default:
      return undefined
  }
}

/** What is to be done, by whom; undefined where that is not said as the usage has it. */
export function readOrder(args: string[], env: NodeJS.ProcessEnv): Order | undefined {
  try {
    const { values, positionals } = parse(args)
    if (positionals.length !== 1) return undefined
    const command = commandOf(positionals[0], values)
    if (command === undefined) return undefined
    const operator = values.operator ?? env['OPERATOR'] ?? ''
    const changes = command.name !== 'list' && command.name !== 'dead'
    return changes && !user.test(operator) ? undefined : { command, operator }
  } catch {
    return undefined
  }
}

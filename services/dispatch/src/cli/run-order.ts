import type { Command } from './dispatches-arguments.ts'
import type {
  DeadLetter,
  DeadLetterOperations,
  Settled,
} from '../operator/dead-letter-operations.ts'
import type { DispatchOperations, Outcome, Waiting } from '../operator/dispatch-operations.ts'

interface Opened {
  dispatches: DispatchOperations
  openDead: () => Promise<{ operations: DeadLetterOperations; close: () => Promise<void> }>
}
export interface Report {
  text: string
  isDone: boolean
}

const words: Record<Outcome, string> = {
  done: 'done',
  'not-found': 'there is none such that could leave',
  'not-parked': 'it is not parked',
  'not-cancellable': 'it has left, or has ended',
  'sent-anew': 'the patient has sent the certificate anew',
}

function ageOf(since: Date, at: Date): string {
  const minutes = Math.max(0, Math.floor((at.getTime() - since.getTime()) / 60_000))
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`
}

const lineOf = (each: Waiting, at: Date) =>
  [
    each.id,
    each.recipient_id ?? '-',
    each.state,
    ageOf(each.since, at),
    `${each.attempts} attempts`,
    each.reason ?? '-',
    ...(each.what === 'event' ? [each.type] : []),
  ].join('  ')

function listText(waiting: readonly Waiting[], at: Date): string {
  if (waiting.length === 0) return 'Nothing is parked, and nothing queued is overdue.\n'
  const byRecipient = Map.groupBy(waiting, ({ recipient_id: id, state }) => `${id ?? '-'} ${state}`)
  const sums = [...byRecipient].map(([name, all]) => `${name}: ${all.length}`)
  return `${waiting.map((each) => lineOf(each, at)).join('\n')}\n${sums.join(', ')}\n`
}

async function replayAll(
  { dispatches }: Opened,
  { recipient, reason }: Extract<Command, { name: 'replay-all' }>,
): Promise<Report> {
  const parked = (await dispatches.list(recipient)).filter(
    (each) =>
      each.state === 'parked' && (reason === undefined || each.reason?.startsWith(reason) === true),
  )
  const lines: string[] = []
  let done = 0
  for (const { id, what } of parked) {
    const outcome = await (what === 'event' ? dispatches.replayEvent(id) : dispatches.replay(id))
    if (outcome === 'done') done += 1
    else lines.push(`${id}: ${words[outcome]}`)
  }
  return {
    text: [...lines, `${done} of ${parked.length} replayed.\n`].join('\n'),
    isDone: done === parked.length,
  }
}

const deadLine = ({ queue, id, type, subject, at }: DeadLetter) =>
  [queue, id, type, subject || '-', at || '-'].join('  ')

const settledText = ({ left, kept }: Settled, verb: string) =>
  [
    ...kept.map(({ id, reason }) => `${id}: still dead, ${reason}`),
    `${left.length} ${verb}.\n`,
  ].join('\n')

async function runDead(
  opened: Opened,
  command: Extract<Command, { name: `dead${string}` }>,
): Promise<Report> {
  const { operations, close } = await opened.openDead()
  try {
    if (command.name === 'dead') {
      const letters = await operations.list()
      const text =
        letters.length === 0 ? 'No dead letters.\n' : `${letters.map(deadLine).join('\n')}\n`
      return { text, isDone: true }
    }
    if (!operations.queues.includes(command.queue)) {
      return { text: `Queues: ${operations.queues.join(', ')}\n`, isDone: false }
    }
    const { name, queue, id } = command
    const isReplay = name === 'dead-replay'
    const settled = isReplay
      ? await operations.replay(queue, id)
      : await operations.drop(queue, command.id)
    const isDone = settled.kept.length === 0 && (id === undefined || settled.left.length > 0)
    return { text: settledText(settled, isReplay ? 'replayed' : 'dropped'), isDone }
  } finally {
    await close()
  }
}

const told = (id: string, outcome: Outcome): Report => ({
  text: `${id}: ${words[outcome]}\n`,
  isDone: outcome === 'done',
})

/** Carries an operator's order out, and says what came of it. */
export async function runOrder(command: Command, opened: Opened, at: Date): Promise<Report> {
  const { dispatches } = opened
  switch (command.name) {
    case 'list':
      return { text: listText(await dispatches.list(command.recipient), at), isDone: true }
    case 'replay': {
      const outcome = await dispatches.replay(command.id)
      const isNoDispatch = outcome === 'not-found'
      return told(command.id, isNoDispatch ? await dispatches.replayEvent(command.id) : outcome)
    }
    case 'replay-all':
      return replayAll(opened, command)
    case 'cancel':
      return told(command.id, await dispatches.cancel(command.id))
    default:
      return runDead(opened, command)
  }
}

import { setImmediate as nextTurn } from 'node:timers/promises'

/** Long work that may rest wherever it yields. */
export type Sliced<T> = Generator<undefined, T, undefined>

/** Does all of it now. */
export function atOnce<T>(work: Sliced<T>): T {
  let step = work.next()
  while (step.done !== true) step = work.next()
  return step.value
}

export interface Slicer {
  /** Does the work a slice at a time, and lets everything else that waits run in between. */
  run<T>(work: Sliced<T>): Promise<T>
  /** Waits for a turn in which nobody else does a slice: before some work that cannot be cut. */
  rest(): Promise<void>
}

const millisecondsOfSlice = 10

/** One for a process: however much work there is, no turn of the event loop does more than one slice of it. */
export function createSlicer(): Slicer {
  let turn: Promise<unknown> = Promise.resolve()
  async function rest(): Promise<void> {
    turn = turn.then(() => nextTurn())
    await turn
  }
  return {
    rest,
    async run(work) {
      for (;;) {
        await rest()
        const end = performance.now() + millisecondsOfSlice
        let step = work.next()
        while (step.done !== true && performance.now() < end) step = work.next()
        if (step.done === true) return step.value
      }
    },
  }
}

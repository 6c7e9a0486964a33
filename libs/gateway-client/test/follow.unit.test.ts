import { ProblemError, follow } from '../src/index.ts'

const passing = () =>
  new ProblemError({
    type: 'about:blank',
    title: '',
    status: 503,
    detail: '',
    instance: '',
    code: 'dispatch.unavailable',
    traceId: '',
  })

/** Answers one after the other; what is an error is thrown. */
function source(answers: (string | Error)[]) {
  const waits: number[] = []
  return {
    waits,
    ask: async () => {
      const next = answers.shift()
      if (next === undefined) throw new Error('Asked once too often')
      if (typeof next !== 'string') throw next
      return { state: next }
    },
    wait: async (milliseconds: number) => {
      waits.push(milliseconds)
    },
  }
}

async function statesOf(answers: (string | Error)[]) {
  const { ask, wait, waits } = source(answers)
  const states: string[] = []
  const isDone = ({ state }: { state: string }) => state === 'accepted'
  for await (const { state } of follow(ask, { isDone, wait, delays: [1, 2, 4] })) states.push(state)
  return { states, waits }
}

test('what changes is given once, and it ends when it is done', async () => {
  const { states } = await statesOf(['queued', 'queued', 'delivered', 'accepted'])
  expect(states).toEqual(['queued', 'delivered', 'accepted'])
})

test('waits grow while nothing happens and begin anew after a change', async () => {
  const { waits } = await statesOf([
    'queued',
    'queued',
    'queued',
    'queued',
    'delivered',
    'accepted',
  ])
  expect(waits).toEqual([1, 2, 4, 4, 1])
})

test('a service that is away for a while is waited for', async () => {
  const { states } = await statesOf(['queued', passing(), passing(), 'accepted'])
  expect(states).toEqual(['queued', 'accepted'])
})

test('what does not pass is thrown', async () => {
  await expect(statesOf(['queued', new Error('gone')])).rejects.toThrow('gone')
})

test('a signal ends it in the middle of a wait', async () => {
  const ending = new AbortController()
  let asked = 0
  const ask = async () => {
    asked += 1
    return { asked }
  }
  const waits = follow(ask, {
    isDone: () => false,
    signal: ending.signal,
    delays: [3_600_000],
  })
  expect((await waits.next()).value).toEqual({ asked: 1 })
  const next = waits.next()
  ending.abort()
  expect((await next).done).toBe(true)
  expect(asked).toBe(1)
})

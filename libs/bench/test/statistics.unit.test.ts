import { percentile } from '../src/statistics.ts'
import { judge, playRounds } from '../src/rounds.ts'
import type { Round } from '../src/rounds.ts'
import { figureTable } from '../src/table.ts'

const rounds: Round[] = [
  { floor: { perSecond: 100 }, candidate: { perSecond: 60 } },
  { floor: { perSecond: 200 }, candidate: { perSecond: 140 } },
  { floor: { perSecond: 50 }, candidate: { perSecond: 40 } },
]
const ratio = { what: 'candidate ÷ floor', of: 'candidate.perSecond', over: 'floor.perSecond' }

test('percentiles lie between the two nearest values, in any order', () => {
  expect(percentile([4, 1, 3, 2], 0.5)).toBe(2.5)
  expect(percentile([4, 1, 3, 2], 0)).toBe(1)
  expect(percentile([4, 1, 3, 2], 1)).toBe(4)
  expect(percentile([], 0.5)).toBeNaN()
})

test('a ratio is of the same round, and its median is held against the goal', () => {
  const outcome = judge(rounds, { ...ratio, goal: { atLeast: 0.62 } })
  expect(outcome.values).toEqual([0.6, 0.7, 0.8])
  expect(outcome).toMatchObject({ reached: true, noisy: false })
  expect(judge(rounds, { ...ratio, goal: { atLeast: 0.9 } }).reached).toBe(false)
  expect(judge(rounds, { ...ratio, goal: { atMost: 0.9 } }).reached).toBe(true)
  expect(judge(rounds, ratio)).toMatchObject({ reached: null, noisy: false })
})

test('a goal between the quartiles is noisy, and the table says so', () => {
  const outcome = judge(rounds, { ...ratio, goal: { atLeast: 0.7 } })
  expect(outcome.noisy).toBe(true)
  expect(figureTable([outcome]).join('\n')).toMatch(/0\.70 +0\.65–0\.75 +≥ 0\.7 +reached, noisy/)
})

test('a difference is of the same round as well, and a measure may stand alone', () => {
  const { values } = judge(rounds, {
    what: '',
    of: 'floor.perSecond',
    minus: 'candidate.perSecond',
  })
  expect(values).toEqual([40, 60, 10])
  expect(judge(rounds, { what: '', of: 'floor.perSecond' }).values).toEqual([100, 200, 50])
})

test('a figure of what nobody measured is a fault', () => {
  expect(() => judge(rounds, { what: '', of: 'floor.p50' })).toThrow('No contestant gave floor.p50')
})

test('contestants take turns, in one order and then in the other', async () => {
  const order: string[] = []
  const contestant = (name: string) => async () => {
    order.push(name)
    return { nth: order.length }
  }
  const played = await playRounds(
    { a: contestant('a'), b: contestant('b') },
    { rounds: 3, onRound: () => undefined },
  )
  expect(order.join('')).toBe('abbaab')
  expect(played).toHaveLength(3)
  expect(played[1]).toEqual({ b: { nth: 3 }, a: { nth: 4 } })
})

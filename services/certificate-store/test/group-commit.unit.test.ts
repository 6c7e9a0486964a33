import { createGroupCommit } from '../src/access-log/group-commit.ts'

class BadItem extends Error {}

/** Writes numbers when it is told to; no group may have a negative one in it. */
function startWriting(most?: number) {
  const written: (readonly number[])[] = []
  const pending: (() => void)[] = []
  const add = createGroupCommit<number>({
    write: async (items) => {
      await new Promise<void>((resolve) => pending.push(resolve))
      if (items.includes(0)) throw new Error('nobody can write now')
      if (items.some((item) => item < 0)) throw new BadItem()
      written.push(items)
    },
    isOfItem: (error) => error instanceof BadItem,
    ...(most === undefined ? {} : { most }),
  })
  async function finish(): Promise<void> {
    while (pending.length > 0) {
      pending.shift()?.()
      await new Promise(setImmediate)
    }
  }
  return { add, written, finish }
}

test('what comes alone is written at once, and what comes meanwhile together', async () => {
  const { add, written, finish } = startWriting()
  const all = Promise.all([1, 2, 3].map(add))
  await finish()
  await all
  expect(written).toEqual([[1], [2, 3]])
})

test('nobody is told that it is written before it is', async () => {
  const { add, written, finish } = startWriting()
  const told: number[] = []
  const all = [1, 2].map(async (item) => {
    await add(item)
    expect(written.flat()).toContain(item)
    told.push(item)
  })
  await new Promise(setImmediate)
  expect(told).toEqual([])
  await finish()
  await Promise.all(all)
  expect(told).toEqual([1, 2])
})

test('a group has a bound', async () => {
  const { add, written, finish } = startWriting(2)
  const all = Promise.all([1, 2, 3, 4].map(add))
  await finish()
  await all
  expect(written).toEqual([[1], [2, 3], [4]])
})

test('one that cannot be written takes no other along', async () => {
  const { add, written, finish } = startWriting()
  const all = Promise.allSettled([1, 2, -3, 4].map(add))
  await finish()
  const outcomes = await all
  expect(outcomes.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ])
  expect(written).toEqual([[1], [2], [4]])
})

test('where nothing can be written all of a group are told, and the next are tried anew', async () => {
  const { add, written, finish } = startWriting()
  const all = Promise.allSettled([1, 0, 2].map(add))
  await finish()
  expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
  const later = add(5)
  await finish()
  await later
  expect(written).toEqual([[1], [5]])
})

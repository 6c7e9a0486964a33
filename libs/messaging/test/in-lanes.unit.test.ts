import { inLanes } from '../src/in-lanes.ts'

test('as many lanes run as are asked for, and never more than there may be', async () => {
  const running = { now: 0, most: 0, all: 0 }
  await inLanes(3, async (openLane) => {
    running.now += 1
    running.all += 1
    running.most = Math.max(running.most, running.now)
    if (running.all < 6) for (let asked = 0; asked < 5; asked += 1) openLane()
    await Promise.resolve()
    running.now -= 1
  })
  expect(running).toMatchObject({ now: 0, most: 3 })
})

test('one lane alone where nobody asks for more', async () => {
  let lanes = 0
  await inLanes(3, async () => {
    lanes += 1
  })
  expect(lanes).toBe(1)
})

test('a lane that fails is told of when the others have ended, and they know of it', async () => {
  const gate = Promise.withResolvers<undefined>()
  const ended: boolean[] = []
  const all = inLanes(2, async (openLane, hasFailed) => {
    if (ended.length === 0 && !hasFailed()) {
      ended.push(false)
      openLane()
      await gate.promise
      ended[0] = hasFailed()
      return
    }
    setImmediate(() => {
      gate.resolve(undefined)
    })
    throw new Error('the first that failed')
  })
  await expect(all).rejects.toThrow('the first that failed')
  expect(ended).toEqual([true])
})

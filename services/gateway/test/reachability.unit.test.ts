import { createReachability } from '../src/clients/reachability.ts'
import { withDispatchState } from '../src/certificates/sending-state.ts'

function createProbe() {
  const asked: { answer: () => void; fail: () => void }[] = []
  const request = () =>
    new Promise<never>((resolve, reject) => {
      asked.push({
        answer: () => {
          resolve(undefined as never)
        },
        fail: () => {
          reject(new Error('away'))
        },
      })
    })
  return { asked, client: { request } }
}

describe('whether a service answers', () => {
  test('is waited for the first time, by all who ask meanwhile together', async () => {
    const { asked, client } = createProbe()
    const answers = createReachability(client)
    const both = Promise.all([answers(), answers()])
    asked[0]?.answer()
    expect(await both).toEqual([true, true])
    expect(asked).toHaveLength(1)
    expect(await answers()).toBe(true)
    expect(asked).toHaveLength(1)
  })

  test('is told as it was while it is asked anew', async () => {
    const { asked, client } = createProbe()
    const answers = createReachability(client, { freshFor: 0, staleAfter: 600_000 })
    const first = answers()
    asked[0]?.answer()
    expect(await first).toBe(true)
    expect(await answers()).toBe(true)
    asked[1]?.fail()
    await new Promise(setImmediate)
    expect(await answers()).toBe(false)
  })

  test('is waited for where nobody has asked for long', async () => {
    const { asked, client } = createProbe()
    const answers = createReachability(client, { freshFor: 0, staleAfter: 0 })
    const first = answers()
    asked[0]?.answer()
    expect(await first).toBe(true)
    const second = answers()
    asked[1]?.fail()
    expect(await second).toBe(false)
  })
})

describe('the list', () => {
  const list = Buffer.from(
    JSON.stringify({
      items: [{ statuses: ['new', 'notSent'] }, { statuses: ['sent'] }],
      facets: { types: [], statuses: [{ value: 'notSent' }, { value: 'sent' }] },
      unforeseen: 1,
    }),
  )
  const stated = (isKnown: boolean): unknown =>
    JSON.parse(withDispatchState(list, isKnown).toString())

  test('is as it was, and says that the states are known', () => {
    expect(stated(true)).toEqual({ dispatchState: 'known', ...JSON.parse(list.toString()) })
  })

  test('says nothing of what may have been sent where nobody knows, and keeps what was', () => {
    expect(stated(false)).toEqual({
      dispatchState: 'unknown',
      items: [{ statuses: ['new'] }, { statuses: ['sent'] }],
      facets: { types: [], statuses: [{ value: 'sent' }] },
      unforeseen: 1,
    })
  })
})

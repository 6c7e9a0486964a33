import {
  dispatchEvents,
  dispatchStates,
  endingOf,
  liveStates,
  transition,
} from '../src/dispatches/dispatch-model.ts'
import type { DispatchEvent, DispatchState } from '../src/dispatches/dispatch-model.ts'

const same = '-'
type Row = [DispatchState, ...string[]]

/** Columns: confirm, park, replay, cancel, revoke, receive, accept, reject, requestCompletion. */
const table: Row[] = [
  [
    'queued',
    'delivered',
    'parked',
    same,
    'cancelled',
    same,
    'received',
    'accepted',
    'rejected',
    'completionRequested',
  ],
  [
    'delivered',
    same,
    same,
    same,
    same,
    'revoked',
    'received',
    'accepted',
    'rejected',
    'completionRequested',
  ],
  [
    'received',
    same,
    same,
    same,
    same,
    'revoked',
    same,
    'accepted',
    'rejected',
    'completionRequested',
  ],
  ['accepted', same, same, same, same, same, same, same, same, same],
  ['rejected', same, same, same, same, same, same, same, same, same],
  ['completionRequested', same, same, same, same, same, same, 'accepted', 'rejected', same],
  ['cancelled', same, same, same, same, same, same, same, same, same],
  [
    'parked',
    'delivered',
    same,
    'queued',
    'cancelled',
    same,
    'received',
    'accepted',
    'rejected',
    'completionRequested',
  ],
  ['revoked', same, same, same, same, same, same, same, same, same],
]

const cases = table.flatMap(([state, ...results]) =>
  results.map((result, index): [DispatchState, DispatchEvent, string] => [
    state,
    dispatchEvents[index]!,
    result,
  ]),
)

describe('the states of a dispatch', () => {
  test('the table here names every state and every event', () => {
    expect(table.map(([state]) => state)).toEqual(dispatchStates)
    expect(cases).toHaveLength(dispatchStates.length * dispatchEvents.length)
  })

  test.each(cases)('%s and %s lead to %s', (state, event, result) => {
    expect(transition(state, event) ?? same).toBe(result)
  })

  test('what has ended can be sent again', () => {
    expect(
      dispatchStates.filter((state) => !(liveStates as readonly string[]).includes(state)),
    ).toEqual(['rejected', 'cancelled', 'parked', 'revoked'])
  })
})

describe('how a dispatch ends when it is wanted back', () => {
  const fetched = new Date()
  test.each([
    ['queued', null, 'cancel'],
    ['queued', fetched, 'cancel'],
    ['parked', null, 'cancel'],
    ['delivered', null, 'revoke'],
    ['received', null, 'revoke'],
    ['delivered', fetched, undefined],
    ['received', fetched, undefined],
    ['accepted', null, undefined],
    ['rejected', null, undefined],
    ['completionRequested', null, undefined],
    ['cancelled', null, undefined],
    ['revoked', null, undefined],
  ] as const)('%s, fetched at %s: %s', (state, fetchedAt, ending) => {
    expect(endingOf({ state, fetchedAt })).toBe(ending)
  })
})

import { checkTopology, matchesPattern, queuesFor } from '../src/index.ts'

test.each([
  ['a.b', 'a.b', true],
  ['a.b', 'a.c', false],
  ['a.*', 'a.b', true],
  ['a.*', 'a', false],
  ['a.*', 'a.b.c', false],
  ['a.#', 'a', true],
  ['a.#', 'a.b.c', true],
  ['#', 'a.b', true],
  ['#.c', 'a.b.c', true],
  ['#.c', 'c', true],
  ['a.#.c', 'a.c', true],
  ['a.#.c', 'a.b.b.c', true],
  ['a.#.c', 'a.b.d', false],
  ['*.#', '', true],
  ['FKASSA.#', 'FKASSAN.x', false],
])('the pattern %s and the key %s: %s', (pattern, key, expected) => {
  expect(matchesPattern(pattern, key)).toBe(expected)
})

const topology = {
  exchanges: [{ name: 'e' }],
  queues: [{ name: 'q' }],
  bindings: [
    { queue: 'q', exchange: 'e', pattern: '#' },
    { queue: 'q', exchange: 'e', pattern: 'a' },
  ],
}

test('a queue that several bindings name gets one copy', () => {
  expect(queuesFor(topology, 'e', 'a')).toEqual(['q'])
  expect(queuesFor(topology, 'other', 'a')).toEqual([])
})

test('a topology that names what it does not declare is refused', () => {
  expect(() => {
    checkTopology({ ...topology, queues: [] })
  }).toThrow('q')
  expect(() => {
    checkTopology({ ...topology, exchanges: [] })
  }).toThrow('e')
})

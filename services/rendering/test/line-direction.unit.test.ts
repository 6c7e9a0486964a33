import { mirrored, runsOf } from '../src/drawing/line-direction.ts'

/** The line as it is seen from the left, each run as it is written. */
const seen = (line: string) =>
  runsOf(line)
    ?.toSorted((one, other) => one.place - other.place)
    .map(({ text }) => text)

describe('the runs of a line', () => {
  test.each(['Läkarintyg 12 mg', '', '–', 'Ωμέγα Жизнь'])(
    'of %j alone are not taken apart',
    (line) => {
      expect(runsOf(line)).toBeUndefined()
    },
  )

  test.each([
    ['שלום עולם', ['עולם', ' ', 'שלום']],
    ['Hon sa (שלום עולם), 12 mg', ['Hon sa (', 'עולם', ' ', 'שלום', '), ', '12', ' mg']],
    ['שלום 12 עולם', ['עולם', ' ', '12', ' ', 'שלום']],
    ['שלום, sa hon', ['שלום', ', sa hon']],
  ])('of %j are seen in the order of annex 9', (line, expected) => {
    expect(seen(line)).toEqual(expected)
  })

  test('are given in the order that they are read, and lose nothing', () => {
    const line = 'a שלום 12 b, עולם  c'
    expect(
      runsOf(line)
        ?.map(({ text }) => text)
        .join(''),
    ).toBe(line)
  })
})

describe('the mirror image', () => {
  test.each([
    ['(', ')'],
    [']', '['],
    ['«', '»'],
    ['<', '>'],
  ])('of %s is %s', (character, image) => {
    expect(mirrored(character)).toBe(image)
  })

  test.each(['a', 'ש', '.', '→', '"'])('of %s there is none', (character) => {
    expect(mirrored(character)).toBeUndefined()
  })
})

import createBidi from 'bidi-js'

/** A part of a line that runs in one direction. */
export interface Run {
  readonly text: string
  /** Its place from the left. */
  readonly place: number
  readonly isRightToLeft: boolean
}

// The package exports the function itself; its types say that it is a default of it.
const bidi = (createBidi as unknown as typeof createBidi.default)()
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/
const latin = /\p{Script=Latin}/u

/** The bracket, or the like, that looks as this one does from the other side; undefined for all that has none. */
export const mirrored = (character: string): string | undefined =>
  bidi.getMirroredCharacter(character) ?? undefined

/** The runs of a line in the order that they are read (Unicode, annex 9); undefined where all runs left to right. */
export function runsOf(line: string): Run[] | undefined {
  if (!rightToLeft.test(line)) return undefined
  // Paragraphs are known no more: a line with a word of Latin letters is taken to be of Swedish or English text.
  const embedding = bidi.getEmbeddingLevels(line, latin.test(line) ? 'ltr' : 'auto')
  const { levels } = embedding
  const places = bidi.getReorderedIndices(line, embedding)
  const isOdd = (at: number) => (levels[at] ?? 0) % 2 === 1
  const isSpace = (at: number) => line[at] === ' '
  // Right to left each word is a run of its own: the font lays out letters, not words.
  const starts = Array.from(levels.keys()).filter(
    (at) => levels[at] !== levels[at - 1] || (isOdd(at) && isSpace(at) !== isSpace(at - 1)),
  )
  const leftmost = starts
    .map((start, index) => ({ start, end: starts[index + 1] ?? line.length }))
    .map(({ start, end }) => places.findIndex((at) => at >= start && at < end))
  const sorted = [...leftmost].sort((one, other) => one - other)
  return starts.map((start, index) => ({
    text: line.slice(start, starts[index + 1]),
    place: sorted.indexOf(leftmost[index] ?? 0),
    isRightToLeft: isOdd(start),
  }))
}

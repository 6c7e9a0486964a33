/** Words, the spaces between them, and the places inside a word where a line may end. */
const pieces = /\u200b| +|[^ \u200b/-]*[/-]+|[^ \u200b/-]+/g
const graphemes = new Intl.Segmenter('sv', { granularity: 'grapheme' })

/** Cuts a word that no line can hold; `used` is how much of the first line is taken. */
function cutWord(word: string, width: number, measure: (text: string) => number): string[] {
  const parts: string[] = []
  let part = ''
  let taken = 0
  for (const { segment } of graphemes.segment(word)) {
    const size = measure(segment)
    if (part !== '' && taken + size > width) {
      parts.push(part)
      part = ''
      taken = 0
    }
    part += segment
    taken += size
  }
  return [...parts, part]
}

function breakParagraph(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = []
  let line = ''
  let taken = 0
  const endLine = () => {
    lines.push(line.trimEnd())
    line = ''
    taken = 0
  }
  for (const [piece] of text.matchAll(pieces)) {
    if (piece === '\u200b') continue
    const size = measure(piece)
    if (taken + size <= width || piece.startsWith(' ')) {
      // Spaces that end a line take no room; at its start they are the writer's indentation.
      if (line === '' && lines.length > 0 && piece.startsWith(' ')) continue
      line += piece
      taken += size
      continue
    }
    if (line !== '') endLine()
    const [first = '', ...more] = size > width ? cutWord(piece, width, measure) : [piece]
    line = first
    for (const part of more) {
      endLine()
      line = part
    }
    taken = measure(line)
  }
  if (line !== '' || lines.length === 0) endLine()
  return lines
}

/** Breaks text into lines that fit, keeping the writer's own line breaks. */
export function breakLines(
  text: string,
  width: number,
  measure: (text: string) => number,
): string[] {
  return text.split('\n').flatMap((paragraph) => breakParagraph(paragraph, width, measure))
}

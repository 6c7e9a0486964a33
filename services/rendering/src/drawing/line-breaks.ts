/**
 * Words with the space behind them, for that is how pdfkit lays text out again when it is drawn; further
 * spaces; and the places inside a word where a line may end.
 */
const pieces = /\u200b|[^ \u200b/-]*[/-]+ ?|[^ \u200b/-]+ ?| +/g
const graphemes = new Intl.Segmenter('sv', { granularity: 'grapheme' })

export type Measure = (text: string) => number

/** Cuts a word that no line can hold. */
function cutWord(word: string, width: number, measure: Measure): string[] {
  const parts: string[] = []
  let part: string[] = []
  let taken = 0
  for (const { segment } of graphemes.segment(word)) {
    const size = measure(segment)
    if (part.length > 0 && taken + size > width) {
      parts.push(part.join(''))
      part = []
      taken = 0
    }
    part.push(segment)
    taken += size
  }
  return [...parts, part.join('')]
}

function breakParagraph(text: string, width: number, measure: Measure): string[] {
  const lines: string[] = []
  let line = ''
  let taken = 0
  for (const [piece] of text.matchAll(pieces)) {
    if (piece === '\u200b') continue
    const isSpace = piece.startsWith(' ')
    // Spaces that end a line take no room; at the start of a paragraph they are the writer's indentation.
    if (isSpace && line === '' && lines.length > 0) continue
    const size = measure(piece)
    const needed = piece.endsWith(' ') ? size - measure(' ') : size
    if (isSpace || taken + needed <= width) {
      line += piece
      taken += size
      continue
    }
    if (line !== '') lines.push(line)
    const parts = needed > width ? cutWord(piece, width, measure) : [piece]
    line = parts.pop() ?? ''
    lines.push(...parts)
    taken = measure(line)
  }
  if (line !== '' || lines.length === 0) lines.push(line)
  return lines
}

/** Breaks text into lines that fit, keeping the writer's own line breaks. */
export function breakLines(text: string, width: number, measure: Measure): string[] {
  return text.split('\n').flatMap((paragraph) => breakParagraph(paragraph, width, measure))
}

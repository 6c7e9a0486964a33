const lineBreaks = /\r\n|[\r\n\v\f\u0085\u2028\u2029]/g
const tab = '    '

/** Characters with another that looks the same and that fonts have; ligatures come from the font instead. */
const alike = new Map([
  [0x2010, '-'],
  [0x2011, '-'],
  [0x202f, '\u00a0'],
  [0xfb00, 'ff'],
  [0xfb01, 'fi'],
  [0xfb02, 'fl'],
  [0xfb03, 'ffi'],
  [0xfb04, 'ffl'],
  [0xfb05, 'st'],
  [0xfb06, 'st'],
])
/** Joiners, direction marks and the like: they have no look of their own. */
const invisible = /^\p{Default_Ignorable_Code_Point}$/u
const plain = /^[\n\u0020-\u007e\u00c0-\u024f]*$/

const codePointName = (codePoint: number) =>
  `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`

export interface LegibleText {
  (text: string): string
  /** What had to be shown as its code point so far. */
  undrawn: () => string[]
}

/** Text as it can be drawn: line breaks are \n, and a character that no font has is its code point. */
export function createLegibleText(canDraw: (codePoint: number) => boolean): LegibleText {
  const undrawn = new Set<string>()
  const drawn = new Map<string, string>([
    ['\n', '\n'],
    ['\t', tab],
    ['\u200b', '\u200b'],
  ])

  function draw(character: string): string {
    const codePoint = character.codePointAt(0) ?? 0
    const known = alike.get(codePoint)
    if (known !== undefined) return known
    if (invisible.test(character)) return ''
    const isControl = codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0)
    if (!isControl && canDraw(codePoint)) return character
    const name = codePointName(codePoint)
    undrawn.add(name)
    return `[${name}]`
  }

  function legible(text: string): string {
    if (plain.test(text)) return text
    const characters: string[] = []
    for (const character of text.replace(lineBreaks, '\n').normalize('NFC')) {
      let result = drawn.get(character)
      if (result === undefined) drawn.set(character, (result = draw(character)))
      characters.push(result)
    }
    return characters.join('')
  }
  return Object.assign(legible, { undrawn: () => [...undrawn].sort() })
}

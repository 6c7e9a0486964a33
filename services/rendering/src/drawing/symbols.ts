import { writeObject, writeStream } from './objects.ts'
import type { Doc } from './doc.ts'

interface Symbol {
  width: number
  /** Operators that draw it, a thousand units to the size of the type; y upwards. */
  path: string
}

const stroke = (path: string) => `60 w ${path} S`
const box = '110 0 600 600 re'
const square = stroke(box)
const check = '230 300 m 370 150 l 620 480 l'
const cross = '230 120 m 590 480 l 590 120 m 230 480 l'

/** Four curves, as near to a circle as print can show. */
function circle(x: number, y: number, radius: number): string {
  const k = radius * 0.5523
  const curve = (...at: number[]) => `${at.map((n) => Math.round(n)).join(' ')} c`
  return [
    `${x + radius} ${y} m`,
    curve(x + radius, y + k, x + k, y + radius, x, y + radius),
    curve(x - k, y + radius, x - radius, y + k, x - radius, y),
    curve(x - radius, y - k, x - k, y - radius, x, y - radius),
    curve(x + k, y - radius, x + radius, y - k, x + radius, y),
  ].join(' ')
}

const arrow = (turn: string) =>
  `q ${turn} cm ${stroke('-330 0 m 310 0 l 90 220 m 320 0 l 90 -220 l')} Q`
const doubleArrow = (turn: string) =>
  `q ${turn} cm ${stroke('-330 90 m 230 90 l -330 -90 m 230 -90 l 80 260 m 330 0 l 80 -260 l')} Q`
const [right, left, up, down] = [
  '1 0 0 1 450 320',
  '-1 0 0 1 450 320',
  '0 1 -1 0 450 320',
  '0 -1 1 0 450 320',
] as const

const shapes: Record<string, Symbol> = {
  '☐': { width: 820, path: square },
  '□': { width: 820, path: square },
  '☑': { width: 820, path: `${square} ${stroke(check)}` },
  '☒': { width: 820, path: `${square} ${stroke(cross)}` },
  '■': { width: 820, path: `${box} f` },
  '▪': { width: 500, path: '110 170 280 280 re f' },
  '▫': { width: 500, path: stroke('110 170 280 280 re') },
  '●': { width: 820, path: `${circle(410, 300, 320)} f` },
  '○': { width: 820, path: stroke(circle(410, 300, 300)) },
  '◦': { width: 500, path: stroke(circle(250, 310, 120)) },
  '✓': { width: 820, path: stroke(check) },
  '✔': { width: 820, path: `110 w ${check} S` },
  '✗': { width: 820, path: stroke(cross) },
  '✘': { width: 820, path: `110 w ${cross} S` },
  '→': { width: 900, path: arrow(right) },
  '←': { width: 900, path: arrow(left) },
  '↑': { width: 900, path: arrow(up) },
  '↓': { width: 900, path: arrow(down) },
  '↔': { width: 900, path: `${arrow(right)} ${arrow(left)}` },
  '⇒': { width: 900, path: doubleArrow(right) },
  '⇐': { width: 900, path: doubleArrow(left) },
}
const drawnCodePoints = new Set(Object.keys(shapes).map((shape) => shape.codePointAt(0)))
export const isSymbol = (codePoint: number): boolean => drawnCodePoints.has(codePoint)
export const symbolPattern = new RegExp(`([${Object.keys(shapes).join('')}])`, 'u')

const bounds = [0, -120, 900, 800]
const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')

function unicodeMap(characters: readonly string[]): string {
  const rows = characters.map(
    (character, index) => `<${hex(index + 1, 2)}> <${hex(character.codePointAt(0) ?? 0, 4)}>`,
  )
  return [
    '/CIDInit /ProcSet findresource begin 12 dict begin begincmap',
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
    '/CMapName /Adobe-Identity-UCS def /CMapType 2 def',
    '1 begincodespacerange <00> <ff> endcodespacerange',
    `${characters.length} beginbfchar`,
    ...rows,
    'endbfchar endcmap CMapName currentdict /CMap defineresource pop end end',
  ].join('\n')
}

export const symbolFontId = 'S1'

/** Symbols that the fonts lack, drawn as vectors: a font of the document's own, so that its text layer holds them too. */
export function createSymbolFont(doc: Doc) {
  const used: string[] = []
  let font: object | undefined

  function codeOf(character: string): number {
    if (!used.includes(character)) used.push(character)
    return used.indexOf(character) + 1
  }
  function charProcs() {
    return Object.fromEntries(
      used.map((character, index) => {
        const { width = 0, path = '' } = shapes[character] ?? {}
        const drawing = `${width} 0 ${bounds.join(' ')} d1\n1 J 1 j ${path}`
        return [`s${index + 1}`, writeStream(doc, drawing)]
      }),
    )
  }
  return {
    ref: () => (font ??= doc.ref({})),
    /** Its code in the font, and its width in thousandths of the size. */
    find: (character: string) => ({
      code: hex(codeOf(character), 2),
      width: shapes[character]?.width ?? 0,
    }),
    /** Writes the font, where any page needs it. */
    end(): void {
      if (font === undefined) return
      const descriptor = writeObject(doc.ref({}), {
        Type: 'FontDescriptor',
        FontName: 'Symbols',
        Flags: 4,
        FontBBox: bounds,
        ItalicAngle: 0,
        Ascent: 800,
        Descent: -120,
        CapHeight: 700,
        StemV: 60,
      })
      writeObject(font, {
        Type: 'Font',
        Subtype: 'Type3',
        Name: symbolFontId,
        FontBBox: bounds,
        FontMatrix: [0.001, 0, 0, 0.001, 0, 0],
        FirstChar: 1,
        LastChar: used.length,
        Widths: used.map((character) => shapes[character]?.width ?? 0),
        Encoding: { Type: 'Encoding', Differences: [1, ...used.map((_, at) => `s${at + 1}`)] },
        CharProcs: charProcs(),
        Resources: { ProcSet: ['PDF'] },
        FontDescriptor: descriptor,
        ToUnicode: writeStream(doc, unicodeMap(used)),
      })
    },
  }
}
export type SymbolFont = ReturnType<typeof createSymbolFont>

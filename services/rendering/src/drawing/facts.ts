import type { Element } from './doc.ts'
import { flowRow, passageOf } from './flow.ts'
import type { Column, Sheet } from './sheet.ts'
import { colors, styles } from './styles.ts'

export interface Fact {
  label: string
  /** The first is set in bold. */
  texts: (string | null | undefined)[]
}

const gap = 24

function factColumn(sheet: Sheet, list: Element, { label, texts }: Fact, x: number): Column {
  const width = (sheet.width - gap) / 2
  const present = texts.filter((text) => typeof text === 'string' && text !== '') as string[]
  const body = sheet.element(sheet.element(list, 'LI'), 'LBody')
  const said = present.length > 0 ? present : ['–']
  return {
    x,
    passages: [
      passageOf(sheet, body, 'P', label, styles.label, width),
      ...said.map((text, index) =>
        passageOf(sheet, body, 'P', text, index === 0 ? styles.factStrong : styles.fact, width),
      ),
    ],
  }
}

/** Pairs of facts side by side, with rules between: the head of a document. */
export function drawFacts(sheet: Sheet, parent: Element, rows: readonly [Fact, Fact][]): void {
  const list = sheet.element(parent, 'L')
  const right = sheet.left + (sheet.width + gap) / 2
  for (const [left, beside] of rows) {
    sheet.artifact(() => {
      sheet.rule(sheet.y)
    })
    flowRow(
      sheet,
      [factColumn(sheet, list, left, sheet.left), factColumn(sheet, list, beside, right)],
      8,
    )
  }
  sheet.artifact(() => {
    sheet.rule(sheet.y, colors.accent)
  })
}

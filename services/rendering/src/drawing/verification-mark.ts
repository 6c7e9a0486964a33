import qrcode from 'qrcode-generator'
import { flowPassage } from './flow.ts'
import type { Element } from './doc.ts'
import type { Sheet } from './sheet.ts'
import { colors, styles } from './styles.ts'
import type { Wording } from './wording.ts'

export interface Verification {
  /** Of a page that says whether the paper is genuine. It must be unguessable, and say nothing of the patient. */
  url: string
}

const side = 68
const gap = 16

/** Draws the code as rectangles, neighbours in a row as one. */
function drawCode(sheet: Sheet, url: string, top: number): void {
  const code = qrcode(0, 'M')
  code.addData(url)
  code.make()
  const count = code.getModuleCount()
  const size = side / count
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      const start = column
      while (column < count && code.isDark(row, column)) column += 1
      if (column > start) {
        sheet.doc.rect(sheet.left + start * size, top + row * size, (column - start) * size, size)
      }
    }
  }
  sheet.doc.fill(colors.ink)
}

/** A QR code and the same address as a link, under the head of the first page. */
export function drawVerificationMark(
  sheet: Sheet,
  parent: Element,
  { url }: Verification,
  wording: Wording,
): void {
  const { doc, left } = sheet
  sheet.space(12)
  sheet.reserve(side)
  const top = sheet.y
  const figure = sheet.element(parent, 'Figure', {
    alt: wording.verificationMark,
    bbox: [left, top, left + side, top + side],
  })
  const mark = doc.markStructureContent('Figure')
  drawCode(sheet, url, top)
  doc.endMarkedContent()
  figure.add(mark)

  const x = left + side + gap
  const width = sheet.width - side - gap
  const style = styles.fact
  const said = sheet.lines(wording.verify, styles.factStrong, width)
  const address = sheet.lines(url, style, width)
  const height = said.length * styles.factStrong.leading + address.length * style.leading
  sheet.y = top + Math.max(0, (side - height) / 2)
  const sentence = { element: sheet.element(parent, 'P'), tag: 'P', style: styles.factStrong }
  flowPassage(sheet, { ...sentence, lines: said }, x)

  const link = sheet.element(sheet.element(parent, 'P'), 'Link')
  const linkTop = sheet.y
  flowPassage(sheet, { element: link, tag: 'Link', style, lines: address }, x)
  // doc.text({ link }) would leave the description empty, which PDF/UA refuses.
  const contents = new String(wording.verify)
  doc.link(x, linkTop, width, sheet.y - linkTop, url, {
    Contents: contents,
    structParent: link,
  } as object)
  // Ended here, or pdfkit would say that the link is on the document's last page.
  link.end()
  sheet.y = Math.max(sheet.y, top + side)
}

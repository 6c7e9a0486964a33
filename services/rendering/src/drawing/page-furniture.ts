import type { Certificate } from '@minaintyg/certificate-model'
import type { Doc, Sheet } from './sheet.ts'
import { colors, margins, styles } from './styles.ts'
import type { TextStyle } from './styles.ts'
import { localTime } from './wording.ts'
import type { Wording } from './wording.ts'

/** A foot grows to so many lines and no more; a longer name stands whole in the head. */
const longestFoot = 3

export interface Foot {
  readonly lines: readonly { text: string; style: TextStyle }[]
  readonly height: number
}

/** What stands at the foot of every page, but for the page's number. */
export function composeFoot(sheet: Sheet, certificate: Certificate, wording: Wording): Foot {
  const { issuer, issuedAt, adapted = [] } = certificate
  const said = sheet.lines(wording.foot(issuer.name, localTime(issuedAt)), styles.foot, sheet.width)
  const marks = adapted.length === 0 ? [] : [{ text: wording.adapted, style: styles.footStrong }]
  const signed = said.slice(0, longestFoot).map((text, index) => ({
    text: index === longestFoot - 1 && said.length > longestFoot ? `${text} …` : text,
    style: styles.foot,
  }))
  const lines = [...marks, ...signed]
  return { lines, height: (lines.length + 1) * styles.foot.leading + 8 }
}

/** Draws head and foot on all pages, once it is known how many there are. */
export function drawPageFurniture(
  doc: Doc,
  sheet: Sheet,
  foot: Foot,
  certificate: Certificate,
  wording: Wording,
): void {
  const { start, count } = doc.bufferedPageRange()
  const [id = ''] = sheet.lines(
    `${wording.certificateId} ${certificate.id}`,
    styles.foot,
    sheet.width - 100,
  )
  const [running = ''] = sheet.lines(
    wording.running(certificate.type.name, localTime(certificate.issuedAt)),
    styles.foot,
    sheet.width,
  )
  for (let page = 0; page < count; page += 1) {
    doc.switchToPage(start + page)
    doc.markContent('Artifact', { type: 'Pagination' })
    let y = doc.page.height - margins.bottom - foot.height
    sheet.rule(y, colors.line)
    y += 8
    for (const { text, style } of foot.lines) {
      sheet.drawLines([text], style, sheet.left, y)
      y += style.leading
    }
    const number = wording.page(page + 1, count)
    const width = sheet.measure(number, styles.foot)
    sheet.drawLines([id], styles.foot, sheet.left, y)
    sheet.drawLines([number], styles.foot, sheet.left + sheet.width - width, y)
    if (page > 0) sheet.drawLines([running], styles.foot, sheet.left, margins.top - 26)
    doc.endMarkedContent()
  }
}

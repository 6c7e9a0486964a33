import type { Certificate } from '@minaintyg/certificate-model'
import { flowPassage, flowRow, heightOf } from './flow.ts'
import type { Column, Element, Sheet } from './sheet.ts'
import { colors, styles } from './styles.ts'
import { localTime } from './wording.ts'
import type { Wording } from './wording.ts'

interface Fact {
  label: string
  /** The first is set in bold. */
  texts: (string | null | undefined)[]
}

function factsOf(certificate: Certificate, wording: Wording): [Fact, Fact][] {
  const { issuer, unit, careProvider, patient } = certificate
  const place = [unit.postalCode, unit.city].filter((part) => part !== null && part !== '')
  const telephone =
    unit.telephone === null || unit.telephone === ''
      ? null
      : `${wording.telephone} ${unit.telephone}`
  return [
    [
      { label: wording.patient, texts: [patient.name, patient.personalIdentityNumberMasked] },
      { label: wording.issued, texts: [localTime(certificate.issuedAt)] },
    ],
    [
      {
        label: wording.issuer,
        texts: [issuer.name, issuer.titles.join(', '), issuer.specialities.join(', ')],
      },
      { label: wording.certificateId, texts: [certificate.id] },
    ],
    [
      {
        label: wording.unit,
        texts: [unit.name, unit.address, place.join(' '), telephone, unit.email],
      },
      { label: wording.careProvider, texts: [careProvider.name] },
    ],
  ]
}

const gap = 24

function factColumn(sheet: Sheet, list: Element, { label, texts }: Fact, x: number): Column {
  const width = (sheet.width - gap) / 2
  const present = texts.filter((text) => typeof text === 'string' && text !== '') as string[]
  const item = sheet.element(list, 'LI')
  const body = sheet.element(item, 'LBody')
  const said = present.length > 0 ? present : ['–']
  return {
    x,
    passages: [
      {
        element: sheet.element(body, 'P'),
        tag: 'P',
        style: styles.label,
        lines: sheet.lines(label, styles.label, width),
      },
      ...said.map((text, index) => {
        const style = index === 0 ? styles.factStrong : styles.fact
        return {
          element: sheet.element(body, 'P'),
          tag: 'P',
          style,
          lines: sheet.lines(text, style, width),
        }
      }),
    ],
  }
}

function drawAdaptedNotice(sheet: Sheet, parent: Element, wording: Wording): void {
  const lines = sheet.lines(wording.adaptedNotice, styles.notice, sheet.width - 28)
  const element = sheet.element(parent, 'P')
  const height = heightOf([{ element, tag: 'P', style: styles.notice, lines }]) + 18
  sheet.artifact(() => {
    sheet.doc.rect(sheet.left, sheet.y, sheet.width, height).lineWidth(1).stroke(colors.ink)
  })
  sheet.y += 9
  flowPassage(sheet, { element, tag: 'P', style: styles.notice, lines }, sheet.left + 14)
  sheet.y += 9 + 14
}

/** What it is, whose it is, who issued it and when: the first thing on the first page. */
export function drawHeader(
  sheet: Sheet,
  parent: Element,
  certificate: Certificate,
  wording: Wording,
): void {
  const { type } = certificate
  const put = (tag: string, text: string, style: (typeof styles)[keyof typeof styles]) => {
    const lines = sheet.lines(text, style, sheet.width)
    flowPassage(sheet, { element: sheet.element(parent, tag), tag, style, lines })
  }
  put('P', wording.kind(type.code, type.version), styles.overline)
  put('H1', type.name, styles.title)
  sheet.y += 10
  if (certificate.adapted !== undefined && certificate.adapted.length > 0) {
    drawAdaptedNotice(sheet, parent, wording)
  }
  const list = sheet.element(parent, 'L')
  const right = sheet.left + (sheet.width + gap) / 2
  for (const [left, beside] of factsOf(certificate, wording)) {
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

import type { Certificate } from '@minaintyg/certificate-model'
import type { Element } from './doc.ts'
import { drawFacts } from './facts.ts'
import type { Fact } from './facts.ts'
import { flowPassage, heightOf, passageOf } from './flow.ts'
import type { Sheet } from './sheet.ts'
import { colors, styles } from './styles.ts'
import { localTime } from './wording.ts'
import type { Wording } from './wording.ts'

export interface Head {
  certificate: Certificate
  wording: Wording
  personalIdentityNumber?: string | undefined
}

function factsOf({ certificate, wording, personalIdentityNumber }: Head): [Fact, Fact][] {
  const { issuer, unit, careProvider, patient } = certificate
  const number = personalIdentityNumber ?? patient.personalIdentityNumberMasked
  const place = [unit.postalCode, unit.city].filter((part) => part !== null && part !== '')
  const telephone =
    unit.telephone === null || unit.telephone === ''
      ? null
      : `${wording.telephone} ${unit.telephone}`
  return [
    [
      { label: wording.patient, texts: [patient.name, number] },
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

function drawAdaptedNotice(sheet: Sheet, parent: Element, wording: Wording): void {
  const width = sheet.width - 28
  const notice = passageOf(sheet, parent, 'P', wording.adaptedNotice, styles.notice, width)
  const height = heightOf([notice]) + 18
  sheet.artifact(() => {
    sheet.doc.rect(sheet.left, sheet.y, sheet.width, height).lineWidth(1).stroke(colors.ink)
  })
  sheet.y += 9
  flowPassage(sheet, notice, sheet.left + 14)
  sheet.y += 9 + 14
}

/** What a document is: the first words on its first page. */
export function drawTitle(
  sheet: Sheet,
  parent: Element,
  { kind, title }: { kind: string; title: string },
): void {
  flowPassage(sheet, passageOf(sheet, parent, 'P', kind, styles.overline))
  flowPassage(sheet, passageOf(sheet, parent, 'H1', title, styles.title))
  sheet.y += 10
}

/** What it is, whose it is, who issued it and when: the first thing on the first page. */
export function drawHeader(sheet: Sheet, parent: Element, head: Head): void {
  const { certificate, wording } = head
  const { type } = certificate
  drawTitle(sheet, parent, { kind: wording.kind(type.code, type.version), title: type.name })
  if (certificate.adapted !== undefined && certificate.adapted.length > 0) {
    drawAdaptedNotice(sheet, parent, wording)
  }
  drawFacts(sheet, parent, factsOf(head))
}

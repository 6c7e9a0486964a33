import type { ConsentProof, SignedConsentProof } from '@minaintyg/contracts'
import { consentProofWording } from './consent-proof-wording.ts'
import type { ConsentProofWording } from './consent-proof-wording.ts'
import type { Element } from './doc.ts'
import { composeDocument, fileDate } from './document.ts'
import type { Drawn } from './document.ts'
import { drawFacts } from './facts.ts'
import { flowPassage, heightOf, passageOf } from './flow.ts'
import type { Fonts } from './fonts.ts'
import { drawTitle } from './header.ts'
import type { Sheet } from './sheet.ts'
import { styles } from './styles.ts'
import { drawTable } from './tables.ts'
import { localTime, wordingFor } from './wording.ts'

type Statement = ConsentProof['statements'][number]
type Text = ConsentProof['texts'][number]

interface Options {
  fonts: Fonts
  language: 'sv' | 'en'
}

const level = /^http:\/\/id\.elegnamnden\.se\/loa\/1\.0\/loa(\d)$/
const gap = 10
/** For the beginning of what stands under a heading. */
const roomForBeginning = 80

function howSaid({ loa, channel }: Statement, wording: ConsentProofWording): string {
  if (loa !== null) return wording.loggedIn(level.exec(loa)?.[1] ?? loa)
  return channel === 'operator' ? wording.byOperator : wording.notKnown
}

function addSection(sheet: Sheet, root: Element, heading: string): Element {
  const part = sheet.element(root, 'Sect')
  const title = passageOf(sheet, part, 'H2', heading, styles.section)
  sheet.space(22)
  sheet.reserve(heightOf([title]) + roomForBeginning)
  sheet.doc.outline.addItem(heading)
  flowPassage(sheet, title)
  return part
}

function drawParagraphs(sheet: Sheet, parent: Element, paragraphs: readonly string[]): void {
  for (const [index, paragraph] of paragraphs.entries()) {
    if (index > 0) sheet.space(gap / 2)
    flowPassage(sheet, passageOf(sheet, parent, 'P', paragraph, styles.answer))
  }
}

function drawStatements(
  sheet: Sheet,
  root: Element,
  statements: readonly Statement[],
  { language, wording }: { language: 'sv' | 'en'; wording: ConsentProofWording },
): void {
  const part = addSection(sheet, root, wording.statements)
  if (statements.length === 0) {
    drawParagraphs(sheet, part, [wording.none])
    return
  }
  const { at, said, text, how } = wording.columns
  const cell = (words: string) => ({ type: 'text' as const, text: words })
  const rows = statements.map((statement) =>
    [
      localTime(statement.at) ?? '',
      wording.said[statement.kind],
      wording.text(statement.textVersion, statement.language),
      howSaid(statement, wording),
    ].map(cell),
  )
  const columns = Object.entries({ at, said, text, how }).map(([id, label]) => ({ id, label }))
  sheet.y += 3
  drawTable(sheet, part, { type: 'table', columns, rows }, wordingFor(language), '.')
}

function drawText(sheet: Sheet, root: Element, text: Text, wording: ConsentProofWording): void {
  const part = addSection(sheet, root, wording.wordingOf(text.version, text.language))
  const said = sheet.element(part, 'Div', { lang: text.language === 'en' ? 'en' : 'sv-SE' })
  sheet.y += 3
  flowPassage(sheet, passageOf(sheet, said, 'H3', text.title, styles.question))
  sheet.y += 1
  drawParagraphs(sheet, said, text.paragraphs)
}

/** Draws what a patient has said, and attaches the signed proof of it; the same proof gives the same bytes. */
export async function renderConsentProof(
  { proof, jws }: SignedConsentProof,
  { fonts, language }: Options,
): Promise<Drawn> {
  const wording = consentProofWording(language)
  const at = localTime(proof.issuedAt) ?? ''
  const { page, producer } = wordingFor(language)
  const setup = {
    fonts,
    title: `${wording.title}, ${at}`,
    language,
    at: fileDate(proof.issuedAt),
    producer,
    furniture: {
      foot: wording.foot(at),
      id: `${wording.id} ${proof.patientId}`,
      running: wording.running(at),
      page,
    },
    attachment: {
      name: 'consent-proof.jws',
      bytes: Buffer.from(jws),
      mediaType: 'application/jose' as const,
      description: wording.attachment,
    },
    subset: 'PDF/A-3a' as const,
  }
  return composeDocument(setup, (sheet, root) => {
    drawTitle(sheet, root, wording)
    drawParagraphs(sheet, root, [wording.introduction])
    sheet.y += gap
    const last = proof.statements.at(-1)
    drawFacts(sheet, root, [
      [
        { label: wording.patient, texts: [proof.patientId, wording.patientNote] },
        { label: wording.state, texts: [last && wording.said[last.kind]] },
      ],
      [
        { label: wording.issued, texts: [at] },
        { label: wording.issuer, texts: [producer, proof.issuer] },
      ],
    ])
    drawStatements(sheet, root, proof.statements, { language, wording })
    for (const text of proof.texts) drawText(sheet, root, text, wording)
    const check = addSection(sheet, root, wording.check)
    drawParagraphs(sheet, check, wording.checking(`${proof.issuer}/.well-known/consent-jwks.json`))
  })
}

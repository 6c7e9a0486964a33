import PDFDocument from 'pdfkit'
import type { AnswerValue, Certificate } from '@minaintyg/certificate-model'
import type { FontName, Fonts } from '../src/drawing/fonts.ts'
import { valueTexts } from '../src/drawing/values.ts'
import { localTime, wordingFor } from '../src/drawing/wording.ts'

export interface Piece {
  font: FontName
  size: number
  text: string
}

const piece = (font: FontName, size: number, text: string | null): Piece[] =>
  text === null || text === '' ? [] : [{ font, size, text }]

function textsOf(value: AnswerValue, certificate: Certificate): string[] {
  const wording = wordingFor(certificate.language)
  if (value.type !== 'table') return valueTexts(value, wording, ',')
  const cells = value.rows.flat().flatMap((cell) => valueTexts(cell, wording, ','))
  return [...value.columns.map(({ label }) => label), ...cells]
}

/** The words that rendering draws of a certificate, in their order and sizes. */
export function piecesOf(certificate: Certificate): Piece[] {
  const { type, patient, issuer, unit, careProvider } = certificate
  const wording = wordingFor(certificate.language)
  const facts = [
    [wording.patient, patient.name, patient.personalIdentityNumberMasked],
    [wording.issued, localTime(certificate.issuedAt) ?? null],
    [wording.issuer, issuer.name, ...issuer.titles, ...issuer.specialities],
    [wording.certificateId, certificate.id],
    [wording.unit, unit.name, unit.address, `${unit.postalCode ?? ''} ${unit.city ?? ''}`],
    [unit.telephone, unit.email],
    [wording.careProvider, careProvider.name],
  ].flat()
  const answers = certificate.sections.flatMap(({ heading, items }) => [
    ...piece('semibold', 13, heading),
    ...items.flatMap(({ label, value }) => [
      ...piece('semibold', 9.5, label),
      ...textsOf(value, certificate).flatMap((text) => piece('regular', 10.5, text)),
    ]),
  ])
  return [
    ...piece('semibold', 8.5, wording.kind(type.code, type.version)),
    ...piece('semibold', 20, type.name),
    ...facts.flatMap((text) => piece('regular', 10, text)),
    ...answers,
    ...piece('regular', 8, wording.foot(issuer.name, localTime(certificate.issuedAt))),
  ]
}

/** What cannot be done with less: the words alone, untagged, with fonts that are parsed already. */
export async function drawRaw(pieces: readonly Piece[], fonts: Fonts): Promise<Buffer> {
  const doc = new PDFDocument({ size: 'A4', margin: 62, font: null as unknown as string })
  for (const name of ['regular', 'semibold'] as const) {
    doc.registerFont(name, fonts[name] as unknown as Uint8Array)
  }
  for (const { font, size, text } of pieces) doc.font(font).fontSize(size).text(text)
  doc.end()
  const chunks: Uint8Array[] = []
  for await (const chunk of doc) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}

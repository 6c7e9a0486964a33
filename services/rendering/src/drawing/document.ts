import PDFDocument from 'pdfkit'
import type { Certificate } from '@minaintyg/certificate-model'
import { drawAnswers } from './answers.ts'
import { canDraw } from './fonts.ts'
import type { Fonts } from './fonts.ts'
import { drawHeader } from './header.ts'
import { createLegibleText } from './legible-text.ts'
import { composeFoot, drawPageFurniture } from './page-furniture.ts'
import { createSheet } from './sheet.ts'
import type { Doc } from './sheet.ts'
import { margins } from './styles.ts'
import { wordingFor } from './wording.ts'
import type { Wording } from './wording.ts'

/** XMP is written by pdfkit without escaping, so what XML would read as markup is left out of titles. */
const titleText = (text: string) =>
  text
    .replace(/&/g, '+')
    // eslint-disable-next-line no-control-regex -- these are what XML 1.0 refuses
    .replace(/[<>\u0000-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]/g, ' ')
    .slice(0, 300)

function createdAt({ issuedAt }: Certificate): Date {
  const at = new Date(issuedAt ?? 0)
  return Number.isNaN(at.getTime()) ? new Date(0) : at
}

function createDocument(certificate: Certificate, wording: Wording): Doc {
  const mark = certificate.adapted === undefined ? '' : ` (${wording.adapted})`
  const at = createdAt(certificate)
  return new PDFDocument({
    size: 'A4',
    margin: 0,
    pdfVersion: '1.7',
    tagged: true,
    lang: certificate.language === 'en' ? 'en' : 'sv-SE',
    displayTitle: true,
    bufferPages: true,
    // The file's own id is made of these, so they alone decide over it.
    info: {
      Title: titleText(`${certificate.type.name}, ${certificate.id}${mark}`),
      Creator: wording.producer,
      Producer: wording.producer,
      CreationDate: at,
      ModDate: at,
    },
    // Helvetica would be loaded otherwise, and be the one font that is not embedded.
    font: null as unknown as string,
  })
}

async function readAll(doc: Doc): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of doc) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}

/** Draws a certificate as it is given; the same certificate and fonts give the same bytes. */
export async function renderCertificate(
  certificate: Certificate,
  { fonts }: { fonts: Fonts },
): Promise<Uint8Array> {
  const wording = wordingFor(certificate.language)
  fonts.forgetDocument()
  const doc = createDocument(certificate, wording)
  for (const name of ['regular', 'semibold'] as const) {
    // Types of pdfkit do not know yet that it takes parsed fonts.
    doc.registerFont(name, fonts[name] as unknown as Uint8Array)
  }
  const root = doc.struct('Document')
  doc.addStructure(root)
  const area = {
    left: margins.side,
    width: doc.page.width - 2 * margins.side,
    top: margins.top,
    bottom: doc.page.height - margins.bottom,
  }
  const sheet = createSheet(doc, createLegibleText(canDraw(fonts)), area)
  const foot = composeFoot(sheet, certificate, wording)
  area.bottom -= foot.height + 14
  drawHeader(sheet, root, certificate, wording)
  drawAnswers(sheet, root, certificate, wording)
  drawPageFurniture(doc, sheet, foot, certificate, wording)
  doc.end()
  return readAll(doc)
}

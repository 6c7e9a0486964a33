import PDFDocument from 'pdfkit'
import { attach } from './attachment.ts'
import type { Attachment } from './attachment.ts'
import { claimUniversalAccess } from './conformance.ts'
import type { Subset } from './conformance.ts'
import type { Doc, Element } from './doc.ts'
import { canDraw } from './fonts.ts'
import type { Fonts } from './fonts.ts'
import { createLegibleText } from './legible-text.ts'
import { composeFoot, drawPageFurniture } from './page-furniture.ts'
import type { Furniture } from './page-furniture.ts'
import { createSheet } from './sheet.ts'
import type { Sheet } from './sheet.ts'
import { margins } from './styles.ts'
import { createSymbolFont } from './symbols.ts'
import { createTypesetter } from './typesetter.ts'

export interface DocumentSetup {
  fonts: Fonts
  title: string
  language: string
  /** Every date of the file, so that no clock decides over its bytes. */
  at: Date
  producer: string
  furniture: Furniture
  attachment?: Attachment | undefined
  subset: Subset
}

export interface Drawn {
  bytes: Uint8Array
  /** Characters that no font has, as they are shown: U+4E2D. */
  undrawn: readonly string[]
}

/** XMP is written by pdfkit without escaping, so what XML would read as markup is left out of titles. */
const titleText = (text: string) =>
  text
    .replace(/&/g, '+')
    // eslint-disable-next-line no-control-regex -- these are what XML 1.0 refuses
    .replace(/[<>\u0000-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]/g, ' ')
    .slice(0, 300)

/** A time that dates a file; the beginning of time where none is known. */
export function fileDate(instant: string | null): Date {
  const at = new Date(instant ?? 0)
  return Number.isNaN(at.getTime()) ? new Date(0) : at
}

function createDocument({ title, language, at, producer, subset }: DocumentSetup): Doc {
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    pdfVersion: subset === 'PDF/A-1b' ? '1.4' : '1.7',
    subset,
    tagged: true,
    lang: language === 'en' ? 'en' : 'sv-SE',
    displayTitle: true,
    bufferPages: true,
    // The file's own id is made of these, so they alone decide over it.
    info: { Title: titleText(title), Creator: producer, Producer: producer, CreationDate: at },
    // Helvetica would be loaded otherwise, and be the one font that is not embedded.
    font: null as unknown as string,
  })
  claimUniversalAccess(doc)
  // ISO 32000-1, table 152: Count is required where items are open, and one level always is.
  ;(doc.outline as unknown as { options: object }).options = { expanded: true }
  return doc
}

async function readAll(doc: Doc): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of doc) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}

function prepare(doc: Doc, fonts: Fonts) {
  fonts.forgetDocument()
  for (const name of ['regular', 'semibold'] as const) {
    // Types of pdfkit do not know yet that it takes parsed fonts.
    doc.registerFont(name, fonts[name] as unknown as Uint8Array)
  }
  const area = {
    left: margins.side,
    width: doc.page.width - 2 * margins.side,
    top: margins.top,
    bottom: doc.page.height - margins.bottom,
  }
  const symbols = createSymbolFont(doc)
  const legible = createLegibleText(canDraw(fonts))
  const typesetter = createTypesetter(doc, fonts, symbols)
  return { area, symbols, legible, sheet: createSheet(doc, { legible, typesetter }, area) }
}

/** A file of both standards, with head and foot on its pages, of what is drawn into it; the same gives the same bytes. */
export async function composeDocument(
  setup: DocumentSetup,
  draw: (sheet: Sheet, root: Element) => void,
): Promise<Drawn> {
  const { fonts, furniture, attachment, at, subset } = setup
  const doc = createDocument(setup)
  const { area, symbols, legible, sheet } = prepare(doc, fonts)
  const root = doc.struct('Document')
  doc.addStructure(root)

  const foot = composeFoot(sheet, furniture)
  area.bottom -= foot.height + 14
  draw(sheet, root)
  drawPageFurniture(sheet, foot, furniture)
  if (attachment !== undefined && subset === 'PDF/A-3a') attach(doc, attachment, at)
  symbols.end()
  doc.end()
  return { bytes: await readAll(doc), undrawn: legible.undrawn() }
}

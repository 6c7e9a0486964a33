import { inflateSync } from 'node:zlib'
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'

interface Item {
  str?: string
  hasEOL?: boolean
  type?: string
  tag?: string
}

const open = (bytes: Uint8Array) =>
  getDocument({ data: new Uint8Array(bytes), verbosity: 0, useSystemFonts: false }).promise

/** Text of each page in reading order: what belongs to the document, and what is decoration. */
export async function readPages(bytes: Uint8Array) {
  const document = await open(bytes)
  const pages: { content: string; artifacts: string }[] = []
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number)
    const { items } = await page.getTextContent({ includeMarkedContent: true })
    const said = { content: '', artifacts: '' }
    const open: string[] = []
    for (const { str, hasEOL, type, tag } of items as Item[]) {
      if (type === 'endMarkedContent') open.pop()
      else if (type !== undefined) open.push(tag ?? '')
      else if (str !== undefined) {
        said[open.includes('Artifact') ? 'artifacts' : 'content'] +=
          str + (hasEOL === true ? '\n' : '')
      }
    }
    pages.push(said)
  }
  await document.loadingTask.destroy()
  return pages
}

/** Pieces of text of the first page, in the order that they are drawn, and how far from the left. */
export async function readPlaces(bytes: Uint8Array): Promise<{ str: string; x: number }[]> {
  const document = await open(bytes)
  const { items } = await (await document.getPage(1)).getTextContent()
  await document.loadingTask.destroy()
  return (items as (Item & { transform?: number[] })[]).flatMap(({ str, transform }) =>
    str === undefined || str === '' ? [] : [{ str, x: transform?.[4] ?? 0 }],
  )
}

/** Line breaks of the layout are no part of an answer, so texts are compared without any space. */
export const unspaced = (words: string) => words.normalize('NFC').replace(/\s+/g, '')

export const readText = async (bytes: Uint8Array) =>
  unspaced((await readPages(bytes)).map(({ content }) => content).join(''))

/** Where the links of the first page lead. */
export async function readLinks(bytes: Uint8Array): Promise<string[]> {
  const document = await open(bytes)
  const annotations = (await (await document.getPage(1)).getAnnotations()) as { url?: string }[]
  await document.loadingTask.destroy()
  return annotations.flatMap(({ url }) => (url === undefined ? [] : [url]))
}

export async function readStructure(bytes: Uint8Array) {
  const document = await open(bytes)
  const metadata = await document.getMetadata()
  const outline = (await document.getOutline()) as { title: string }[]
  const trees = []
  for (let number = 1; number <= document.numPages; number += 1) {
    trees.push(await (await document.getPage(number)).getStructTree())
  }
  await document.loadingTask.destroy()
  return { info: metadata.info as Record<string, unknown>, outline, trees }
}

/** Everything that stands in the file: its objects as they are, and each stream unpacked. */
export function readEveryByte(bytes: Uint8Array): string {
  const file = Buffer.from(bytes).toString('latin1')
  const parts = [file]
  for (const match of file.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)) {
    try {
      parts.push(inflateSync(Buffer.from(match[1] ?? '', 'latin1')).toString('latin1'))
    } catch {
      parts.push(match[1] ?? '')
    }
  }
  return parts.join('\n')
}

/** The ways that a word can be written in the bytes of a PDF. */
export function writtenForms(word: string): string[] {
  const utf16 = Buffer.from(word, 'utf16le').swap16()
  return [
    Buffer.from(word, 'utf8').toString('latin1'),
    Buffer.from(word, 'latin1').toString('latin1'),
    utf16.toString('latin1'),
    utf16.toString('hex'),
    utf16.toString('hex').toUpperCase(),
    Buffer.from(word, 'utf8').toString('hex'),
    Buffer.from(word, 'utf8').toString('base64'),
  ]
}

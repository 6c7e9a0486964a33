import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Document, Font, Page, Text, renderToBuffer } from '@react-pdf/renderer'
import pdfmake from 'pdfmake'
import { chromium } from 'playwright-core'
import { createElement } from 'react'
import type { Piece } from './raw-pdfkit.ts'

const margin = 62
const fontFile = (name: string) =>
  fileURLToPath(import.meta.resolve(`@expo-google-fonts/open-sans/${name}.ttf`))
const files = {
  regular: fontFile('400Regular/OpenSans_400Regular'),
  semibold: fontFile('600SemiBold/OpenSans_600SemiBold'),
}

/** Each draws the same words in the same sizes, and is set up once. */
export type Draw = (pieces: readonly Piece[]) => Promise<Uint8Array>

export function withPdfmake(): Draw {
  pdfmake.setFonts({ regular: { normal: files.regular }, semibold: { normal: files.semibold } })
  pdfmake.setLocalAccessPolicy(() => true)
  pdfmake.setUrlAccessPolicy(() => false)
  return (pieces) =>
    pdfmake
      .createPdf({
        pageSize: 'A4',
        pageMargins: margin,
        defaultStyle: { font: 'regular' },
        content: pieces.map(({ font, size, text }) => ({ font, fontSize: size, text })),
      })
      .getBuffer()
}

export function withReactPdf(): Draw {
  for (const [family, src] of Object.entries(files)) Font.register({ family, src })
  // It would divide words by English rules otherwise, which no other does.
  Font.registerHyphenationCallback((word) => [word])
  return (pieces) => {
    const texts = pieces.map(({ font, size, text }, key) =>
      createElement(Text, { key, style: { fontFamily: font, fontSize: size } }, text),
    )
    const page = createElement(Page, { size: 'A4', style: { padding: margin } }, ...texts)
    return renderToBuffer(createElement(Document, null, page))
  }
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
const escaped = (text: string) => text.replace(/[&<>]/g, (sign) => escapes[sign] ?? sign)

const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** A page of a browser that stays open; undefined where none is installed. */
export async function withChromium(): Promise<{ draw: Draw; close(): Promise<void> } | undefined> {
  const executablePath = process.env['CHROMIUM'] ?? browsers.find((path) => existsSync(path))
  if (executablePath === undefined) return undefined
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  const page = await browser.newPage()
  const faces = Object.entries(files).map(([name, file]) => {
    const bytes = readFileSync(file).toString('base64')
    return `@font-face { font-family: ${name}; src: url(data:font/ttf;base64,${bytes}) }`
  })
  await page.setContent(`<style>${faces.join('')} body { margin: 0 }</style>`)
  const side = `${(margin * 96) / 72}px`
  return {
    async draw(pieces) {
      const lines = pieces.map(
        ({ font, size, text }) =>
          `<div style="font: ${size}pt ${font}; white-space: pre-wrap">${escaped(text)}</div>`,
      )
      // As source text: the types of a browser are not those of a service.
      await page.evaluate(
        `document.body.innerHTML = ${JSON.stringify(lines.join(''))}; document.fonts.ready.then(() => 1)`,
      )
      return page.pdf({
        format: 'A4',
        margin: { top: side, bottom: side, left: side, right: side },
      })
    },
    close: () => browser.close(),
  }
}

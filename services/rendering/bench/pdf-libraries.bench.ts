import { millisecondsOf } from '@minaintyg/bench'
import type { Benchmark, Figure } from '@minaintyg/bench'
import { loadFonts, renderCertificate } from '../src/drawing/index.ts'
import { examples } from '../test/examples.ts'
import { withChromium, withPdfmake, withReactPdf } from './other-libraries.ts'
import { piecesOf } from './raw-pdfkit.ts'

export const benchmark: Benchmark = {
  title: 'other ways to a PDF of the same two pages ÷ rendering',
  async prepare(bench) {
    const { certificate } = examples['sick-leave']!
    const pieces = piecesOf(certificate)
    const fonts = loadFonts()
    const documents = bench.sized({ quick: 1, normal: 10, full: 40 })
    const repeat = (draw: () => Promise<unknown>) => async () => {
      const took = await millisecondsOf(async () => {
        for (let index = 0; index < documents; index += 1) await draw()
      })
      return { document: took / documents }
    }
    const chromium = await withChromium()
    if (chromium !== undefined) bench.onEnd(() => chromium.close())
    const others = {
      pdfmake: withPdfmake(),
      'react-pdf': withReactPdf(),
      ...(chromium === undefined ? {} : { chromium: chromium.draw }),
    }
    const figures = Object.keys(others).map((name): Figure => ({
      what: `${name} ÷ rendering`,
      of: `${name}.document`,
      over: 'rendering.document',
      goal: { atLeast: 1 },
    }))
    return {
      notes: [
        `${documents} documents a round; the others draw the bare words, without tags or archive format`,
        ...(chromium === undefined ? ['no Chromium here: set CHROMIUM to its path'] : []),
      ],
      contestants: {
        rendering: repeat(() => renderCertificate(certificate, { fonts })),
        ...Object.fromEntries(
          Object.entries(others).map(([name, draw]) => [name, repeat(() => draw(pieces))]),
        ),
      },
      figures: [
        { what: 'rendering', of: 'rendering.document', unit: 'ms' },
        ...Object.keys(others).map((name) => ({ what: name, of: `${name}.document`, unit: 'ms' })),
        ...figures,
      ],
    }
  },
}

import { millisecondsOf } from '@minaintyg/bench'
import type { Benchmark } from '@minaintyg/bench'
import { loadFonts, renderCertificate } from '../src/drawing/index.ts'
import { examples } from '../test/examples.ts'
import { drawRaw, piecesOf } from './raw-pdfkit.ts'

/** About as large as the documents that journals send. */
const original = {
  mediaType: 'application/xml' as const,
  bytes: Buffer.from(
    `<intyg>${'<svar id="1"><delsvar>Ett svar.</delsvar></svar>'.repeat(300)}</intyg>`,
  ),
}

export const benchmark: Benchmark = {
  title: 'a document of two pages ÷ the same words in raw pdfkit with parsed fonts',
  async prepare(bench) {
    const { certificate } = examples['sick-leave']!
    const fonts = loadFonts()
    const pieces = piecesOf(certificate)
    const documents = bench.sized({ quick: 3, normal: 60, full: 200 })
    const repeat = (draw: () => Promise<unknown>) => async () => {
      const took = await millisecondsOf(async () => {
        for (let index = 0; index < documents; index += 1) await draw()
      })
      return { document: took / documents }
    }
    return {
      notes: [
        `${documents} documents a round; with the original: ${original.bytes.length} bytes of it`,
      ],
      contestants: {
        raw: repeat(() => drawRaw(pieces, fonts)),
        rendering: repeat(() => renderCertificate(certificate, { fonts })),
        withOriginal: repeat(() => renderCertificate(certificate, { fonts, original })),
      },
      figures: [
        { what: 'raw pdfkit', of: 'raw.document', unit: 'ms' },
        { what: 'rendering', of: 'rendering.document', unit: 'ms' },
        {
          what: 'rendering ÷ raw pdfkit',
          of: 'rendering.document',
          over: 'raw.document',
          goal: { atMost: 1.3 },
        },
        {
          what: 'rendering with the original attached ÷ raw pdfkit',
          of: 'withOriginal.document',
          over: 'raw.document',
        },
      ],
    }
  },
}

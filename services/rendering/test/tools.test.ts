import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadFonts, renderCertificate } from '../src/drawing/index.ts'
import type { DrawingOptions } from '../src/drawing/index.ts'
import { examples } from './examples.ts'
import { describeWithTool, preflight, qpdfCheck, structureText } from './pdf-tools.ts'

const fonts = loadFonts()
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rendering-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function draw(name: string, options: Partial<DrawingOptions> = {}): Promise<string> {
  const { certificate, ...own } = examples[name]!
  const { bytes } = await renderCertificate(certificate, { fonts, ...own, ...options })
  const file = join(folder, `${name}.pdf`)
  await writeFile(file, bytes)
  return file
}
const names = Object.keys(examples)

describeWithTool('qpdf', 'qpdf', () => {
  test.each(names)('finds nothing wrong with %s', async (name) => {
    const said = await qpdfCheck(await draw(name))
    expect(said).toContain('No syntax or stream encoding errors found')
    expect(said).not.toContain('WARNING')
  })
})

describeWithTool('preflight', 'PDFBox Preflight', () => {
  test.each(names)(
    'holds %s to be PDF/A-1b, the part that it knows',
    async (name) => {
      const file = await draw(name, { subset: 'PDF/A-1b' })
      expect(await preflight(file)).toContain('is a valid PDF/A-1b file')
    },
    60_000,
  )

  test('refuses what only is PDF/A-3a', async () => {
    expect(await preflight(await draw('sick-leave'))).toContain('is not a valid PDF/A-1b file')
  }, 60_000)
})

describeWithTool('poppler', 'the text that poppler reads from the structure', () => {
  test('is in the order of the form, question by question', async () => {
    const said = (await structureText(await draw('sick-leave'))).replace(/\s+/g, ' ')
    const places = [
      'H1 (block) "Läkarintyg för sjukpenning"',
      '"Patient"',
      '"Alva Provsson"',
      'H2 (block) "Grund för intyget"',
      'H3 (block) "Intyget är baserat på"',
      'H2 (block) "Diagnos"',
      'M545',
      'H2 (block) "Arbetsförmåga"',
      '"Nedsättningsgrad"',
      '"100 procent"',
      '"2026-04-21 – 2026-05-17"',
      'Figure',
      'H2 (block) "Behandling"',
    ].map((words) => ({ words, at: said.indexOf(words) }))
    expect(places.filter(({ at }) => at < 0)).toEqual([])
    expect(places.map(({ at }) => at)).toEqual(places.map(({ at }) => at).sort((a, b) => a - b))
  })
})

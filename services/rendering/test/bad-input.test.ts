import { createRenderer } from '../src/renderings/renderer.ts'
import type { Renderer } from '../src/renderings/renderer.ts'
import { certificate, sectionOf, text } from './certificates.ts'
import { conformanceFaults } from './conformance-faults.ts'
import { readPages, unspaced } from './pdf-reading.ts'

/** As in production but for the deadline, since tests share their machine. */
const options = { threads: 1, queue: 4, deadline: 60_000, memory: 512 }
const sentence = (index: number) =>
  `Mening ${index}: smärtan är oförändrad och sömnen störd av värk.`

let renderer: Renderer
beforeAll(() => {
  renderer = createRenderer(options)
})
afterAll(() => renderer.close())

async function read(...values: Parameters<typeof sectionOf>) {
  const { bytes } = await renderer.render(certificate({ sections: [sectionOf(...values)] }))
  const pages = await readPages(bytes)
  return { bytes, pages, said: unspaced(pages.map(({ content }) => content).join('')) }
}

test('two hundred pages of free text are drawn whole, as text that can be read aloud', async () => {
  const sentences = Array.from({ length: 9_000 }, (_, index) => sentence(index))
  const { bytes, pages, said } = await read(text(sentences.join('\n')))
  expect(pages.length).toBeGreaterThan(200)
  expect(said).toContain(unspaced(sentences.join('')))
  expect(conformanceFaults(bytes)).toEqual([])
}, 120_000)

test('a list of ten thousand items is drawn whole', async () => {
  const items = Array.from({ length: 10_000 }, (_, index) => text(`Punkt ${index}.`))
  const { said } = await read({ type: 'list', items })
  expect(said).toContain(unspaced(items.map((item) => item.text).join('')))
}, 120_000)

test.each<[string, string, string]>([
  ['a word of 5,000 characters', 'sömnstörning'.repeat(417), 'sömnstörning'.repeat(417)],
  ['control characters', 'a\u0000b\u0008c\u001bd\u007fe', 'a[U+0000]b[U+0008]c[U+001B]d[U+007F]e'],
  ['zero-width characters', 'sam\u200bman\u200dsatt\ufeff or\u2060d\u00ad', 'sammansattord'],
  ['direction marks that never end', '\u202e\u2067lång\u202d text', 'långtext'],
  ['Hebrew', 'שלום', 'שלום'],
  ['half a character', 'slut \ud83d', 'slut[U+D83D]'],
  [
    'what PDF and XML read as their own',
    '(a) \\b <c> ]]> endstream %%EOF',
    '(a)\\b<c>]]>endstream%%EOF',
  ],
  ['nothing but line breaks', '\n\n\n', ''],
])('%s can be read', async (_what, written, legible) => {
  const { bytes, said } = await read(text(written))
  expect(said).toContain(legible)
  expect(conformanceFaults(bytes)).toEqual([])
})

test('a table without columns, and one with rows too short, are no fault', async () => {
  const column = (id: string) => ({ id, label: id })
  const { bytes, said } = await read(
    { type: 'table', columns: [], rows: [] },
    { type: 'table', columns: [column('a'), column('b')], rows: [[text('ensam')], []] },
  )
  expect(said).toContain('ensam')
  expect(conformanceFaults(bytes)).toEqual([])
})

test('what takes more time than there is ends with pdf.failed', async () => {
  const hasty = createRenderer({ ...options, deadline: 10 })
  const endless = certificate({ sections: [sectionOf(text(sentence(1).repeat(200_000)))] })
  await expect(hasty.render(endless)).rejects.toMatchObject({ code: 'pdf.failed' })
  await hasty.close()
})

import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import { loadFonts, renderCertificate } from '../src/drawing/index.ts'
import { examples } from './examples.ts'
import { describeWithTool, takePictures } from './pdf-tools.ts'

const approved = join(import.meta.dirname, 'approved')
/** Set by `make approve-pictures`, after which a person looks at them. */
const isApproving = process.env['APPROVE_PICTURES'] === '1'

/** Of this many pixels a side. Letters may be smoothed in another way, but may not go elsewhere. */
const block = 6
const tolerated = 40

/** How dark each block of the picture is, from 0 to 255. */
function darkness(picture: Buffer): { across: number; blocks: number[] } {
  const { width, height, data } = PNG.sync.read(picture)
  const across = Math.ceil(width / block)
  const sums = Array.from({ length: across * Math.ceil(height / block) }, () => 0)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = Math.floor(y / block) * across + Math.floor(x / block)
      sums[at] = (sums[at] ?? 0) + 255 - (data[4 * (y * width + x)] ?? 0)
    }
  }
  return { across, blocks: sums.map((sum) => sum / block ** 2) }
}

/** Where the pictures are not the same, in points from the upper left corner. */
function differences(one: Buffer, other: Buffer): string[] {
  const [first, second] = [darkness(one), darkness(other)]
  if (first.blocks.length !== second.blocks.length) return ['another size']
  const toPoints = (72 / 60) * block
  return first.blocks.flatMap((dark, at) =>
    Math.abs(dark - (second.blocks[at] ?? 0)) <= tolerated
      ? []
      : [`x ${(at % first.across) * toPoints}, y ${Math.floor(at / first.across) * toPoints}`],
  )
}

async function picturesOf(name: string): Promise<Map<string, Buffer>> {
  const folder = await mkdtemp(join(tmpdir(), 'pictures-'))
  const { certificate, ...options } = examples[name]!
  const { bytes } = await renderCertificate(certificate, { fonts, ...options })
  await writeFile(join(folder, 'drawn.pdf'), bytes)
  // Poppler speaks where a font or a page is not as it should be.
  expect(await takePictures(join(folder, 'drawn.pdf'), join(folder, name))).toBe('')
  const files = (await readdir(folder)).filter((file) => file.endsWith('.png')).sort()
  const pictures = await Promise.all(files.map(async (file) => readFile(join(folder, file))))
  await rm(folder, { recursive: true })
  return new Map(files.map((file, index) => [file, pictures[index]!]))
}

const fonts = loadFonts()

describeWithTool('poppler', 'pages look as they were approved', () => {
  test.each(Object.keys(examples))('%s', async (name) => {
    const drawn = await picturesOf(name)
    if (isApproving) {
      await mkdir(approved, { recursive: true })
      for (const [file, picture] of drawn) await writeFile(join(approved, file), picture)
    }
    const known = existsSync(approved) ? await readdir(approved) : []
    expect([...drawn.keys()]).toEqual(known.filter((file) => file.startsWith(`${name}-`)).sort())
    for (const [file, picture] of drawn) {
      const differs = differences(await readFile(join(approved, file)), picture)
      expect({ file, differs }).toEqual({ file, differs: [] })
    }
  })

  test('would be seen to differ where a line moves by half its height', async () => {
    const [picture] = [...(await picturesOf('employer')).values()]
    const moved = PNG.sync.read(picture!)
    moved.data.copyWithin(4 * moved.width * 5, 0, 4 * moved.width * (moved.height - 5))
    expect(differences(picture!, PNG.sync.write(moved)).length).toBeGreaterThan(20)
  })
})

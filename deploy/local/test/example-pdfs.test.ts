import { execFile } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { conformanceFaults } from '../../../services/rendering/test/conformance-faults.ts'
import { readText } from '../../../services/rendering/test/pdf-reading.ts'

const program = join(import.meta.dirname, '../src/example-pdfs.ts')

test('make example-pdfs writes three files that can be archived and read by everyone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'example-pdfs-'))
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--conditions=source',
    program,
    folder,
  ])
  const files = (await readdir(folder)).sort()
  expect(files).toEqual(['driving-licence.pdf', 'employer-without-diagnosis.pdf', 'sick-leave.pdf'])
  for (const file of files) {
    expect(stdout).toContain(join(folder, file))
    const bytes = await readFile(join(folder, file))
    expect({ file, faults: conformanceFaults(bytes) }).toEqual({ file, faults: [] })
    const said = await readText(bytes)
    expect(said).toMatch(/Patient\D*\d{8}-\d{4}/)
    // What a question is called that the catalogue does not know.
    expect(said).not.toMatch(/Fråga\d/)
  }
  await rm(folder, { recursive: true })
})

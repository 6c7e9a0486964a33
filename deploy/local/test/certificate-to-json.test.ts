import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const program = join(import.meta.dirname, '../src/certificate-to-json.ts')
const namespace = 'urn:riv:clinicalprocess:healthcond:certificate'
const intyg = (id: string) => `<intyg xmlns="${namespace}:3" xmlns:t="${namespace}:types:3">
<intygs-id><t:root>r</t:root><t:extension>${id}</t:extension></intygs-id><typ><t:code>IGRAV</t:code></typ><version>1.0</version>
<svar id="54"><delsvar id="54.1">2026-09-01</delsvar></svar></intyg>`

interface Outcome {
  code: number
  stdout: string
  stderr: string
}

describe('make certificate', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'certificate-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function run(document: string): Promise<Outcome> {
    const file = join(folder, 'x.xml')
    await writeFile(file, document)
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        ['--conditions=source', program, file],
        (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : 1, stdout, stderr })
        },
      )
    })
  }

  test('prints a certificate as JSON', async () => {
    const { code, stdout } = await run(intyg('a'))
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      type: { code: 'IGRAV', name: 'Intyg om graviditet' },
      summary: { label: 'Beräknat födelsedatum', value: '2026-09-01' },
    })
  })

  test('prints several as an array, the ones that cannot be read among them', async () => {
    const list = 'ListCertificatesForCitizenResponse'
    const { code, stdout } = await run(
      `<l:${list} xmlns:l="${namespace}:ListCertificatesForCitizenResponder:4">` +
        `<l:intygsLista>${intyg('a')}<l:intyg/></l:intygsLista></l:${list}>`,
    )
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject([{ type: { code: 'IGRAV' } }, { readable: false }])
  })

  test.each([
    ['no XML', 'hej', 'not-well-formed'],
    ['another kind of XML', '<html/>', 'not-a-certificate'],
    ['a doctype', '<!DOCTYPE x><x/>', 'doctype-refused'],
  ])('says in one line that a file is %s, and exits 1', async (_, document, reason) => {
    const { code, stdout, stderr } = await run(document)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(reason)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})

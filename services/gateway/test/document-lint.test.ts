import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse, stringify } from 'yaml'
import { sharedFolder } from '@minaintyg/testing'
import { documentFile } from '../src/documentation/written-document.ts'

const run = promisify(execFile)
const program = join(import.meta.dirname, 'lint-document.ts')
const profile = join(sharedFolder, 'checks/digg.spectral.mjs')

interface Finding {
  rule: string
  isError: boolean
  at: string
}
type Findings = Record<'spectral' | 'redocly' | 'own', Finding[]>

async function lint(file: string, ...rules: string[]): Promise<Findings> {
  const { stdout } = await run(process.execPath, [program, file, ...rules], {
    env: { ...process.env, NODE_OPTIONS: '' },
    maxBuffer: 64 * 1024 * 1024,
  })
  return JSON.parse(stdout) as Findings
}
const errors = (found: Finding[]) => found.filter(({ isError }) => isError)

describe('the document has no error', () => {
  let found: Findings
  beforeAll(async () => {
    found = await lint(documentFile, ...(existsSync(profile) ? [profile] : []))
  }, 120_000)

  test('by Spectral’s rules of OpenAPI, and no warning but of codes that no operation answers', () => {
    expect(errors(found.spectral)).toEqual([])
    expect(new Set(found.spectral.map(({ rule }) => rule))).toEqual(
      new Set(['oas3-unused-component']),
    )
  })

  test('by Redocly’s recommended, and no warning but of those and of what only redirects', () => {
    expect(errors(found.redocly)).toEqual([])
    expect(new Set(found.redocly.map(({ rule }) => rule))).toEqual(
      new Set(['no-unused-components', 'operation-2xx-response']),
    )
    const redirects = found.redocly.filter(({ rule }) => rule === 'operation-2xx-response')
    expect(redirects.map(({ at }) => at)).toEqual([
      '#/paths/~1auth~1login/get/responses',
      '#/paths/~1auth~1callback/get/responses',
    ])
  })

  const withProfile = existsSync(profile) ? test : test.skip
  withProfile(
    `by the national profile${existsSync(profile) ? '' : ' (skipped: no ../shared/checks beside the checkout)'}`,
    () => {
      expect(errors(found.own)).toEqual([])
    },
  )
})

test('a fault is found by each of them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lint-'))
  try {
    const faulty = parse(await readFile(documentFile, 'utf8'))
    const operation = faulty.paths['/api-info'].get
    operation.responses['200'].content['application/json'].example = { name: 1 }
    delete operation.responses['200'].description
    delete operation.security
    delete operation.description
    const file = join(folder, 'gateway.yaml')
    await writeFile(file, stringify(faulty, { schema: 'yaml-1.1' }))
    const { spectral, redocly, own } = await lint(file, ...(existsSync(profile) ? [profile] : []))
    expect(errors(spectral).map(({ rule }) => rule)).toContain('oas3-valid-media-example')
    expect(errors(redocly).map(({ rule }) => rule)).toContain('security-defined')
    if (existsSync(profile)) expect(errors(own).map(({ rule }) => rule)).toContain('DOK.19')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}, 120_000)

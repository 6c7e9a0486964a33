import console from 'node:console'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const here = import.meta.dirname
const document = process.argv[2] ?? join(here, '../gateway.yaml')
const run = promisify(execFile)
const folder = await mkdtemp(join(tmpdir(), 'openapi-generators-'))

/** What `npx` would run, of this folder's packages and no others. */
async function programOf(name, command) {
  const home = join(here, 'node_modules', name)
  const { bin } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'))
  return join(home, typeof bin === 'string' ? bin : bin[command])
}

const generators = {
  '@hey-api/openapi-ts': {
    command: 'openapi-ts',
    parameters: (out) => ['-i', document, '-o', out, '--no-log-file'],
  },
  orval: {
    command: 'orval',
    parameters: (out) => [
      '--input',
      document,
      '--output',
      join(out, 'gateway.ts'),
      '--client',
      'fetch',
    ],
  },
  'swagger-typescript-api': {
    command: 'swagger-typescript-api',
    parameters: (out) => ['generate', '-p', document, '-o', out, '-n', 'gateway.ts'],
  },
}

const strict = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    target: 'es2023',
    module: 'esnext',
    moduleResolution: 'bundler',
    lib: ['es2023', 'dom', 'dom.iterable'],
    types: [],
  },
  include: ['.'],
}

async function textOf(out) {
  const files = (await readdir(out, { recursive: true })).filter((name) => name.endsWith('.ts'))
  return (await Promise.all(files.map((name) => readFile(join(out, name), 'utf8')))).join('\n')
}

/** A generator may write `sendCertificate` with a capital, and leaves none out. */
async function missingIn(out) {
  const source = await readFile(document, 'utf8')
  const ids = [...source.matchAll(/^ +operationId: (\w+)$/gm)].map(([, id]) => id)
  if (ids.length < 25) throw new Error(`Only ${ids.length} operations in ${document}`)
  const text = (await textOf(out)).toLowerCase()
  return ids.filter((id) => !text.includes(id.toLowerCase()))
}

async function check(name, { command, parameters }) {
  const out = join(folder, command)
  const program = await programOf(name, command)
  await run(process.execPath, [program, ...parameters(out)], { cwd: folder })
  const missing = await missingIn(out)
  if (missing.length > 0) throw new Error(`leaves out ${missing.join(', ')}`)
  await writeFile(join(out, 'tsconfig.json'), JSON.stringify(strict))
  await run(process.execPath, [await programOf('typescript', 'tsc'), '-p', out], { cwd: out })
}

try {
  for (const [name, generator] of Object.entries(generators)) {
    try {
      await check(name, generator)
      console.log(`${name}: passes, and what it makes compiles`)
    } catch (error) {
      console.error(`${name}: ${error.message}\n${error.stdout ?? ''}`)
      process.exitCode = 1
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}

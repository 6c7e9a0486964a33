import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs'
import { join, relative } from 'node:path'

interface Manifest {
  name: string
  version: string
  license?: string | { type: string }
  description?: string
  dependencies?: Record<string, string>
}

/** What package-lock.json says of one folder. */
export interface LockedPackage {
  version?: string
  license?: string
  integrity?: string
  link?: boolean
  dev?: boolean
  hasInstallScript?: boolean
}
export type LockFile = Record<string, LockedPackage>

interface Found {
  folder: string
  manifest: Manifest
}

/** Every package below a folder of packages, those in packages as well. */
function* packagesIn(folder: string): Generator<Found> {
  if (!existsSync(folder)) return
  for (const { name } of readdirSync(folder, { withFileTypes: true })) {
    if (name.startsWith('.')) continue
    if (name.startsWith('@')) {
      yield* packagesIn(join(folder, name))
      continue
    }
    // Ours are links to their place in the tree.
    const path = realpathSync(join(folder, name))
    const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest
    yield { folder: path, manifest }
    yield* packagesIn(join(path, 'node_modules'))
  }
}

const purlOf = ({ name, version }: Manifest) =>
  `pkg:npm/${name.replace('@', '%40')}@${encodeURIComponent(version)}`

function licenceOf({ license }: Manifest, locked: LockedPackage | undefined): object[] {
  const name = typeof license === 'object' ? license.type : (license ?? locked?.license)
  if (name === undefined) return []
  return [/ (OR|AND|WITH) /.test(name) ? { expression: name } : { license: { id: name } }]
}

/** `sha512-<base64>` of the registry as CycloneDX has it. */
function hashesOf(locked: LockedPackage | undefined): object[] {
  const [, content] = /^sha512-(\S+)$/.exec(locked?.integrity ?? '') ?? []
  if (content === undefined) return []
  return [{ alg: 'SHA-512', content: Buffer.from(content, 'base64').toString('hex') }]
}

const byPurl = (left: { purl: string }, right: { purl: string }) =>
  left.purl < right.purl ? -1 : Number(left.purl > right.purl)

/** An id of what is listed alone: the same list has the same id (RFC 9562, version 8). */
function serialNumber(components: readonly object[]): string {
  const hash = createHash('sha256').update(JSON.stringify(components)).digest('hex')
  const parts = [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ]
  return `urn:uuid:${parts.join('-')}`
}

/**
 * CycloneDX 1.6 of the npm packages that a folder holds: what is there, not what was asked for. Without a
 * time of day, so that the same image has the same one.
 * @param root holds node_modules; paths in the lock file are relative to it
 * @throws where something is there that the lock file does not know
 */
export function billOfMaterials(root: string, lock: LockFile, subject: Manifest): object {
  const components = new Map<string, { purl: string }>()
  for (const { folder, manifest } of packagesIn(join(root, 'node_modules'))) {
    const locked = lock[relative(realpathSync(root), folder)]
    if (locked?.version !== manifest.version) {
      throw new Error(`${folder} is not what package-lock.json has there`)
    }
    if (manifest.name === subject.name) continue
    const purl = purlOf(manifest)
    components.set(purl, {
      type: 'library',
      'bom-ref': purl,
      name: manifest.name,
      version: manifest.version,
      licenses: licenceOf(manifest, locked),
      hashes: hashesOf(locked),
      purl,
    } as { purl: string })
  }
  const listed = [...components.values()].sort(byPurl)
  const purl = purlOf(subject)
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: serialNumber(listed),
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': purl,
        name: subject.name,
        version: subject.version,
        licenses: licenceOf(subject, undefined),
        purl,
      },
    },
    components: listed,
  }
}

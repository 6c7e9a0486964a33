import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { changesBetween } from './document-changes.ts'
import type { ApiDocument } from './document-changes.ts'
import type { Change } from './schema-changes.ts'

/** The documents of every version that callers were given. */
const releasedFolder = join(import.meta.dirname, '../../../../../openapi/released')

type Version = [major: number, minor: number, patch: number]
const fileName = /^gateway-(\d+)\.(\d+)\.(\d+)\.yaml$/

const versionOf = (text: string): Version => {
  const [major = 0, minor = 0, patch = 0] = text.split('.').map(Number)
  return [major, minor, patch]
}
const byVersion = (one: Version, other: Version) =>
  one[0] - other[0] || one[1] - other[1] || one[2] - other[2]

export async function lastReleased(folder = releasedFolder): Promise<ApiDocument> {
  const versions = (await readdir(folder))
    .map((name) => fileName.exec(name)?.slice(1).join('.'))
    .filter((each) => each !== undefined)
    .toSorted((one, other) => byVersion(versionOf(one), versionOf(other)))
  const last = versions.at(-1)
  if (last === undefined) throw new Error(`There is no released document in ${folder}`)
  return parse(await readFile(join(folder, `gateway-${last}.yaml`), 'utf8')) as ApiDocument
}

/**
 * What must not be: a breaking change that the version does not tell of, or a version that goes back.
 * Before 1.0.0 the second number tells of breaking changes (Semantic Versioning, 4).
 */
export function faultsOfVersion(before: ApiDocument, after: ApiDocument): string[] {
  const [was, is] = [versionOf(before.info.version), versionOf(after.info.version)]
  if (byVersion(is, was) < 0) return [`${after.info.version} is before ${before.info.version}`]
  const isNewMajor = is[0] > was[0] || (was[0] === 0 && is[1] > was[1])
  if (isNewMajor) return []
  return changesBetween(before, after)
    .filter(({ kind }) => kind === 'breaking')
    .map(({ at, what }) => `${at}: ${what}`)
}

const words: Record<Change['kind'], string> = {
  breaking: 'Breaking',
  added: 'Added',
  changed: 'Changed',
}

/** For people: what changed since the last release, the breaking first. */
export function summary(before: ApiDocument, after: ApiDocument): string {
  const changes = changesBetween(before, after)
  const { version } = before.info
  if (changes.length === 0) return `Nothing that callers notice has changed since ${version}.`
  const parts = (['breaking', 'added', 'changed'] as const).flatMap((kind) => {
    const some = changes.filter((each) => each.kind === kind)
    return some.length === 0
      ? []
      : [`${words[kind]}:`, ...some.map(({ at, what }) => `  ${at}: ${what}`)]
  })
  return [`Since ${version}:`, ...parts].join('\n')
}

/** Keeps a document as released. @throws where that version is out already */
export async function release(text: string, folder = releasedFolder): Promise<string> {
  const { version } = (parse(text) as ApiDocument).info
  const file = join(folder, `gateway-${version}.yaml`)
  await mkdir(folder, { recursive: true })
  await writeFile(file, text, { flag: 'wx' })
  return file
}

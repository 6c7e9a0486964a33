import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '@minaintyg/config'
import { canonicalTypeCode, typeRule, typeRules } from '@minaintyg/certificate-model'
import Type from 'typebox'
import type { Static } from 'typebox'
import { Value } from 'typebox/value'

const NullableText = Type.Optional(Type.Union([Type.String(), Type.Null()]))

const Element = Type.Object({
  id: Type.String({ minLength: 1 }),
  kind: Type.String(),
  parent: Type.Optional(Type.String()),
  label: NullableText,
  textIds: Type.Optional(Type.Array(Type.String())),
  codeSystem: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
  options: Type.Optional(Type.Array(Type.Object({ code: NullableText, label: NullableText }))),
})
export type OfficialElement = Static<typeof Element>

/** The authorities' own wording of one version of a form. What else the file holds is passed by. */
export const OfficialTexts = Type.Object({
  wireTypeCode: Type.String({ minLength: 1 }),
  version: Type.String({ pattern: '^\\d+(\\.\\d+)?$' }),
  name: NullableText,
  elements: Type.Array(Element),
  optionTexts: Type.Optional(
    Type.Array(Type.Object({ textId: Type.String(), label: NullableText })),
  ),
})
export type OfficialTexts = Static<typeof OfficialTexts>

export interface OfficialTextsFile {
  /** As an operator finds it. */
  path: string
  type: string
  texts: OfficialTexts
}

/** A fault of an operator's file, told so that it can be found. */
export const faultIn = (path: string, fault: string): string =>
  `CERTIFICATE_TEXTS_DIR: ${path}: ${fault}`

function parse(path: string): OfficialTexts | string[] {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return [faultIn(path, 'cannot be read as JSON')]
  }
  if (Value.Check(OfficialTexts, content)) return content
  return Value.Errors(OfficialTexts, content)
    .slice(0, 5)
    .map(({ instancePath, message }) => faultIn(path, `${instancePath || '/'} ${message}`))
}

const isKnownType = (code: string) => typeRules.some(({ codes }) => codes.includes(code))

function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => join(directory, name))
  } catch {
    throw new ConfigError([faultIn(directory, 'is not a folder that can be read')])
  }
}

/**
 * Reads the wording that an operator has put in a folder, a file for each version of a form. Types that no patient is
 * shown are passed by.
 * @throws {ConfigError} that names each faulty file, and where in it the fault is
 */
export function readOfficialTexts(directory: string): OfficialTextsFile[] {
  const faults: string[] = []
  const files: OfficialTextsFile[] = []
  const paths = new Map<string, string>()
  for (const path of filesIn(directory)) {
    const texts = parse(path)
    if (Array.isArray(texts)) {
      faults.push(...texts)
      continue
    }
    const type = canonicalTypeCode(texts.wireTypeCode)
    const name = `${type} ${texts.version}`
    const same = paths.get(name)
    if (!isKnownType(type)) faults.push(faultIn(path, `type ${type} is unknown`))
    else if (same !== undefined) faults.push(faultIn(path, `${name} stands in ${same} too`))
    else if (typeRule(type).shown) files.push({ path, type, texts })
    paths.set(name, path)
  }
  if (faults.length > 0) throw new ConfigError(faults)
  if (paths.size === 0) throw new ConfigError([faultIn(directory, 'holds no texts')])
  return files
}

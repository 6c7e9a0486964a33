import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import Type from 'typebox'
import type { Static } from 'typebox'
import { Value } from 'typebox/value'
import type { Language } from '@minaintyg/service'

const Wording = Type.Object(
  {
    title: Type.String({ minLength: 1 }),
    paragraphs: Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }),
  },
  { additionalProperties: false },
)

const ConsentTextFile = Type.Object(
  {
    version: Type.String({ minLength: 1, maxLength: 50 }),
    validFrom: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$' }),
    /** Whether a consent to an earlier version still opens the certificates. */
    earlierConsentHolds: Type.Boolean(),
    languages: Type.Object({ sv: Wording, en: Wording }, { additionalProperties: false }),
  },
  { additionalProperties: false },
)
export type ConsentTextVersion = Static<typeof ConsentTextFile>

export interface ConsentTexts {
  /** The version that is asked for now. */
  current(now: Date): ConsentTextVersion
  /** One that was in force before stays in the folder: the record points at it. */
  version(version: string): ConsentTextVersion
}

const defaultFolder = join(import.meta.dirname, '../../texts')

function readVersion(folder: string, name: string): ConsentTextVersion {
  const text: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'))
  if (!Value.Check(ConsentTextFile, text)) throw new Error(`The consent text ${name} is not whole`)
  return text
}

/** Reads every version once, at the start: a text that is not whole stops it. */
export function loadConsentTexts(folder = defaultFolder): ConsentTexts {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  const versions = names
    .map((name) => readVersion(folder, name))
    .sort((a, b) => Date.parse(b.validFrom) - Date.parse(a.validFrom))
  if (new Set(versions.map(({ version }) => version)).size < versions.length) {
    throw new Error('Two consent texts have the same version')
  }
  return {
    current(now) {
      const valid = versions.find(({ validFrom }) => Date.parse(validFrom) <= now.getTime())
      if (valid === undefined) throw new Error('No consent text is valid yet')
      return valid
    },
    version(version) {
      const found = versions.find((each) => each.version === version)
      if (found === undefined) throw new Error(`The consent text ${version} is gone`)
      return found
    },
  }
}

export function wordingIn(text: ConsentTextVersion, language: Language) {
  return { version: text.version, language, ...text.languages[language] }
}

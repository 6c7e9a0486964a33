import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Type from 'typebox'
import type { Static } from 'typebox'
import { Value } from 'typebox/value'

const ProblemKind = Type.Object(
  {
    code: Type.String({ pattern: '^[a-z-]+\\.[a-z-]+$' }),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    title: Type.String({ minLength: 1 }),
    en: Type.String({ minLength: 1 }),
    sv: Type.String({ minLength: 1 }),
    /** A sentence for the patient; null where none is at the other end. */
    patient: Type.Union([
      Type.Object(
        { sv: Type.String({ minLength: 1 }), en: Type.String({ minLength: 1 }) },
        { additionalProperties: false },
      ),
      Type.Null(),
    ]),
    /** Between services: no caller of this API meets it. */
    inner: Type.Optional(Type.Literal(true)),
  },
  { additionalProperties: false },
)
export type ProblemKind = Static<typeof ProblemKind>

function read(): ProblemKind[] {
  const file = join(import.meta.dirname, '../../problems.json')
  const kinds: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (!Value.Check(Type.Array(ProblemKind), kinds)) {
    const faults = Value.Errors(Type.Array(ProblemKind), kinds)
    const [at] = faults.map(({ instancePath, message }) => `${instancePath} ${message}`)
    throw new Error(`problems.json is not whole: ${at ?? ''}`)
  }
  return kinds
}

/** Every problem that this API can answer, of whichever service behind it. */
export const problemCatalogue: ReadonlyMap<string, ProblemKind> = new Map(
  read().map((kind) => [kind.code, kind]),
)

/** Those that a caller of this API can meet. */
export const publicCodes: ReadonlySet<string> = new Set(
  [...problemCatalogue.values()].filter(({ inner }) => inner !== true).map(({ code }) => code),
)

export function problemKind(code: string): ProblemKind {
  const kind = problemCatalogue.get(code)
  if (kind === undefined) throw new Error(`problems.json does not have ${code}`)
  return kind
}

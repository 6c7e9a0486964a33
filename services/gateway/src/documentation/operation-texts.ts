import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Type from 'typebox'
import type { Static } from 'typebox'
import { Value } from 'typebox/value'

const Words = Type.String({ minLength: 1 })
const OperationTexts = Type.Record(
  Type.String(),
  Type.Object(
    {
      sv: Type.Object({ summary: Words, description: Words }, { additionalProperties: false }),
      trouble: Type.Object({ en: Words, sv: Words }, { additionalProperties: false }),
    },
    { additionalProperties: false },
  ),
)

function read(): Static<typeof OperationTexts> {
  const file = join(import.meta.dirname, '../../operations.json')
  const texts: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (!Value.Check(OperationTexts, texts)) throw new Error('operations.json is not whole')
  return texts
}

/** What is said of each operation beside what stands at its route: in Swedish, and what to do when it fails. */
export const operationTexts = new Map(Object.entries(read()))

/** Who may call: anyone, a patient who is logged in, one who has consented too, or a recipient's client. */
export type Access = 'open' | 'session' | 'consent' | 'recipient'

const needs: Record<Access, { en: string; sv: string }> = {
  open: { en: 'no session, it is open', sv: 'ingen session, den är öppen' },
  session: { en: 'a session', sv: 'en session' },
  consent: { en: 'a session, and the patient’s consent', sv: 'en session och patientens samtycke' },
  recipient: { en: 'the Bearer token of a recipient', sv: 'en mottagares Bearer-token' },
}

/** In English and then in Swedish: what it is for, what it needs, what can go wrong and what to tell the patient. */
export function describeOperation(id: string, english: string, access: Access): string {
  const texts = operationTexts.get(id)
  if (texts === undefined) return english
  const { sv, trouble } = texts
  return [
    english,
    `**Needs:** ${needs[access].en}.`,
    `**When it goes wrong:** ${trouble.en}`,
    '---',
    `**På svenska – ${sv.summary}.** ${sv.description}`,
    `**Kräver:** ${needs[access].sv}.`,
    `**När det går fel:** ${trouble.sv}`,
  ].join('\n\n')
}

import Type from 'typebox'
import { problemKind } from '../meta/problem-catalogue.ts'
import type { ProblemKind } from '../meta/problem-catalogue.ts'
import { referenceTo } from './named-schemas.ts'
import type { SchemaName } from './named-schemas.ts'

/** A JSON answer with a named schema. */
export const json = (name: SchemaName, description: string) => ({
  description,
  content: { 'application/json': { schema: referenceTo(name) } },
})

export const pdf = (description: string) => ({
  description,
  content: { 'application/pdf': { schema: Type.String({ format: 'binary' }) } },
})

export const empty = (description: string) => Type.Null({ description })

/** What any operation can answer, and what those behind the session cookie can answer besides. */
const always = ['request.invalid', 'request.malformed', 'request.too-many', 'service.failed']
const withSession = ['session.required', 'session.expired', 'identity.unavailable']
const withChange = ['csrf.origin-not-allowed', 'csrf.header-missing']
const withBody = ['request.too-large', 'request.unsupported-media-type']

function describe(kinds: readonly ProblemKind[]) {
  return {
    description: kinds.map(({ code, title }) => `\`${code}\`: ${title}.`).join(' '),
    content: {
      'application/problem+json': {
        schema: Type.Ref('Problem'),
        'x-codes': kinds.map(({ code }) => code),
      },
    },
  }
}

/** Parts that the gateway itself waits for. */
const awaited = /^(identity|consent|certificate-store|rendering|dispatch)\.unavailable$/

const withLateness = (codes: readonly string[]) =>
  codes.some((code) => awaited.test(code)) ? [...codes, 'service.timeout'] : codes

/** Responses of a route’s problems, a status each, out of their codes. */
export function failures(...codes: readonly string[]) {
  const byStatus = new Map<number, ProblemKind[]>()
  for (const code of new Set([...always, ...withLateness(codes)])) {
    const kind = problemKind(code)
    byStatus.set(kind.status, [...(byStatus.get(kind.status) ?? []), kind])
  }
  return Object.fromEntries([...byStatus].map(([status, kinds]) => [status, describe(kinds)]))
}

export const patientFailures = (...codes: readonly string[]) => failures(...withSession, ...codes)

export const changeFailures = (...codes: readonly string[]) =>
  failures(...withSession, ...withChange, ...codes)

export const bodyFailures = (...codes: readonly string[]) => changeFailures(...withBody, ...codes)

export const machineFailures = (...codes: readonly string[]) =>
  failures('token.invalid', 'token.insufficient-scope', ...codes)

import { Ajv } from 'ajv'
import type { Options } from 'ajv'
import addFormatsModule from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'

const addFormats = addFormatsModule.default

const options: Options = {
  strict: false,
  allErrors: false,
  useDefaults: true,
  removeAdditional: false,
}

/**
 * Queries, parameters and headers arrive as text and are converted; bodies are taken as they are,
 * since coercion would turn 5, true and null into strings. Unknown fields are refused by the schemas.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<object> {
  const forText = addFormats(new Ajv({ ...options, coerceTypes: 'array' }))
  const forBodies = addFormats(new Ajv({ ...options, coerceTypes: false }))
  return ({ schema, httpPart }) => (httpPart === 'body' ? forBodies : forText).compile(schema)
}

/** Postgres stores no NUL in text, in whatever form it arrives: refused at the door. */
export function hasNul(rawUrl: string): boolean {
  return /%00/.test(rawUrl)
}

/** Parses JSON, with NUL and prototype keys refused by the caller's reviver. */
export function bodyHasNul(body: string): boolean {
  return body.includes('\0') || /\\u0000/i.test(body)
}

import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { methods } from '../src/documentation/complete-document.ts'
import { documentFile } from '../src/documentation/written-document.ts'

export interface Media {
  schema?: object
  example?: unknown
  examples?: Record<string, { $ref?: string; summary?: string; externalValue?: string }>
}
export interface DocumentedOperation {
  operationId: string
  summary: string
  description: string
  tags: string[]
  'x-access': string
  parameters: { name: string; in: string; description?: string }[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, { description: string; content?: Record<string, Media> }>
}
export interface WrittenDocument {
  info: { version: string; description: string }
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, DocumentedOperation>>
  components: {
    schemas: Record<string, object>
    examples: Record<string, { description: string; value: { type: string; code: string } }>
  }
}

export const readDocument = (file = documentFile): WrittenDocument =>
  parse(readFileSync(file, 'utf8')) as WrittenDocument

/** Each with the name by which people know it: `GET /session`. */
export function operationsOf({ paths }: WrittenDocument): [string, DocumentedOperation][] {
  return Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method): [string, DocumentedOperation][] => {
      const operation = item[method]
      return operation === undefined ? [] : [[`${method.toUpperCase()} ${path}`, operation]]
    }),
  )
}

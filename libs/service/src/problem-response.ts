import Type from 'typebox'

/** Response schema of a problem, for the `response` of a route: `'4xx': problemResponse`. */
export const problemResponse = {
  description: 'RFC 9457 problem',
  content: { 'application/problem+json': { schema: Type.Ref('Problem') } },
} as const

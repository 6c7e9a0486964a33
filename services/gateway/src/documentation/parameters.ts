import type { OpenAPIV3_1 } from 'openapi-types'
import type { Access } from './operation-texts.ts'

/** With JSON Schema of 2020-12, which the types of the package do not know in parameters. */
type Parameter = Omit<OpenAPIV3_1.ParameterObject, 'schema'> & { schema?: object }

const traceparent: Parameter = {
  name: 'traceparent',
  in: 'header',
  required: false,
  description: 'W3C Trace Context; a trace is begun where it is left out',
  schema: { type: 'string' },
}
const requestedWith: Parameter = {
  name: 'X-Requested-With',
  in: 'header',
  required: true,
  description: 'Always `mina-intyg`: no form of another site can send it',
  // Filled in where the document is tried.
  schema: { type: 'string', const: 'mina-intyg', default: 'mina-intyg' },
}
const language: Parameter = {
  name: 'Accept-Language',
  in: 'header',
  required: false,
  description: 'Of sentences and labels: `sv` (also where left out) or `en`',
  schema: { type: 'string', examples: ['sv', 'en'] },
}
const ifNoneMatch: Parameter = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: '`ETag` of what the client has: 304 when it is still the same',
  schema: { type: 'string' },
}

/** Of filters and pages, whose schemas are shared with the services behind. */
const descriptions: Record<string, string> = {
  type: 'Code of a type, as `facets.types` has it; repeat it for several',
  unit: 'Id of a care unit, as `facets.units` has it; repeat it for several',
  year: 'Year of issue, as `facets.years` has it; repeat it for several',
  status: 'A status, as `facets.statuses` has it; repeat it for several',
  archived: '`true`: the archive instead of the list',
  sort: '`-issuedAt`: newest first; `issuedAt`: oldest first',
  limit: 'Most on a page',
  cursor: '`nextCursor` of the page before',
  grant: 'The secret of the link',
}

const inSwedishOrEnglish = new Set([
  'getSickLeaveGuide',
  'verifyCopy',
  'getProblemKind',
  'download',
])
const forMachines = new Set(['requestToken', 'backchannelLogOut'])

function complete(parameter: Parameter): Parameter {
  if (parameter.name === 'idempotency-key') {
    return { ...parameter, name: 'Idempotency-Key', required: true }
  }
  const description = parameter.description ?? descriptions[parameter.name]
  return description === undefined ? parameter : { ...parameter, description }
}

/** Those of the route, and those that its kind of call has besides. */
export function completeParameters(
  { operationId = '', parameters = [] }: OpenAPIV3_1.OperationObject,
  { method, access, hasETag }: { method: string; access: Access; hasETag: boolean },
): Parameter[] {
  const isForMachines = access === 'recipient' || forMachines.has(operationId)
  const hasWords = access === 'session' || access === 'consent'
  return [
    ...(parameters as Parameter[]).map(complete),
    ...(method !== 'get' && !isForMachines ? [requestedWith] : []),
    ...(hasWords || inSwedishOrEnglish.has(operationId) ? [language] : []),
    ...(hasETag ? [ifNoneMatch] : []),
    traceparent,
  ]
}

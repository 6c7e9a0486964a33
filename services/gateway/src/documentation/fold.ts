const reference = '#/components/schemas/'

type Fields = Record<string, unknown>
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]))
}
const canonical = (schema: unknown) => JSON.stringify(sorted(schema))

/** Its words, where a schema is one literal string and nothing else. */
function literalOf(schema: unknown): unknown[] | undefined {
  if (!isObject(schema) || schema['type'] !== 'string') return undefined
  const rest = Object.keys(schema).filter((key) => !['type', 'enum', 'const'].includes(key))
  if (rest.length > 0) return undefined
  if (schema['const'] !== undefined) return [schema['const']]
  return Array.isArray(schema['enum']) ? schema['enum'] : undefined
}

/** A choice of literals, which TypeBox writes as `anyOf`, as the one `enum` that readers and generators expect. */
export function withEnums(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withEnums)
  if (!isObject(value)) return value
  const { anyOf, ...rest } = value
  const words = Array.isArray(anyOf) ? anyOf.map(literalOf) : [undefined]
  if (words.every((each) => each !== undefined)) {
    return { type: 'string', enum: words.flat(), ...rest }
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withEnums(each)]))
}

/** Puts a reference wherever a schema that has a name stands written out. */
export function createFold(schemas: Fields) {
  const names = new Map(Object.entries(schemas).map(([name, each]) => [canonical(each), name]))
  return function fold(value: unknown, own?: string): unknown {
    if (Array.isArray(value)) return value.map((each) => fold(each))
    if (!isObject(value)) return value
    const name = names.get(canonical(value))
    if (name !== undefined && name !== own) return { $ref: `${reference}${name}` }
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fold(each)]))
  }
}

/** The name of the schema that is referred to. */
export function nameOf(schema: unknown): string | undefined {
  const target = isObject(schema) ? schema['$ref'] : undefined
  return typeof target === 'string' && target.startsWith(reference)
    ? target.slice(reference.length)
    : undefined
}

function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn)
  if (!isObject(value)) return []
  const own = nameOf(value)
  return [...(own === undefined ? [] : [own]), ...Object.values(value).flatMap(namesIn)]
}

/** Those that something refers to, in the order of their names. */
export function usedSchemas(from: unknown, schemas: Fields): Fields {
  const used = new Set<string>()
  const waiting = namesIn(from)
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (used.has(name)) continue
    used.add(name)
    waiting.push(...namesIn(schemas[name]))
  }
  return Object.fromEntries([...used].sort().map((name) => [name, schemas[name]]))
}

const types = 'xmlns:t="urn:riv:clinicalprocess:healthcond:certificate:types:3"'

/** Declarations that the fragments of this folder rely on: `c` is the core model, `t` its types. */
export const namespaces = `xmlns:c="urn:riv:clinicalprocess:healthcond:certificate:3" ${types}`

/** Text as it may stand between two tags. */
export const escapeXml = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** What one delsvar holds: ready XML. */
export type Part = string

export const text = (value: string): Part => escapeXml(value)
export const yesNo = (value: boolean): Part => String(value)

/** Local elements of the types namespace, in the order given; absent ones are left out. */
export function typed(name: string, fields: Record<string, string | undefined>): Part {
  const inner = Object.entries(fields)
    .map(([key, value]) => (value === undefined ? '' : `<t:${key}>${escapeXml(value)}</t:${key}>`))
    .join('')
  return `<t:${name}>${inner}</t:${name}>`
}

export const code = (codeSystem: string, value: string, displayName?: string): Part =>
  typed('cv', { code: value, codeSystem, displayName })

export const period = (start: string, end: string): Part => typed('datePeriod', { start, end })
export const quantity = (value: number, unit: string): Part =>
  typed('pq', { value: String(value), unit })
export const year = (value: string): Part => typed('partialDate', { format: 'YYYY', value })

/** One svar. `parts` are its delsvar by number: `{ 1: … }` becomes delsvar `<id>.1`. */
export function svar(
  id: number,
  parts: Record<number, Part | undefined>,
  instance?: number,
): string {
  const inner = Object.entries(parts)
    .map(([part, content]) =>
      content === undefined ? '' : `<c:delsvar id="${id}.${part}">${content}</c:delsvar>`,
    )
    .join('')
  const instans = instance === undefined ? '' : `<c:instans>${instance}</c:instans>`
  return `<c:svar id="${id}">${instans}${inner}</c:svar>`
}

/** The same question several times, as rows of a list are sent. */
export const rows = (id: number, each: readonly Record<number, Part | undefined>[]): string =>
  each.map((parts, index) => svar(id, parts, index + 1)).join('\n')

import { SpanKind, failSpan, isInSpan, startSpan } from '@minaintyg/telemetry'
import type { LogEvent } from 'kysely'

const mostNames = 1_000
const names = new Map<string, string>()

/** What a statement of several parts writes, in their order; a lock (`for update`) or an upsert is no update. */
const writesOf = (statement: string): string[] =>
  [
    ...statement.matchAll(
      /(?<!(?:for|key|do) )\b(insert|update|delete)(?: into| from)? "?([a-z_]+)"?/gi,
    ),
  ].map(([, verb = '', table = '']) => `${verb.toLowerCase()} ${table}`)

/**
 * What a statement does and with which table: no value stands in either. OpenTelemetry's `db.query.summary`, which names each
 * part of one that has several.
 */
function summarise(statement: string): string {
  const known = names.get(statement)
  if (known !== undefined) return known
  const [, verb = 'query'] = /^\s*(\w+)/.exec(statement) ?? []
  const [, table = ''] = /\b(?:from|into|update)\s+"?([a-z_]+)"?/i.exec(statement) ?? []
  const parts = verb === 'with' ? writesOf(statement) : []
  const name = parts.length > 0 ? parts.join(' ') : `${verb.toLowerCase()} ${table}`.trim()
  // Statements with lists of ids differ each time, and must not fill the memory.
  if (names.size < mostNames) names.set(statement, name)
  return name
}

/** A span for a statement that is over. */
export function traceQuery(event: LogEvent): void {
  // What polls by itself belongs to nobody's trace.
  if (!isInSpan()) return
  const { query, queryDurationMillis, level } = event
  const name = summarise(query.sql)
  const span = startSpan(name, {
    kind: SpanKind.CLIENT,
    attributes: { 'db.system.name': 'postgresql', 'db.query.summary': name },
    startTime: Date.now() - queryDurationMillis,
  })
  if (level === 'error') failSpan(span, event.error)
  span.end()
}

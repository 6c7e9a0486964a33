import { SpanKind, failSpan, isInSpan, startSpan } from '@minaintyg/telemetry'
import type { LogEvent } from 'kysely'

const mostNames = 1_000
const names = new Map<string, string>()

/** What a statement does and with which table: no value stands in either. */
function summarise(statement: string): string {
  const known = names.get(statement)
  if (known !== undefined) return known
  const [, verb = 'query'] = /^\s*(\w+)/.exec(statement) ?? []
  const [, table = ''] = /\b(?:from|into|update)\s+"?([a-z_]+)"?/i.exec(statement) ?? []
  const name = `${verb.toLowerCase()} ${table}`.trim()
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

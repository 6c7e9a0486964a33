import { ask } from '@minaintyg/gateway-client'
import type { Schemas } from '@minaintyg/gateway-client'
import { api } from '../api.ts'
import { Failure, Loading, Page, Tag, WorkButton } from '../parts/basics.tsx'
import { date, time } from '../parts/formats.ts'
import { usePages } from '../parts/use-pages.ts'
import { useLanguage, useWords } from '../words/language.ts'

type Entry = Schemas['AccessLogEntry']

function byDay(entries: Entry[], dayOf: (entry: Entry) => string): [string, Entry[]][] {
  const days = new Map<string, Entry[]>()
  for (const entry of entries) {
    const day = dayOf(entry)
    days.set(day, [...(days.get(day) ?? []), entry])
  }
  return [...days]
}

function LogEntry({ entry: { at, text, outcome, actor } }: { entry: Entry }) {
  const { accessLog } = useWords()
  return (
    <li class="log-entry">
      <span class="when">{time(at, useLanguage())}</span>
      <div>
        <p>{text}</p>
        {actor.kind === 'patient' ? null : <p class="quiet">{actor.name}</p>}
        {outcome === 'refused' ? (
          <ul class="tags">
            <Tag kind="rejected">{accessLog.refused}</Tag>
          </ul>
        ) : null}
      </div>
    </li>
  )
}

export function AccessLogPage() {
  const words = useWords()
  const language = useLanguage()
  const { loaded, error, loading, hasMore, more, reload } = usePages((cursor) =>
    ask(api.GET('/access-log', { params: { query: cursor === undefined ? {} : { cursor } } })),
  )
  const entries = loaded.flatMap(({ items }) => items)
  return (
    <Page title={words.accessLog.title}>
      <p class="lead">{words.accessLog.lead}</p>
      {error === undefined ? null : <Failure error={error} onRetry={reload} />}
      {loaded.length === 0 && loading ? <Loading /> : null}
      {loaded.length > 0 && entries.length === 0 ? <p>{words.accessLog.none}</p> : null}
      {byDay(entries, ({ at }) => date(at, language)).map(([day, ofDay]) => (
        <section key={day}>
          <h2>{day}</h2>
          <ul class="log">
            {ofDay.map((entry, index) => (
              <LogEntry key={`${entry.at} ${index}`} entry={entry} />
            ))}
          </ul>
        </section>
      ))}
      {hasMore ? (
        <div class="buttons">
          <WorkButton work={more} onError={() => undefined}>
            {words.more}
          </WorkButton>
        </div>
      ) : null}
    </Page>
  )
}

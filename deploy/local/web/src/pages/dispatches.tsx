import { ask } from '@minaintyg/gateway-client'
import { api } from '../api.ts'
import { Failure, Loading, Page, Tag, WorkButton } from '../parts/basics.tsx'
import { moment } from '../parts/formats.ts'
import { usePages } from '../parts/use-pages.ts'
import { useLanguage, useWords } from '../words/language.ts'

export function DispatchesPage() {
  const words = useWords()
  const language = useLanguage()
  const { loaded, error, loading, hasMore, more, reload } = usePages((cursor) =>
    ask(
      api.GET('/dispatches', {
        params: { query: cursor === undefined ? {} : { cursor } },
      }),
    ),
  )
  const items = loaded.flatMap((page) => page.items)
  const isEmpty = loaded.length > 0 && items.length === 0
  return (
    <Page title={words.dispatches.title}>
      {error === undefined ? null : <Failure error={error} onRetry={reload} />}
      {loaded.length === 0 && loading ? <Loading /> : null}
      {isEmpty ? (
        <div class="empty">
          <h2>{words.dispatches.none}</h2>
          <p>{words.dispatches.noneText}</p>
        </div>
      ) : null}
      <ul class="entries">
        {items.map(({ id, certificate, recipient, state, timeline }) => (
          <li key={id} class="entry">
            <h2>
              <a href={`/skickat/${id}`}>{certificate.type.name}</a>
            </h2>
            <p class="quiet">
              {recipient.name}
              {timeline[0] === undefined ? '' : `, ${moment(timeline[0].at, language)}`}
            </p>
            <ul class="tags">
              <Tag kind={state}>{words.states[state]}</Tag>
            </ul>
          </li>
        ))}
      </ul>
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

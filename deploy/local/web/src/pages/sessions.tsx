import { useState } from 'preact/hooks'
import { ask } from '@minaintyg/gateway-client'
import { api } from '../api.ts'
import { Failure, Loading, Notice, Page, WorkButton } from '../parts/basics.tsx'
import { moment } from '../parts/formats.ts'
import { useAnswer } from '../parts/use-answer.ts'
import { useLanguage, useWords } from '../words/language.ts'

export function SessionsPage() {
  const { sessions: words } = useWords()
  const language = useLanguage()
  const { data, error, reload } = useAnswer(() => ask(api.GET('/sessions')))
  const [failure, setFailure] = useState<unknown>()
  const [done, setDone] = useState(false)
  const then = (work: () => Promise<unknown>) => async () => {
    await work()
    setDone(true)
    reload()
  }
  const others = data?.items.filter(({ current }) => !current) ?? []
  return (
    <Page title={words.title}>
      <p class="lead">{words.lead}</p>
      {error === undefined ? null : <Failure error={error} onRetry={reload} />}
      {failure === undefined ? null : <Failure error={failure} />}
      <div role="status">
        {done ? (
          <Notice tone="good">
            <p>{words.ended}</p>
          </Notice>
        ) : null}
      </div>
      {data === undefined && error === undefined ? <Loading /> : null}
      <ul class="entries">
        {data?.items.map(({ id, createdAt, lastSeenAt, current }) => (
          <li key={id} class="entry still">
            <h2>{current ? words.current : words.other}</h2>
            <p>
              {words.began} {moment(createdAt, language)}
            </p>
            <p class="quiet">
              {words.lastSeen} {moment(lastSeenAt, language)}
            </p>
            {current ? null : (
              <WorkButton
                work={then(() => ask(api.DELETE('/sessions/{id}', { params: { path: { id } } })))}
                onError={setFailure}
              >
                {words.end}
              </WorkButton>
            )}
          </li>
        ))}
      </ul>
      {data !== undefined && others.length === 0 ? <p>{words.onlyThis}</p> : null}
      {others.length > 1 ? (
        <div class="buttons">
          <WorkButton work={then(() => ask(api.DELETE('/sessions')))} onError={setFailure}>
            {words.endAll}
          </WorkButton>
        </div>
      ) : null}
    </Page>
  )
}

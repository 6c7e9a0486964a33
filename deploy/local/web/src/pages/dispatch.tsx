import { useEffect, useState } from 'preact/hooks'
import { ask, follow } from '@minaintyg/gateway-client'
import type { Schemas } from '@minaintyg/gateway-client'
import { api } from '../api.ts'
import { BackLink, Failure, Loading, Notice, Page, WorkButton } from '../parts/basics.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { moment } from '../parts/formats.ts'
import { useLanguage, useWords } from '../words/language.ts'

type Dispatch = Schemas['Dispatch']

const moving = new Set<Dispatch['state']>(['queued', 'delivered', 'received', 'parked'])
const cancellable = new Set<Dispatch['state']>(['queued', 'parked'])
const tones: Partial<Record<Dispatch['state'], 'good' | 'warning'>> = {
  accepted: 'good',
  received: 'good',
  rejected: 'warning',
  parked: 'warning',
}

/** The dispatch as it goes, asked for often while it moves and seldom while it rests. */
function useDispatch(id: string, round: number) {
  const language = useLanguage()
  const [dispatch, setDispatch] = useState<Dispatch>()
  const [error, setError] = useState<unknown>()
  useEffect(() => {
    const ending = new AbortController()
    const { signal } = ending
    const isWanted = () => !signal.aborted
    async function run() {
      const ask1 = () => ask(api.GET('/dispatches/{id}', { params: { path: { id } }, signal }))
      const isDone = ({ state }: Dispatch) => !moving.has(state)
      for await (const next of follow(ask1, { isDone, signal })) {
        setError(undefined)
        setDispatch(next)
      }
    }
    run().catch((failure: unknown) => {
      if (isWanted()) setError(failure)
    })
    return () => {
      ending.abort()
    }
  }, [id, language, round])
  return { dispatch, error }
}

const Timeline = ({ dispatch: { timeline, state } }: { dispatch: Dispatch }) => {
  const language = useLanguage()
  return (
    <ol class={`timeline ${moving.has(state) ? 'moving' : 'still'}`}>
      {timeline.map(({ state: step, at, text }) => (
        <li key={`${step} ${at}`}>
          <p>{text}</p>
          <p class="quiet">{moment(at, language)}</p>
        </li>
      ))}
    </ol>
  )
}

function Cancel({ id, onDone }: { id: string; onDone: () => void }) {
  const words = useWords()
  const [asking, setAsking] = useState(false)
  const [error, setError] = useState<unknown>()
  const cancel = async () => {
    await ask(api.DELETE('/dispatches/{id}', { params: { path: { id } } }))
    onDone()
  }
  const close = () => {
    setAsking(false)
    setError(undefined)
    if (error !== undefined) onDone()
  }
  return (
    <div class="buttons">
      <button
        type="button"
        onClick={() => {
          setAsking(true)
        }}
      >
        {words.dispatches.cancel}
      </button>
      {asking ? (
        <Dialog title={words.dispatches.cancelTitle} onClose={close}>
          <p>{words.dispatches.cancelText}</p>
          {error === undefined ? null : <Failure error={error} />}
          <div class="buttons">
            <WorkButton kind="first" work={cancel} onError={setError}>
              {words.dispatches.cancelYes}
            </WorkButton>
            <button type="button" onClick={close}>
              {words.cancel}
            </button>
          </div>
        </Dialog>
      ) : null}
    </div>
  )
}

export function DispatchPage({ id }: { id: string }) {
  const words = useWords()
  const [round, setRound] = useState(0)
  const again = () => {
    setRound(round + 1)
  }
  const { dispatch, error } = useDispatch(id, round)
  const back = <BackLink href="/skickat">{words.dispatches.back}</BackLink>
  if (dispatch === undefined) {
    if (error === undefined) return <Loading />
    return (
      <>
        {back}
        <Page title={words.dispatches.title}>
          <Failure error={error} onRetry={again} />
        </Page>
      </>
    )
  }
  const { certificate, recipient, state } = dispatch
  const advice = words.nextStep[state]
  return (
    <>
      {back}
      <Page title={words.dispatches.pageTitle(certificate.type.name, recipient.name)}>
        {error === undefined ? null : <Failure error={error} onRetry={again} />}
        <div role="status">
          <Notice tone={tones[state] ?? 'info'}>
            <p>
              <strong>{words.states[state]}</strong>
            </p>
            {advice === undefined ? null : <p>{advice}</p>}
          </Notice>
        </div>
        <Timeline dispatch={dispatch} />
        {moving.has(state) ? <p class="small quiet">{words.dispatches.follow}</p> : null}
        {cancellable.has(state) ? <Cancel id={id} onDone={again} /> : null}
        {certificate.type.code === undefined ? null : (
          <p>
            <a href={`/intyg/${certificate.id}`}>{words.dispatches.toCertificate}</a>
          </p>
        )}
      </Page>
    </>
  )
}

import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { ask } from '@minaintyg/gateway-client'
import type { Schemas } from '@minaintyg/gateway-client'
import { api } from '../api.ts'
import { Failure, Loading, Notice, Page, WorkButton } from '../parts/basics.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { keepFile } from '../parts/documents.ts'
import { moment } from '../parts/formats.ts'
import { useAnswer } from '../parts/use-answer.ts'
import { useSession } from '../session.ts'
import { useLanguage, useWords } from '../words/language.ts'

type Consent = Schemas['Consent']
type Withdrawal = Schemas['ConsentWithdrawal']

/** «Heading: text» of the consent text, with the heading made strong. */
function Paragraph({ text }: { text: string }) {
  const [, heading, rest] = /^([^:.]{3,40}): (.+)$/s.exec(text) ?? []
  if (heading === undefined) return <p>{text}</p>
  return (
    <p>
      <strong>{heading}.</strong> {(rest ?? '').charAt(0).toUpperCase()}
      {(rest ?? '').slice(1)}
    </p>
  )
}

const Text = ({ text }: { text: Consent['text'] }) => (
  <section class="paper" lang={text.language}>
    {text.paragraphs.map((paragraph) => (
      <Paragraph key={paragraph} text={paragraph} />
    ))}
  </section>
)

function Give({ text, isFirst }: { text: Consent['text']; isFirst: boolean }) {
  const { consent: words } = useWords()
  const { refresh, logOut } = useSession()
  const { route, path } = useLocation()
  const [error, setError] = useState<unknown>()
  const give = async () => {
    await ask(api.POST('/consent', { body: { textVersion: text.version } }))
    await refresh()
    // Where it stands before another page, that page comes now, on the same address.
    if (path === '/samtycke') route('/intyg')
  }
  return (
    <>
      <p>{words.voluntary}</p>
      {error === undefined ? null : <Failure error={error} />}
      <div class="buttons">
        <WorkButton kind="first" work={give} onError={setError}>
          {words.yes}
        </WorkButton>
        {isFirst ? (
          <WorkButton work={logOut} onError={setError}>
            {words.no}
          </WorkButton>
        ) : null}
      </div>
    </>
  )
}

function WithdrawDialog({
  onClose,
  onDone,
}: {
  onClose: () => void
  onDone: (withdrawal: Withdrawal) => void
}) {
  const { consent: words, cancel } = useWords()
  const [error, setError] = useState<unknown>()
  const withdraw = async () => {
    onDone(await ask(api.DELETE('/consent')))
  }
  return (
    <Dialog title={words.withdrawTitle} onClose={onClose}>
      <p>{words.withdrawMeans}</p>
      <ul>
        {words.withdrawPoints.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      {error === undefined ? null : <Failure error={error} />}
      <div class="buttons">
        <WorkButton kind="danger" work={withdraw} onError={setError}>
          {words.withdrawYes}
        </WorkButton>
        <button type="button" onClick={onClose}>
          {cancel}
        </button>
      </div>
    </Dialog>
  )
}

function History({ consent }: { consent: Consent }) {
  const { consent: words } = useWords()
  const language = useLanguage()
  const [error, setError] = useState<unknown>()
  const saveProof = async () => {
    const bytes: Blob = await ask(
      api.GET('/consent/proof', { params: { query: { format: 'pdf' } }, parseAs: 'blob' }),
    )
    keepFile(bytes, language === 'sv' ? 'samtycke.pdf' : 'consent.pdf')
  }
  if (consent.history.length === 0) return null
  return (
    <section>
      <h2>{words.history}</h2>
      <ol class="timeline">
        {consent.history.map(({ kind, at, textVersion }) => (
          <li key={`${kind} ${at}`}>
            <p>
              {kind === 'given' ? words.historyGiven : words.historyWithdrawn}{' '}
              <span class="quiet">({words.version(textVersion)})</span>
            </p>
            <p class="quiet">{moment(at, language)}</p>
          </li>
        ))}
      </ol>
      {error === undefined ? null : <Failure error={error} />}
      <WorkButton kind="plain" work={saveProof} onError={setError}>
        {words.proof}
      </WorkButton>
    </section>
  )
}

const Withdrawn = ({ withdrawal }: { withdrawal: Withdrawal }) => {
  const { consent: words } = useWords()
  return (
    <Notice tone="good" role="status">
      <p>
        <strong>{words.withdrawnTitle}.</strong> {words.erased(withdrawal.erased.certificates)}{' '}
        {words.cancelled(withdrawal.cancelledDispatches)} {words.giveAgain}
      </p>
    </Notice>
  )
}

function State({ consent, isFirst }: { consent: Consent; isFirst: boolean }) {
  const { consent: words } = useWords()
  const language = useLanguage()
  const { state, givenAt, withdrawnAt, acceptedVersion, text } = consent
  if (state === 'given' && givenAt !== null) {
    return (
      <Notice tone="good">
        <p>{words.given(moment(givenAt, language))}</p>
      </Notice>
    )
  }
  if (state === 'withdrawn' && withdrawnAt !== null) {
    return (
      <Notice>
        <p>{words.withdrawn(moment(withdrawnAt, language))}</p>
      </Notice>
    )
  }
  return isFirst && acceptedVersion !== null && acceptedVersion !== text.version ? (
    <Notice>
      <p>{words.newText}</p>
    </Notice>
  ) : null
}

/** The first page of everyone who has not consented; afterwards where one sees what was said, and takes it back. */
export function ConsentPage({ isFirst = false }: { isFirst?: boolean }) {
  const words = useWords()
  const { refresh } = useSession()
  const { data, error, reload } = useAnswer(() => ask(api.GET('/consent')))
  const [asking, setAsking] = useState(false)
  const [withdrawal, setWithdrawal] = useState<Withdrawal>()
  if (data === undefined) {
    if (error === undefined) return <Loading />
    return (
      <Page title={words.nav.consent}>
        <Failure error={error} onRetry={reload} />
      </Page>
    )
  }
  const isGiven = data.state === 'given'
  return (
    <Page title={data.text.title}>
      {withdrawal === undefined || isGiven ? (
        <State consent={data} isFirst={isFirst} />
      ) : (
        <Withdrawn withdrawal={withdrawal} />
      )}
      <Text text={data.text} />
      {isGiven ? (
        <div class="buttons">
          <button
            type="button"
            onClick={() => {
              setAsking(true)
            }}
          >
            {words.consent.withdraw}
          </button>
        </div>
      ) : (
        <Give text={data.text} isFirst={isFirst} />
      )}
      <History consent={data} />
      {asking ? (
        <WithdrawDialog
          onClose={() => {
            setAsking(false)
          }}
          onDone={(done) => {
            setAsking(false)
            setWithdrawal(done)
            reload()
            void refresh()
          }}
        />
      ) : null}
    </Page>
  )
}

import { useEffect } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { sentenceOf } from '@minaintyg/gateway-client'
import { logInAgain, logInAt } from '../api.ts'
import { Loading, Notice, Page } from '../parts/basics.tsx'
import { Icon } from '../parts/icons.tsx'
import type { IconName } from '../parts/icons.tsx'
import { useSession } from '../session.ts'
import { useLanguage, useWords } from '../words/language.ts'

const icons: readonly IconName[] = ['lock', 'route', 'undo']

/** For those who come by themselves; whoever is logged in already goes on to the certificates. */
export function StartPage() {
  const { start, helpPages } = useWords()
  const { session } = useSession()
  const { route } = useLocation()
  useEffect(() => {
    if (session.state === 'in') route('/intyg', true)
  }, [session.state, route])
  if (session.state === 'in') return <Loading />
  return (
    <div class="start">
      <Page title={start.title}>
        <p class="lead">{start.lead}</p>
        <div class="buttons">
          <a class="button first" href={logInAt('/intyg')}>
            {start.logIn}
          </a>
        </div>
        <p class="small">{start.age}</p>
        <ul class="points">
          {start.points.map(([title, text], index) => (
            <li key={index}>
              <Icon name={icons[index] ?? 'info'} />
              <div>
                <h2>{title}</h2>
                <p>{text}</p>
              </div>
            </li>
          ))}
        </ul>
        <h2>{start.helpTitle}</h2>
        <ul class="links">
          <li>
            <a href="/hjalp">{helpPages.links.how}</a>
          </li>
          <li>
            <a href="/hjalp/sjukskriven">{helpPages.links.sickLeave}</a>
          </li>
          <li>
            <a href="/hjalp/uppgifter">{helpPages.links.data}</a>
          </li>
        </ul>
      </Page>
    </div>
  )
}

/** On an address that was linked to: the log-in comes back to it. */
export function LogInFirstPage() {
  const words = useWords()
  const { url } = useLocation()
  return (
    <Page title={words.logInFirst.title}>
      <p class="lead">{words.logInFirst.text}</p>
      <div class="buttons">
        <a class="button first" href={logInAt(url)}>
          {words.start.logIn}
        </a>
      </div>
    </Page>
  )
}

export function SignedOutPage() {
  const { signedOut } = useWords()
  return (
    <Page title={signedOut.title}>
      <p class="lead">{signedOut.text}</p>
      <div class="buttons">
        <button type="button" class="first" onClick={logInAgain}>
          {signedOut.again}
        </button>
      </div>
    </Page>
  )
}

/** Where the gateway sends those whose log-in came to nothing, with the code of a problem. */
export function LogInErrorPage() {
  const words = useWords()
  const language = useLanguage()
  const { query } = useLocation()
  return (
    <Page title={words.logInError.title}>
      <Notice tone="warning" role="alert">
        <p>{sentenceOf(query['code'] ?? 'login.failed', language)}</p>
      </Notice>
      <div class="buttons">
        <a class="button first" href={logInAt('/intyg')}>
          {words.tryAgain}
        </a>
        <a class="button" href="/">
          {words.logInError.start}
        </a>
      </div>
    </Page>
  )
}

export function NotFoundPage() {
  const { notFound } = useWords()
  return (
    <Page title={notFound.title}>
      <p class="lead">{notFound.text}</p>
      <p>
        <a href="/">{notFound.link}</a>
      </p>
    </Page>
  )
}

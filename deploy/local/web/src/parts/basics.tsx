import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { ProblemError, sentenceOfError } from '@minaintyg/gateway-client'
import { useSession } from '../session.ts'
import { useLanguage, useWords } from '../words/language.ts'
import { Icon } from './icons.tsx'
import type { IconName } from './icons.tsx'

let pagesShown = 0

/** The frame of a page: its title, and the focus on its heading whenever one comes from another page. */
export function Page({ title, children }: { title: string; children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null)
  const { brand } = useWords()
  useEffect(() => {
    document.title = `${title} – ${brand}`
  }, [title, brand])
  useEffect(() => {
    pagesShown += 1
    if (pagesShown > 1) heading.current?.focus()
  }, [])
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </>
  )
}

export const Loading = () => (
  <p class="loading" role="status">
    {useWords().loading}
  </p>
)

type Tone = 'info' | 'warning' | 'good'
const icons: Record<Tone, IconName> = { info: 'info', warning: 'warning', good: 'check' }

export const Notice = ({
  tone = 'info',
  role,
  children,
}: {
  tone?: Tone
  role?: 'alert' | 'status'
  children: ComponentChildren
}) => (
  <div class={`notice ${tone}`} role={role}>
    <Icon name={icons[tone]} />
    <div>{children}</div>
  </div>
)

/** A failure as a sentence for the patient, with what support asks for. */
export function Failure({
  error,
  onRetry,
}: {
  error: unknown
  onRetry?: (() => void) | undefined
}) {
  const words = useWords()
  const sentence = sentenceOfError(error, useLanguage())
  const { refresh } = useSession()
  const needsConsent = error instanceof ProblemError && error.code === 'consent.required'
  useEffect(() => {
    // Taken back in another window: the page for it comes in place of this one.
    if (needsConsent) void refresh()
  }, [needsConsent, refresh])
  const traceId = error instanceof ProblemError && error.status >= 500 ? error.traceId : ''
  return (
    <Notice tone="warning" role="alert">
      <p>{sentence}</p>
      {traceId === '' ? null : <p class="small">{words.traceId(traceId)}</p>}
      {onRetry === undefined ? null : (
        <button type="button" class="plain" onClick={onRetry}>
          {words.tryAgain}
        </button>
      )}
    </Notice>
  )
}

/** A button that cannot be pressed twice while its work is under way; what goes wrong goes to `onError`. */
export function WorkButton({
  work,
  onError,
  kind = '',
  children,
}: {
  work: () => Promise<unknown>
  onError: (error: unknown) => void
  kind?: 'first' | 'danger' | 'plain' | ''
  children: ComponentChildren
}) {
  const [busy, setBusy] = useState(false)
  const press = () => {
    if (busy) return
    setBusy(true)
    onError(undefined)
    work()
      .catch(onError)
      .finally(() => {
        setBusy(false)
      })
  }
  // aria-disabled keeps the focus where it is, which disabled would not.
  return (
    <button type="button" class={kind} aria-disabled={busy} aria-busy={busy} onClick={press}>
      {children}
    </button>
  )
}

export const BackLink = ({ href, children }: { href: string; children: ComponentChildren }) => (
  <a class="back" href={href}>
    <Icon name="back" />
    {children}
  </a>
)

export const Tag = ({ kind, children }: { kind: string; children: ComponentChildren }) => (
  <li class={`tag ${kind}`}>{children}</li>
)

import type { ComponentChildren } from 'preact'
import { Failure, Loading, Page } from './parts/basics.tsx'
import { ConsentPage } from './pages/consent.tsx'
import { LogInFirstPage, SignedOutPage } from './pages/start.tsx'
import { useSession } from './session.ts'
import { useWords } from './words/language.ts'

/** A page for those who are logged in, and perhaps have consented: others meet what has to come first, on the same address. */
export function Private({
  needsConsent = false,
  children,
}: {
  needsConsent?: boolean
  children: ComponentChildren
}) {
  const { session, refresh } = useSession()
  const { brand } = useWords()
  if (session.state === 'unknown') {
    if (session.error === undefined) return <Loading />
    return (
      <Page title={brand}>
        <Failure error={session.error} onRetry={() => void refresh()} />
      </Page>
    )
  }
  if (session.state === 'out') return <LogInFirstPage />
  if (session.state === 'ended') return <SignedOutPage />
  if (needsConsent && session.me.consent !== 'given') return <ConsentPage isFirst />
  return <>{children}</>
}

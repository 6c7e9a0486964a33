import { useEffect, useState } from 'preact/hooks'
import type { SessionWarning } from '@minaintyg/gateway-client'
import { logInAgain } from '../api.ts'
import { useWords } from '../words/language.ts'
import { Failure, WorkButton } from './basics.tsx'
import { Dialog } from './dialog.tsx'

const minutesLeft = (endsAt: Date) => Math.ceil((endsAt.getTime() - Date.now()) / 60_000)

/** Said before the session ends (WCAG 2.2.1). Escape stays logged in: it is the answer that loses nothing. */
export function SessionWarningDialog({
  warning,
  extend,
  logOut,
}: {
  warning: SessionWarning
  extend: () => Promise<void>
  logOut: () => Promise<void>
}) {
  const words = useWords()
  const [error, setError] = useState<unknown>()
  const [minutes, setMinutes] = useState(minutesLeft(warning.endsAt))
  useEffect(() => {
    const timer = setInterval(() => {
      setMinutes(minutesLeft(warning.endsAt))
    }, 5_000)
    return () => {
      clearInterval(timer)
    }
  }, [warning])
  return (
    <Dialog
      urgent
      title={words.session.title}
      onClose={() => {
        if (warning.canExtend) extend().catch(setError)
      }}
    >
      <p role="status">{words.session.text(minutes)}</p>
      {warning.canExtend ? null : <p>{words.session.last}</p>}
      {error === undefined ? null : <Failure error={error} />}
      <div class="buttons">
        {warning.canExtend ? (
          <WorkButton kind="first" work={extend} onError={setError}>
            {words.session.stay}
          </WorkButton>
        ) : (
          <button type="button" class="first" onClick={logInAgain}>
            {words.signedOut.again}
          </button>
        )}
        <WorkButton work={logOut} onError={setError}>
          {words.logOut}
        </WorkButton>
      </div>
    </Dialog>
  )
}

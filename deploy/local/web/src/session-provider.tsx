import type { ComponentChildren } from 'preact'
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import {
  ask,
  createSessionWatcher,
  isSessionEnded,
  logOut as endSession,
} from '@minaintyg/gateway-client'
import type { SessionWarning, SessionWatcher } from '@minaintyg/gateway-client'
import { api, onSessionEnded } from './api.ts'
import { SessionContext } from './session.ts'
import type { Session } from './session.ts'
import { SessionWarningDialog } from './parts/session-warning.tsx'

async function whoIsHere(): Promise<Session> {
  const { authenticated } = await ask(api.GET('/session'))
  return authenticated ? { state: 'in', me: await ask(api.GET('/me')) } : { state: 'out' }
}

/** Watches the session while somebody is logged in. @returns the warning that holds now, and the watcher */
function useWatcher(isIn: boolean, onEnd: () => void) {
  const [warning, setWarning] = useState<SessionWarning>()
  const watcher = useRef<SessionWatcher>(undefined)
  useEffect(() => {
    if (!isIn) return undefined
    const started = createSessionWatcher(api, {
      onWarning: setWarning,
      onExtended: () => {
        setWarning(undefined)
      },
      onExpired: onEnd,
    })
    watcher.current = started
    const look = () => {
      if (!document.hidden) void started.check()
    }
    document.addEventListener('visibilitychange', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      started.stop()
      setWarning(undefined)
    }
  }, [isIn, onEnd])
  return { warning, watcher }
}

export function SessionProvider({ children }: { children: ComponentChildren }) {
  const [session, setSession] = useState<Session>({ state: 'unknown' })
  const end = useCallback(() => {
    setSession((last) => (last.state === 'in' ? { state: 'ended' } : last))
  }, [])
  const refresh = useCallback(async () => {
    try {
      setSession(await whoIsHere())
    } catch (error) {
      if (isSessionEnded(error)) setSession({ state: 'out' })
      else setSession((last) => (last.state === 'in' ? last : { state: 'unknown', error }))
    }
  }, [])
  const logOut = useCallback(async () => {
    const endSessionUrl = await endSession(api)
    location.assign(endSessionUrl ?? '/')
  }, [])
  useEffect(() => {
    onSessionEnded(end)
    void refresh()
  }, [end, refresh])
  const { warning, watcher } = useWatcher(session.state === 'in', end)
  const tools = useMemo(() => ({ session, refresh, logOut }), [session, refresh, logOut])
  return (
    <SessionContext.Provider value={tools}>
      {children}
      {warning === undefined ? null : (
        <SessionWarningDialog
          warning={warning}
          extend={async () => watcher.current?.extend()}
          logOut={logOut}
        />
      )}
    </SessionContext.Provider>
  )
}

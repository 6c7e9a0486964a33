import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Schemas } from '@minaintyg/gateway-client'

export type Me = Schemas['Me']

/** `ended`: somebody was logged in on this page, and is no longer. */
export type Session =
  | { state: 'unknown'; error?: unknown }
  | { state: 'out' }
  | { state: 'ended' }
  | { state: 'in'; me: Me }

export interface SessionTools {
  session: Session
  /** Who is logged in, asked anew: after a consent has been given or withdrawn. */
  refresh: () => Promise<void>
  logOut: () => Promise<void>
}

export const SessionContext = createContext<SessionTools>({
  session: { state: 'unknown' },
  refresh: async () => undefined,
  logOut: async () => undefined,
})
export const useSession = () => useContext(SessionContext)

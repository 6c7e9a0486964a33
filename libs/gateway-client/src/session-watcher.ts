import type { components } from './gateway-types.ts'
import type { GatewayClient } from './client.ts'
import { ask } from './client.ts'
import { isSessionEnded } from './problem.ts'

type SessionState = components['schemas']['SessionState']

export interface SessionWarning {
  /** By the clock of this machine. */
  readonly endsAt: Date
  /** false: the longest time that any session lasts is what runs out, and only a new log-in helps. */
  readonly canExtend: boolean
}

export interface SessionWatcherOptions {
  /** Shortly before the end. Ask the patient, and call `extend()` if the answer is yes. */
  onWarning: (warning: SessionWarning) => void
  /** The warning no longer holds: extended, here or in another window. */
  onExtended: () => void
  onExpired: () => void
  /** Milliseconds before the end; two minutes unless told, as WCAG 2.2.1 wants at least twenty seconds. */
  warnBefore?: number
  now?: () => number
}

export interface SessionWatcher {
  /** Looks at once: call it when the page comes into view again, as timers sleep with the machine. */
  check: () => Promise<void>
  extend: () => Promise<void>
  stop: () => void
}

const retryDelay = 15_000
// Timers hold no more than 31 bits of milliseconds.
const longestTimer = 2 ** 31 - 1
const clockSlack = 500

/** One timer, set anew at will. */
function createAlarm(ring: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const clear = () => {
    clearTimeout(timer)
  }
  return {
    clear,
    set(milliseconds: number) {
      clear()
      timer = setTimeout(ring, Math.min(Math.max(milliseconds, 0), longestTimer))
    },
  }
}

/** Tells when the session is about to end. Asking (`GET /session`) does not extend it; `extend()` alone does. */
export function createSessionWatcher(
  client: GatewayClient,
  options: SessionWatcherOptions,
): SessionWatcher {
  const { onWarning, onExtended, onExpired, warnBefore = 120_000, now = Date.now } = options
  const alarm = createAlarm(() => void check())
  let warned = false
  let stopped = false

  function stop(): void {
    stopped = true
    alarm.clear()
  }

  function expire(): void {
    if (stopped) return
    stop()
    onExpired()
  }

  function lookAgainIn(milliseconds: number): void {
    if (!stopped) alarm.set(milliseconds)
  }

  function consider({ authenticated, secondsUntilExpire, absoluteExpiry }: SessionState): void {
    if (stopped) return
    if (!authenticated || secondsUntilExpire === null) {
      expire()
      return
    }
    const endsAt = now() + secondsUntilExpire * 1_000
    const remaining = endsAt - now()
    if (remaining > warnBefore) {
      if (warned) onExtended()
      warned = false
      lookAgainIn(remaining - warnBefore + clockSlack)
      return
    }
    if (!warned) {
      warned = true
      const last = absoluteExpiry === null ? Number.POSITIVE_INFINITY : Date.parse(absoluteExpiry)
      onWarning({ endsAt: new Date(endsAt), canExtend: last - endsAt > clockSlack * 2 })
    }
    // Another window may extend it meanwhile.
    lookAgainIn(Math.min(remaining + clockSlack, retryDelay))
  }

  async function check(): Promise<void> {
    if (stopped) return
    try {
      consider(await ask(client.GET('/session')))
    } catch {
      // A gateway that cannot be asked has ended nothing.
      lookAgainIn(retryDelay)
    }
  }

  async function extend(): Promise<void> {
    try {
      consider(await ask(client.POST('/session/extend')))
    } catch (error) {
      if (isSessionEnded(error)) expire()
      else throw error
    }
  }

  void check()
  return { check, extend, stop }
}

import type { Logger } from '@minaintyg/messaging'
import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'

/** Whose access to what was refused, and why. Ids alone. */
export interface RefusedAccess {
  /** Code of the problem that was answered. */
  reason: string
  /** The dispatch or certificate that was asked for, also where there is none. */
  resourceId?: string | undefined
  patientId?: string | undefined
  sessionId?: string | undefined
  clientId?: string | undefined
  recipientId?: string | undefined
  /** Of the route, or the queue, that it came to. */
  route?: string | undefined
  traceId?: string | undefined
}

export interface Audit {
  /** Without waiting; so many at once, that a flood of refusals does not stop the service. Never throws. */
  noteSoon(refused: RefusedAccess): void
  /** Until everything that was noted is stored. */
  settle(): Promise<void>
}

interface Deps {
  db: Kysely<Database>
  now: () => Date
  log: Pick<Logger, 'info' | 'warn' | 'error'>
}

const event = 'access-refused'
const maxPending = 100

export function createAudit({ db, now, log }: Deps): Audit {
  const pending = new Set<Promise<void>>()
  let dropped = 0

  async function store(refused: RefusedAccess): Promise<void> {
    try {
      await db
        .insertInto('audit_event')
        .values({
          at: now(),
          event,
          reason: refused.reason,
          resource_id: refused.resourceId ?? null,
          patient_id: refused.patientId ?? null,
          session_id: refused.sessionId ?? null,
          client_id: refused.clientId ?? null,
          recipient_id: refused.recipientId ?? null,
          route: refused.route ?? null,
          trace_id: refused.traceId ?? null,
        })
        .execute()
      log.info({ event, ...refused }, 'audit')
    } catch (err) {
      log.error({ err, event, ...refused }, 'an audit event could not be stored')
    }
  }

  return {
    noteSoon(refused) {
      if (pending.size >= maxPending) {
        dropped += 1
        log.warn({ event, ...refused, dropped }, 'an audit event was dropped: there are too many')
        return
      }
      const storing = store(refused).finally(() => pending.delete(storing))
      pending.add(storing)
    },
    async settle() {
      await Promise.all(pending)
    },
  }
}

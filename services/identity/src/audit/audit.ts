import type { Kysely, Transaction } from 'kysely'
import type { Server } from '@minaintyg/service'
import type { Database } from '../database.ts'
import { countAuditEvent } from '../identity-metrics.ts'

/** What happened, to which patient where that is known. No number, name, address or token. */
export interface AuditEvent {
  event:
    | 'log-in'
    | 'log-in-failed'
    | 'log-out'
    | 'session-ended'
    | 'person-erased'
    | 'person-number-read'
    | 'patient-searched'
    | 'access-refused'
    | 'client-refused'
  /** Code of the problem that was answered, or who ended the session. */
  reason?: string
  /** What lay behind it, for those who investigate. */
  detail?: string
  patientId?: string
  sessionId?: string
  clientId?: string
  route?: string
  traceId?: string
}

export interface Audit {
  /** Commits together with what it tells of. */
  record(tx: Transaction<Database>, event: AuditEvent): Promise<void>
  /** Of what has happened already and stands, whatever becomes of this. Never throws. */
  note(event: AuditEvent): Promise<void>
  /** Without waiting; so many at once, that a flood of refusals does not stop the service. */
  noteSoon(event: AuditEvent): void
  /** Until everything that was noted is stored. */
  settle(): Promise<void>
}

interface Deps {
  db: Kysely<Database>
  now: () => Date
  log: Pick<Server['log'], 'info' | 'warn' | 'error'>
}

const maxPending = 100

export function createAudit({ db, now, log }: Deps): Audit {
  const pending = new Set<Promise<void>>()
  let dropped = 0

  async function insert(executor: Kysely<Database>, event: AuditEvent): Promise<void> {
    countAuditEvent(event)
    const { patientId, sessionId, clientId, traceId, ...rest } = event
    await executor
      .insertInto('audit_event')
      .values({
        at: now(),
        ...rest,
        patient_id: patientId ?? null,
        session_id: sessionId ?? null,
        client_id: clientId ?? null,
        trace_id: traceId ?? null,
      })
      .execute()
  }

  async function note(event: AuditEvent): Promise<void> {
    try {
      await insert(db, event)
      log.info(event, 'audit')
    } catch (err) {
      log.error({ err, ...event }, 'an audit event could not be stored')
    }
  }

  return {
    record: insert,
    note,
    noteSoon(event) {
      if (pending.size >= maxPending) {
        dropped += 1
        log.warn({ ...event, dropped }, 'an audit event was dropped: there are too many')
        return
      }
      const storing = note(event).finally(() => pending.delete(storing))
      pending.add(storing)
    },
    async settle() {
      await Promise.all(pending)
    },
  }
}

import type { AccessLogEntry } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import type { Trace } from '@minaintyg/service'
import type { Kysely } from 'kysely'
import type { Database, Tx } from '../database.ts'
import { errors } from '../errors.ts'

/** Who did something, as their token says. */
export interface AccessActor {
  kind: 'patient' | 'recipient'
  id: string
  clientId: string
  sessionId?: string | undefined
  trace: Trace
}

export interface Access {
  patientId: string
  action: AccessLogEntry['action']
  outcome?: AccessLogEntry['outcome']
  actor: AccessActor | 'system'
  certificate?: { id: string; typeCode: string; unitId: string; sourceId: string }
  sourceId?: string
  dispatchId?: string
}

export interface LoggedAccess {
  position: number
  at: Date
  action: AccessLogEntry['action']
  outcome: AccessLogEntry['outcome']
  actorKind: AccessLogEntry['actor']['kind']
  actorId: string
  certificateId: string | null
  typeCode: string | null
  sourceId: string | null
}

const system = { kind: 'system', id: 'certificate-store', clientId: 'certificate-store' } as const

export function createAccessLog(db: Kysely<Database>, now: () => Date) {
  return {
    /** Before the data leaves. @throws {AppError} where it cannot be written, and then nothing may leave */
    async write(access: Access, tx?: Tx): Promise<void> {
      const { patientId, action, outcome = 'allowed', certificate } = access
      const actor = access.actor === 'system' ? system : access.actor
      try {
        await (tx ?? db)
          .insertInto('access_log')
          .values({
            at: now(),
            patient_id: patientId,
            action,
            outcome,
            actor_kind: actor.kind,
            actor_id: actor.id,
            client_id: actor.clientId,
            session_id: 'sessionId' in actor ? (actor.sessionId ?? null) : null,
            certificate_id: certificate?.id ?? null,
            type_code: certificate?.typeCode ?? null,
            unit_id: certificate?.unitId ?? null,
            source_id: access.sourceId ?? certificate?.sourceId ?? null,
            dispatch_id: access.dispatchId ?? null,
            trace_id: 'trace' in actor ? actor.trace.traceId : null,
          })
          .execute()
      } catch (cause) {
        throw new AppError(errors.accessLogUnavailable, { cause })
      }
    },

    /** Newest first, from behind a position. */
    async list(
      patientId: string,
      { before, limit }: { before: number | undefined; limit: number },
    ) {
      let query = db
        .selectFrom('access_log')
        .selectAll()
        .where('patient_id', '=', patientId)
        .orderBy('position', 'desc')
        .limit(limit)
      if (before !== undefined) query = query.where('position', '<', before)
      const rows = await query.execute()
      return rows.map((row): LoggedAccess => ({
        position: row.position,
        at: row.at,
        action: row.action as LoggedAccess['action'],
        outcome: row.outcome,
        actorKind: row.actor_kind,
        actorId: row.actor_id,
        certificateId: row.certificate_id,
        typeCode: row.type_code,
        sourceId: row.source_id,
      }))
    },
  }
}
export type AccessLog = ReturnType<typeof createAccessLog>

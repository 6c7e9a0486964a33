import type { AccessLogEntry } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import { redactPersonalNumbers } from '@minaintyg/personal-number'
import type { Trace } from '@minaintyg/service'
import { CompiledQuery } from 'kysely'
import type { Kysely } from 'kysely'
import type { Database, Tx } from '../database.ts'
import { errors } from '../errors.ts'
import { createGroupCommit } from './group-commit.ts'

/** Who did something, as their token says. */
export interface AccessActor {
  kind: 'patient' | 'recipient' | 'holder'
  /** Who acts: the patient, or whoever acts for them. */
  id: string
  clientId: string
  sessionId?: string | undefined
  trace: Trace
}

/** A certificate as the log names it: which it is, and where it was issued. */
export interface LoggedCertificate {
  id: string
  typeCode: string
  unitId: string
  careProviderId: string
  sourceId: string
}

export interface Access {
  patientId: string
  action: AccessLogEntry['action']
  actor: AccessActor | 'system'
  outcome?: AccessLogEntry['outcome']
  /** Code of the problem that is answered instead: it makes the outcome a refusal. */
  refusal?: string | undefined
  /** With its id alone where nothing else is known of it. */
  certificate?: LoggedCertificate | { id: string }
  sourceId?: string
  dispatchId?: string
  /** Whose it is, where that is another patient. */
  ownerId?: string | undefined
}

export interface LoggedAccess {
  position: number
  at: Date
  action: AccessLogEntry['action']
  outcome: AccessLogEntry['outcome']
  reason: string | null
  actorKind: AccessLogEntry['actor']['kind']
  actorId: string
  certificateId: string | null
  typeCode: string | null
  sourceId: string | null
}

const purposes = {
  list: 'own-access',
  read: 'own-access',
  save: 'own-access',
  print: 'own-access',
  archive: 'own-access',
  restore: 'own-access',
  recipients: 'own-access',
  send: 'disclosure',
  handOver: 'disclosure',
  verify: 'disclosure',
  erase: 'upkeep',
  fetch: 'upkeep',
  receive: 'upkeep',
  revoke: 'upkeep',
} as const satisfies Record<AccessLogEntry['action'], string>

const system = { kind: 'system', id: 'certificate-store', clientId: 'certificate-store' } as const

/** What a document says in the place of an identifier: whatever that is, the log keeps no number of a person, and outlives the copy. */
const asWritten = (text: string | undefined) =>
  text === undefined ? null : redactPersonalNumbers(text)

function rowOf({ certificate, ...access }: Access, at: Date) {
  const actor = access.actor === 'system' ? system : access.actor
  const known = certificate !== undefined && 'typeCode' in certificate ? certificate : undefined
  return {
    at,
    patient_id: access.patientId,
    action: access.action,
    purpose: purposes[access.action],
    outcome: access.refusal === undefined ? (access.outcome ?? 'allowed') : ('refused' as const),
    reason: access.refusal ?? null,
    actor_kind: actor.kind,
    actor_id: actor.id,
    client_id: actor.clientId,
    session_id: 'sessionId' in actor ? (actor.sessionId ?? null) : null,
    certificate_id: certificate?.id ?? null,
    type_code: asWritten(known?.typeCode),
    unit_id: asWritten(known?.unitId),
    care_provider_id: asWritten(known?.careProviderId),
    source_id: access.sourceId ?? known?.sourceId ?? null,
    dispatch_id: access.dispatchId ?? null,
    trace_id: 'trace' in actor ? actor.trace.traceId : null,
    owner_id: access.ownerId ?? null,
  }
}

/** Of a row as {@link rowOf} makes it. */
const columns: Record<keyof ReturnType<typeof rowOf>, 'text' | 'uuid' | 'timestamptz'> = {
  at: 'timestamptz',
  patient_id: 'uuid',
  action: 'text',
  purpose: 'text',
  outcome: 'text',
  reason: 'text',
  actor_kind: 'text',
  actor_id: 'text',
  client_id: 'text',
  session_id: 'text',
  certificate_id: 'uuid',
  type_code: 'text',
  unit_id: 'text',
  care_provider_id: 'text',
  source_id: 'text',
  dispatch_id: 'uuid',
  trace_id: 'text',
  owner_id: 'uuid',
}
const names = Object.keys(columns).join(', ')
const typed = Object.entries(columns).map((column) => column.join(' '))

// The same statement however many there are, so that it is prepared.
const insert = (rows: readonly object[]) =>
  CompiledQuery.raw(
    `insert into access_log (${names})
     select ${names} from json_to_recordset($1::json) as entry(${typed.join(', ')})`,
    [JSON.stringify(rows)],
  )

/** Postgres' classes 22 and 23: of the data. */
const isOfData = (error: unknown) =>
  error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code))

export function createAccessLog(db: Kysely<Database>, now: () => Date) {
  const commit = createGroupCommit<object>({
    write: async (rows) => {
      await db.executeQuery(insert(rows))
    },
    isOfItem: isOfData,
  })
  return {
    /** Before the data leaves. @throws {AppError} where it cannot be written, and then nothing may leave */
    async write(access: Access, tx?: Tx): Promise<void> {
      const row = rowOf(access, now())
      try {
        if (tx === undefined) await commit(row)
        else await tx.executeQuery(insert([row]))
      } catch (cause) {
        throw new AppError(errors.accessLogUnavailable, { cause })
      }
    },

    /** The patient whose certificate it is, if it is anyone's. */
    async findOwner(certificateId: string): Promise<string | undefined> {
      const row = await db
        .selectFrom('certificate')
        .select('patient_id')
        .where('id', '=', certificateId)
        .limit(1)
        .executeTakeFirst()
      return row?.patient_id
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
        reason: row.reason,
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

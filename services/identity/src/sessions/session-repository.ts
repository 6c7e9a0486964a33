import { randomUUID } from 'node:crypto'
import type { Kysely, Selectable, Transaction } from 'kysely'
import { randomToken, sha256Hex } from '@minaintyg/crypto'
import type { Keyring } from '@minaintyg/crypto'
import type { Database } from '../database.ts'
import type { Lookup } from '../persons/lookup.ts'
import { limits } from './session-model.ts'
import type { Session } from './session-model.ts'

/** What the provider wants to be told at log-out. */
export interface LogOutHint {
  idToken?: string
  providerSession?: string
}

export interface NewSession {
  patientId: string
  acr: string
  authenticatedAt: Date
  providerSubject: string
  hint: LogOutHint
}

/** Which sessions a back-channel log-out is about. */
export interface ProviderSession {
  subject?: string
  session?: string
}

interface Deps {
  db: Kysely<Database>
  keyring: Keyring
  /** Hides the provider's own identifiers. */
  lookup: Lookup
}

const toSession = (row: Selectable<Database['session']>): Session => ({
  id: row.id,
  patientId: row.person_id,
  acr: row.acr,
  authenticatedAt: row.authenticated_at,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  expiresAt: row.expires_at,
  endedAt: row.ended_at,
})

/** A session that was live until now. */
export interface Ended {
  sessionId: string
  patientId: string
}

const toEnded = ({ id, person_id }: { id: string; person_id: string }): Ended => ({
  sessionId: id,
  patientId: person_id,
})

const contextOf = (id: string) => `session:${id}`

/** When it begins and when it must end. */
const timesFrom = (at: Date) => ({
  created_at: at,
  last_used_at: at,
  expires_at: new Date(at.getTime() + limits.absolute),
  ended_at: null,
})

/** How sessions stand in the table: hashed or sealed, whatever could be used or tell who someone is. */
function createRows({ keyring, lookup }: Pick<Deps, 'keyring' | 'lookup'>) {
  const subject = (value: string) => `subject:${value}`
  const session = (value: string) => `session:${value}`

  function toRow({ patientId, acr, authenticatedAt, providerSubject, hint }: NewSession, at: Date) {
    const id = randomUUID()
    const { providerSession } = hint
    return {
      id,
      person_id: patientId,
      acr,
      authenticated_at: authenticatedAt,
      provider_subject_hash: lookup.hash(subject(providerSubject)),
      provider_session_hash:
        providerSession === undefined ? null : lookup.hash(session(providerSession)),
      log_out_hint: keyring.seal(Buffer.from(JSON.stringify(hint)), contextOf(id)),
      ...timesFrom(at),
    }
  }

  return {
    toRow,
    subjectHashes: (value: string) => lookup.hashes(subject(value)),
    sessionHashes: (value: string) => lookup.hashes(session(value)),
    openHint(id: string, sealed: Buffer): LogOutHint {
      try {
        return JSON.parse(keyring.open(sealed, contextOf(id)).toString('utf8')) as LogOutHint
      } catch {
        // A key that is gone must not keep anyone from logging out.
        return {}
      }
    },
  }
}

async function endWhere(
  executor: Kysely<Database>,
  column: 'id' | 'token_hash',
  value: string,
  at: Date,
): Promise<Ended | undefined> {
  const row = await executor
    .updateTable('session')
    .set({ ended_at: at })
    .where(column, '=', value)
    .where('ended_at', 'is', null)
    .returning(['id', 'person_id'])
    .executeTakeFirst()
  return row && toEnded(row)
}

/** Every way for a session to end; each tells what was live until then. */
function createEndings(db: Kysely<Database>, rows: ReturnType<typeof createRows>) {
  return {
    /** Of many that end one session at once, one has done it. @returns undefined where it had ended, or never was */
    end: (token: string, at: Date) => endWhere(db, 'token_hash', sha256Hex(token), at),

    /** The one that another takes the place of. */
    endById: (tx: Transaction<Database>, id: string, at: Date) => endWhere(tx, 'id', id, at),

    /** Of one patient alone, so that ids of others end nothing. */
    async endOf(patientId: string, ids: readonly string[], at: Date): Promise<Ended[]> {
      if (ids.length === 0) return []
      const ended = await db
        .updateTable('session')
        .set({ ended_at: at })
        .where('person_id', '=', patientId)
        .where('id', 'in', ids)
        .where('ended_at', 'is', null)
        .returning(['id', 'person_id'])
        .execute()
      return ended.map(toEnded)
    },

    /** Of one patient, or of everyone, by an operator. @returns those that had not run out either */
    async endAll(tx: Transaction<Database>, patientId: string | undefined, at: Date) {
      const live = await tx
        .updateTable('session')
        .set({ ended_at: at })
        .where('ended_at', 'is', null)
        .where('expires_at', '>', at)
        .where('last_used_at', '>', new Date(at.getTime() - limits.idle))
        .$if(patientId !== undefined, (query) => query.where('person_id', '=', patientId ?? ''))
        .returning(['id', 'person_id'])
        .execute()
      return live.map(toEnded)
    },

    /** Ends what the provider names. @returns those that were live */
    async endAtProvider({ subject, session }: ProviderSession, at: Date): Promise<Ended[]> {
      if (subject === undefined && session === undefined) return []
      let query = db.updateTable('session').set({ ended_at: at }).where('ended_at', 'is', null)
      if (subject !== undefined) {
        query = query.where('provider_subject_hash', 'in', rows.subjectHashes(subject))
      }
      if (session !== undefined) {
        query = query.where('provider_session_hash', 'in', rows.sessionHashes(session))
      }
      return (await query.returning(['id', 'person_id']).execute()).map(toEnded)
    },
  }
}

export type SessionRepository = ReturnType<typeof createSessionRepository>

export function createSessionRepository({ db, ...keys }: Deps) {
  const rows = createRows(keys)

  async function findWhere(column: 'id' | 'token_hash', value: string) {
    const row = await db
      .selectFrom('session')
      .selectAll()
      .where(column, '=', value)
      .executeTakeFirst()
    return row && toSession(row)
  }

  return {
    /** @returns the session's secret, which is stored nowhere */
    async open(tx: Transaction<Database>, session: NewSession, at: Date) {
      const token = randomToken()
      const row = rows.toRow(session, at)
      await tx
        .insertInto('session')
        .values({ ...row, token_hash: sha256Hex(token) })
        .execute()
      return { id: row.id, token, expiresAt: row.expires_at }
    },

    findByToken: (token: string) => findWhere('token_hash', sha256Hex(token)),
    findById: (id: string) => findWhere('id', id),

    async touch(id: string, at: Date): Promise<void> {
      await db
        .updateTable('session')
        .set({ last_used_at: at })
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .where('last_used_at', '<', at)
        .execute()
    },

    /** Those that nobody has ended, newest first. */
    async listOf(patientId: string): Promise<Session[]> {
      const found = await db
        .selectFrom('session')
        .selectAll()
        .where('person_id', '=', patientId)
        .where('ended_at', 'is', null)
        .orderBy('created_at', 'desc')
        .execute()
      return found.map(toSession)
    },

    /** What to tell the provider; undefined where there is no such session, ended or not. */
    async findHint(token: string): Promise<LogOutHint | undefined> {
      const row = await db
        .selectFrom('session')
        .select(['id', 'log_out_hint'])
        .where('token_hash', '=', sha256Hex(token))
        .executeTakeFirst()
      return row && rows.openHint(row.id, row.log_out_hint)
    },

    ...createEndings(db, rows),
  }
}

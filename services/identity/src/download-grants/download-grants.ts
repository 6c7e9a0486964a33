import type { Kysely } from 'kysely'
import { randomToken, sha256Hex } from '@minaintyg/crypto'
import { AppError } from '@minaintyg/errors'
import type { Database } from '../database.ts'
import { errors } from '../errors.ts'
import type { Session } from '../sessions/session-model.ts'
import type { Sessions } from '../sessions/sessions.ts'

export interface DownloadGrants {
  grant(session: Session, resource: string): Promise<{ grant: string; expiresAt: Date }>
  /** Once. @throws {AppError} download-link.expired, session.expired */
  redeem(grant: string): Promise<{ session: Session; resource: string }>
}

interface Deps {
  db: Kysely<Database>
  sessions: Sessions
  now: () => Date
}

const lifetime = 60_000

export function createDownloadGrants({ db, sessions, now }: Deps): DownloadGrants {
  return {
    async grant(session, resource) {
      const grant = randomToken()
      const expiresAt = new Date(now().getTime() + lifetime)
      await db
        .insertInto('download_grant')
        .values({
          grant_hash: sha256Hex(grant),
          session_id: session.id,
          resource,
          expires_at: expiresAt,
        })
        .execute()
      return { grant, expiresAt }
    },

    async redeem(grant) {
      const row = await db
        .deleteFrom('download_grant')
        .where('grant_hash', '=', sha256Hex(grant))
        .returning(['session_id', 'resource', 'expires_at'])
        .executeTakeFirst()
      if (row === undefined || row.expires_at <= now()) {
        throw new AppError(errors.downloadGrantExpired)
      }
      return { session: await sessions.requireLive(row.session_id), resource: row.resource }
    },
  }
}

import type { Kysely } from 'kysely'
import { randomToken, sha256Hex } from '@minaintyg/crypto'
import type { Keyring } from '@minaintyg/crypto'
import type { Database } from '../database.ts'
import type { LogInSecrets } from './relying-party.ts'

export interface LogIn extends LogInSecrets {
  returnTo: string
  /** Session of the same browser that this log-in takes the place of. */
  replaces?: string
  begunAt: Date
}

/** Milliseconds. */
const logInLifetime = 10 * 60_000

const contextOf = (idHash: string) => `log-in:${idHash}`

export type LogInRepository = ReturnType<typeof createLogInRepository>

/** Log-ins under way. The id is the secret that binds one to the browser that began it. */
export function createLogInRepository(db: Kysely<Database>, keyring: Keyring) {
  return {
    async insert({ begunAt, ...secrets }: LogIn): Promise<string> {
      const id = randomToken()
      const idHash = sha256Hex(id)
      await db
        .insertInto('log_in')
        .values({
          id_hash: idHash,
          secrets: keyring.seal(Buffer.from(JSON.stringify(secrets)), contextOf(idHash)),
          expires_at: new Date(begunAt.getTime() + logInLifetime),
        })
        .execute()
      return id
    },

    /** Whoever takes it first has it; for all others it is unknown. */
    async take(id: string, at: Date): Promise<LogIn | undefined> {
      const idHash = sha256Hex(id)
      const row = await db
        .deleteFrom('log_in')
        .where('id_hash', '=', idHash)
        .returning(['secrets', 'expires_at'])
        .executeTakeFirst()
      if (row === undefined || row.expires_at <= at) return undefined
      const opened = keyring.open(row.secrets, contextOf(idHash)).toString('utf8')
      const secrets = JSON.parse(opened) as Omit<LogIn, 'begunAt'>
      return { ...secrets, begunAt: new Date(row.expires_at.getTime() - logInLifetime) }
    },
  }
}

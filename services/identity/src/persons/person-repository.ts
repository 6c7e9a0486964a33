import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Kysely, Transaction } from 'kysely'
import { keyedHash } from '@minaintyg/crypto'
import type { Keyring } from '@minaintyg/crypto'
import type { Database } from '../database.ts'
import type { Identified, NumberKind } from './person-model.ts'

export interface PersonRepository {
  /** Remembers who logged in. @returns the patient id, the same at every log-in */
  save(tx: Transaction<Database>, person: Identified, at: Date): Promise<string>
  find(id: string): Promise<Identified | undefined>
}

interface Deps {
  db: Kysely<Database>
  keyring: Keyring
  lookupKey: Buffer
}

export function createPersonRepository({ db, keyring, lookupKey }: Deps): PersonRepository {
  const sealed = (id: string, { number, kind, ...profile }: Identified) => ({
    number: keyring.seal(Buffer.from(JSON.stringify({ number, kind })), `person-number:${id}`),
    profile: keyring.seal(Buffer.from(JSON.stringify(profile)), `person-profile:${id}`),
  })
  const opened = (sealedData: Buffer, context: string): unknown =>
    JSON.parse(keyring.open(sealedData, context).toString('utf8'))

  return {
    async save(tx, person, at) {
      const numberHash = keyedHash(lookupKey, person.number)
      // Two first log-ins of one person at once must not make two patients.
      await sql`select pg_advisory_xact_lock(hashtextextended(${numberHash}, 0))`.execute(tx)
      const known = await tx
        .selectFrom('person_number')
        .select('person_id')
        .where('number_hash', '=', numberHash)
        .executeTakeFirst()
      const id = known?.person_id ?? randomUUID()
      const columns = { ...sealed(id, person), logged_in_at: at }
      if (known === undefined) {
        await tx
          .insertInto('person')
          .values({ id, created_at: at, ...columns })
          .execute()
        await tx
          .insertInto('person_number')
          .values({ number_hash: numberHash, person_id: id, added_at: at })
          .execute()
      } else {
        await tx.updateTable('person').set(columns).where('id', '=', id).execute()
      }
      return id
    },

    async find(id) {
      const row = await db
        .selectFrom('person')
        .select(['number', 'profile'])
        .where('id', '=', id)
        .executeTakeFirst()
      if (row === undefined) return undefined
      const number = opened(row.number, `person-number:${id}`) as {
        number: string
        kind: NumberKind
      }
      const profile = opened(row.profile, `person-profile:${id}`) as Omit<
        Identified,
        keyof typeof number
      >
      return { ...number, ...profile }
    },
  }
}

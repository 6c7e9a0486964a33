import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Kysely, Transaction } from 'kysely'
import { keyedHash } from '@minaintyg/crypto'
import type { Keyring } from '@minaintyg/crypto'
import type { Database } from '../database.ts'
import { personConflict } from '../log-ins/refusal.ts'
import type { Identified, LoggingIn, NumberKind } from './person-model.ts'

export interface PersonRepository {
  /**
   * Remembers who logged in. @returns the patient id, the same at every log-in and whichever number it is with
   * @throws {AppError} login.failed where the numbers are of two patients
   */
  save(tx: Transaction<Database>, person: LoggingIn, at: Date): Promise<string>
  find(id: string): Promise<Identified | undefined>
}

interface Deps {
  db: Kysely<Database>
  keyring: Keyring
  lookupKey: Buffer
}

export const personNumberContext = (id: string): string => `person-number:${id}`
export const personProfileContext = (id: string): string => `person-profile:${id}`

type Numbered = Pick<Identified, 'number' | 'kind'>

/** Locked for the transaction, in one order: two log-ins of one person at once make neither two patients nor a deadlock. */
async function lookUp(tx: Transaction<Database>, hashes: string[]) {
  for (const hash of [...hashes].sort()) {
    await sql`select pg_advisory_xact_lock(hashtextextended(${hash}, 0))`.execute(tx)
  }
  const rows = await tx
    .selectFrom('person_number')
    .select(['number_hash', 'person_id'])
    .where('number_hash', 'in', hashes)
    .execute()
  return (hash: string) => rows.find((row) => row.number_hash === hash)?.person_id
}

interface Remembered {
  hash: string
  personId: string
  kind: NumberKind
  origin: 'log-in' | 'previous-number'
  at: Date
}

async function remember(tx: Transaction<Database>, number: Remembered): Promise<void> {
  const { hash, personId, kind, origin, at } = number
  await tx
    .insertInto('person_number')
    .values({ number_hash: hash, person_id: personId, kind, origin, added_at: at })
    .onConflict((conflict) => conflict.column('number_hash').doUpdateSet({ kind }))
    .execute()
}

/** A person as the table has it. */
function createSealing(keyring: Keyring) {
  const sealedNumber = (id: string, { number, kind }: Identified) =>
    keyring.seal(Buffer.from(JSON.stringify({ number, kind })), personNumberContext(id))
  const sealedProfile = (id: string, { name, protectedIdentity }: Identified) =>
    keyring.seal(Buffer.from(JSON.stringify({ name, protectedIdentity })), personProfileContext(id))
  const opened = (sealedData: Buffer, context: string): unknown =>
    JSON.parse(keyring.open(sealedData, context).toString('utf8'))

  return {
    number: sealedNumber,
    profile: sealedProfile,
    openNumber: (id: string, sealed: Buffer) => opened(sealed, personNumberContext(id)) as Numbered,
    openProfile: (id: string, sealed: Buffer) =>
      opened(sealed, personProfileContext(id)) as Omit<Identified, keyof Numbered>,
  }
}

function createWrites(sealing: ReturnType<typeof createSealing>) {
  async function insert(tx: Transaction<Database>, person: LoggingIn, at: Date): Promise<string> {
    const id = randomUUID()
    const sealed = { number: sealing.number(id, person), profile: sealing.profile(id, person) }
    await tx
      .insertInto('person')
      .values({ id, ...sealed, created_at: at, logged_in_at: at })
      .execute()
    return id
  }

  async function update(tx: Transaction<Database>, id: string, person: LoggingIn, at: Date) {
    const row = await tx
      .selectFrom('person')
      .select('number')
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirstOrThrow()
    const stored = sealing.openNumber(id, row.number)
    const isSettled = stored.kind === 'personalIdentityNumber' && stored.number !== person.number
    // Two personal identity numbers are two people, whatever they had before.
    if (isSettled && person.kind === stored.kind) throw personConflict([id])
    await tx
      .updateTable('person')
      .set({
        ...(isSettled ? {} : { number: sealing.number(id, person) }),
        profile: sealing.profile(id, person),
        logged_in_at: at,
      })
      .where('id', '=', id)
      .execute()
  }

  return { insert, update }
}

export function createPersonRepository({ db, keyring, lookupKey }: Deps): PersonRepository {
  const sealing = createSealing(keyring)
  const { insert, update } = createWrites(sealing)

  return {
    async save(tx, person, at) {
      const { number, kind, previousNumber } = person
      const hash = keyedHash(lookupKey, number)
      const previous = previousNumber === null ? undefined : keyedHash(lookupKey, previousNumber)
      const find = await lookUp(tx, previous === undefined ? [hash] : [hash, previous])
      const known = find(hash)
      const earlier = previous === undefined ? undefined : find(previous)
      if (known !== undefined && earlier !== undefined && known !== earlier) {
        throw personConflict([known, earlier])
      }
      const existing = known ?? earlier
      const personId = existing ?? (await insert(tx, person, at))
      if (existing !== undefined) await update(tx, existing, person, at)
      await remember(tx, { hash, personId, kind, origin: 'log-in', at })
      if (previous !== undefined) {
        const before = { hash: previous, kind: 'coordinationNumber', personId, at } as const
        await remember(tx, { ...before, origin: 'previous-number' })
      }
      return personId
    },

    async find(id) {
      const row = await db
        .selectFrom('person')
        .select(['number', 'profile'])
        .where('id', '=', id)
        .executeTakeFirst()
      if (row === undefined) return undefined
      return { ...sealing.openNumber(id, row.number), ...sealing.openProfile(id, row.profile) }
    },
  }
}

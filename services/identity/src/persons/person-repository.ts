import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Kysely, Transaction } from 'kysely'
import type { Keyring } from '@minaintyg/crypto'
import type { Database } from '../database.ts'
import { personConflict } from '../log-ins/refusal.ts'
import type { Lookup } from './lookup.ts'
import type { Identified, LoggingIn, NumberKind } from './person-model.ts'

export interface PersonRepository {
  /**
   * Remembers who logged in. @returns the patient id, the same at every log-in and whichever number it is with
   * @throws {AppError} login.failed where the numbers are of two patients
   */
  save(tx: Transaction<Database>, person: LoggingIn, at: Date): Promise<string>
  find(id: string): Promise<Identified | undefined>
  /** Numbers that the person had, the present one aside. */
  earlierNumbers(id: string, present: string): Promise<string[]>
  /** The patient with this number, also where it is one from before. */
  findByNumber(number: string): Promise<string | undefined>
}

interface Deps {
  db: Kysely<Database>
  keyring: Keyring
  lookup: Lookup
}

export const personNumberContext = (id: string): string => `person-number:${id}`
export const knownNumberContext = (personId: string): string => `known-number:${personId}`
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
  return (hashes: string[]) => rows.find((row) => hashes.includes(row.number_hash))
}

interface Remembered {
  number: string
  /** Of the row that has it, perhaps by an earlier key. */
  known: string | undefined
  personId: string
  kind: NumberKind
  origin: 'log-in' | 'previous-number'
  at: Date
}

function createRemember({ keyring, lookup }: Pick<Deps, 'keyring' | 'lookup'>) {
  return async (tx: Transaction<Database>, remembered: Remembered): Promise<void> => {
    const { number, known, personId, kind, origin, at } = remembered
    const current = {
      number_hash: lookup.hash(number),
      lookup_key: lookup.keyId,
      number: keyring.seal(Buffer.from(number), knownNumberContext(personId)),
      kind,
    }
    if (known !== undefined && known !== current.number_hash) {
      await tx.updateTable('person_number').set(current).where('number_hash', '=', known).execute()
    }
    // Also where another process has just changed the hash.
    await tx
      .insertInto('person_number')
      .values({ ...current, person_id: personId, origin, added_at: at })
      .onConflict((conflict) => conflict.column('number_hash').doUpdateSet(current))
      .execute()
  }
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

export function createPersonRepository({ db, keyring, lookup }: Deps): PersonRepository {
  const sealing = createSealing(keyring)
  const { insert, update } = createWrites(sealing)
  const remember = createRemember({ keyring, lookup })

  return {
    async save(tx, person, at) {
      const { number, kind, previousNumber } = person
      const hashes = lookup.hashes(number)
      const previous = previousNumber === null ? [] : lookup.hashes(previousNumber)
      const find = await lookUp(tx, [...hashes, ...previous])
      const [known, earlier] = [find(hashes), find(previous)]
      const existing = known?.person_id ?? earlier?.person_id
      if (earlier !== undefined && existing !== undefined && earlier.person_id !== existing) {
        throw personConflict([existing, earlier.person_id])
      }
      const personId = existing ?? (await insert(tx, person, at))
      if (existing !== undefined) await update(tx, existing, person, at)
      const common = { personId, at } as const
      await remember(tx, { ...common, number, known: known?.number_hash, kind, origin: 'log-in' })
      if (previousNumber !== null) {
        const before = { number: previousNumber, known: earlier?.number_hash } as const
        const kindBefore = { kind: 'coordinationNumber', origin: 'previous-number' } as const
        await remember(tx, { ...common, ...before, ...kindBefore })
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

    async earlierNumbers(id, present) {
      const rows = await db
        .selectFrom('person_number')
        .select('number')
        .where('person_id', '=', id)
        .where('number', 'is not', null)
        .orderBy('added_at')
        .execute()
      const numbers = rows.flatMap(({ number }) =>
        number === null ? [] : [keyring.open(number, knownNumberContext(id)).toString('utf8')],
      )
      return numbers.filter((number) => number !== present)
    },

    async findByNumber(number) {
      const row = await db
        .selectFrom('person_number')
        .select('person_id')
        .where('number_hash', 'in', lookup.hashes(number))
        .executeTakeFirst()
      return row?.person_id
    },
  }
}

import { sql } from 'kysely'
import type { Kysely, Transaction } from 'kysely'
import type { Keyring } from '@minaintyg/crypto'
import type { Server, Worker } from '@minaintyg/service'
import type { Database } from './database.ts'
import { createPeriodicWorker } from './periodic-worker.ts'
import { personNumberContext, personProfileContext } from './persons/person-repository.ts'
import { signingKeyContext } from './tokens/signing-key-repository.ts'

interface Deps {
  db: Kysely<Database>
  personKeys: Keyring
  secretKeys: Keyring
  log: Pick<Server['log'], 'info' | 'error'>
}

const batchSize = 100
const interval = 10 * 60_000

/** What everything starts with that the current key has sealed. */
function prefixOf(keyring: Keyring): Buffer {
  const sealed = keyring.seal(Buffer.alloc(0), '')
  return sealed.subarray(0, 1 + (sealed[0] ?? 0))
}

const reSeal = (keyring: Keyring, sealed: Buffer, context: string) =>
  keyring.isCurrent(sealed) ? sealed : keyring.seal(keyring.open(sealed, context), context)

/** Seals anew what an earlier key has sealed, so that the earlier key can be taken out of configuration. */
export function createReSealing(deps: Deps): Worker & { run(): Promise<void> } {
  const { db, personKeys, secretKeys, log } = deps
  const personPrefix = prefixOf(personKeys)
  const secretPrefix = prefixOf(secretKeys)

  /** @returns how many, and where to go on */
  async function reSealPersons(tx: Transaction<Database>, after: string | undefined) {
    const isOld = (column: 'number' | 'profile') =>
      sql<boolean>`substring(${sql.ref(column)} from 1 for ${personPrefix.length}) <> ${personPrefix}`
    const rows = await tx
      .selectFrom('person')
      .select(['id', 'number', 'profile'])
      .where((eb) => eb.or([isOld('number'), isOld('profile')]))
      .$if(after !== undefined, (query) => query.where('id', '>', after ?? ''))
      .orderBy('id')
      .limit(batchSize)
      .forUpdate()
      .skipLocked()
      .execute()
    for (const { id, number, profile } of rows) {
      await tx
        .updateTable('person')
        .set({
          number: reSeal(personKeys, number, personNumberContext(id)),
          profile: reSeal(personKeys, profile, personProfileContext(id)),
        })
        .where('id', '=', id)
        .execute()
    }
    return { count: rows.length, last: rows.at(-1)?.id }
  }

  async function reSealSigningKeys(tx: Transaction<Database>): Promise<number> {
    const rows = await tx
      .selectFrom('signing_key')
      .select(['kid', 'private_jwk'])
      .where(
        sql<boolean>`substring(private_jwk from 1 for ${secretPrefix.length}) <> ${secretPrefix}`,
      )
      .forUpdate()
      .skipLocked()
      .execute()
    for (const { kid, private_jwk: sealed } of rows) {
      const again = reSeal(secretKeys, sealed, signingKeyContext(kid))
      await tx
        .updateTable('signing_key')
        .set({ private_jwk: again })
        .where('kid', '=', kid)
        .execute()
    }
    return rows.length
  }

  async function run(): Promise<void> {
    const signingKeys = await db.transaction().execute(reSealSigningKeys)
    let persons = 0
    let last: string | undefined
    for (let count = batchSize; count === batchSize;) {
      const after = last
      const batch = await db.transaction().execute((tx) => reSealPersons(tx, after))
      persons += batch.count
      ;({ count, last } = batch)
    }
    if (persons + signingKeys > 0) log.info({ persons, signingKeys }, 'sealed anew')
  }

  return createPeriodicWorker({ name: 're-sealing', interval, run, log })
}

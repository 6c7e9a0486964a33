import { sql } from 'kysely'
import type { Kysely, Transaction } from 'kysely'
import type { Keyring } from '@minaintyg/crypto'
import { createPeriodicWorker } from '@minaintyg/service'
import type { Server, Worker } from '@minaintyg/service'
import type { Database } from './database.ts'
import type { Lookup } from './persons/lookup.ts'
import {
  knownNumberContext,
  personNumberContext,
  personProfileContext,
} from './persons/person-repository.ts'
import { signingKeyContext } from './tokens/signing-key-repository.ts'

interface Deps {
  db: Kysely<Database>
  personKeys: Keyring
  secretKeys: Keyring
  lookup: Lookup
  log: Pick<Server['log'], 'info' | 'error'>
}

const batchSize = 100
const interval = 10 * 60_000

const reSeal = (keyring: Keyring, sealed: Buffer, context: string) =>
  keyring.isCurrent(sealed) ? sealed : keyring.seal(keyring.open(sealed, context), context)

const isOld = (column: string, prefix: Buffer) =>
  sql<boolean>`substring(${sql.ref(column)} from 1 for ${prefix.length}) <> ${prefix}`

interface Batch {
  count: number
  last: string | undefined
}

/** A batch of those that come after one. */
async function reSealPersons(
  tx: Transaction<Database>,
  keyring: Keyring,
  after: string | undefined,
): Promise<Batch> {
  const prefix = keyring.currentPrefix
  const rows = await tx
    .selectFrom('person')
    .select(['id', 'number', 'profile'])
    .where((eb) => eb.or([isOld('number', prefix), isOld('profile', prefix)]))
    .$if(after !== undefined, (query) => query.where('id', '>', after ?? ''))
    .orderBy('id')
    .limit(batchSize)
    .forUpdate()
    .skipLocked()
    .execute()
  for (const { id, number, profile } of rows) {
    const again = {
      number: reSeal(keyring, number, personNumberContext(id)),
      profile: reSeal(keyring, profile, personProfileContext(id)),
    }
    await tx.updateTable('person').set(again).where('id', '=', id).execute()
  }
  return { count: rows.length, last: rows.at(-1)?.id }
}

/** Numbers by which people are found: sealed anew, and found by the current key. */
async function reSealNumbers(
  tx: Transaction<Database>,
  { personKeys, lookup }: Pick<Deps, 'personKeys' | 'lookup'>,
): Promise<number> {
  const rows = await tx
    .selectFrom('person_number')
    .select(['number_hash', 'person_id', 'number'])
    .where('number', 'is not', null)
    .where((eb) =>
      eb.or([
        eb('lookup_key', 'is distinct from', lookup.keyId),
        isOld('number', personKeys.currentPrefix),
      ]),
    )
    .limit(batchSize)
    .forUpdate()
    .skipLocked()
    .execute()
  for (const { number_hash: hash, person_id: personId, number } of rows) {
    const context = knownNumberContext(personId)
    const opened = personKeys.open(number ?? Buffer.alloc(0), context)
    await tx
      .updateTable('person_number')
      .set({
        number_hash: lookup.hash(opened.toString('utf8')),
        lookup_key: lookup.keyId,
        number: personKeys.seal(opened, context),
      })
      .where('number_hash', '=', hash)
      .execute()
  }
  return rows.length
}

async function reSealSigningKeys(tx: Transaction<Database>, keyring: Keyring): Promise<number> {
  const rows = await tx
    .selectFrom('signing_key')
    .select(['kid', 'private_jwk'])
    .where(isOld('private_jwk', keyring.currentPrefix))
    .forUpdate()
    .skipLocked()
    .execute()
  for (const { kid, private_jwk: sealed } of rows) {
    const again = { private_jwk: reSeal(keyring, sealed, signingKeyContext(kid)) }
    await tx.updateTable('signing_key').set(again).where('kid', '=', kid).execute()
  }
  return rows.length
}

/** Seals anew what an earlier key has sealed, so that the earlier key can be taken out of configuration. */
export function createReSealing(deps: Deps): Worker & { run(): Promise<void> } {
  const { db, personKeys, secretKeys, lookup, log } = deps

  async function run(): Promise<void> {
    const signingKeys = await db.transaction().execute((tx) => reSealSigningKeys(tx, secretKeys))
    let persons = 0
    let batch: Batch = { count: batchSize, last: undefined }
    while (batch.count === batchSize) {
      const { last } = batch
      batch = await db.transaction().execute((tx) => reSealPersons(tx, personKeys, last))
      persons += batch.count
    }
    let numbers = 0
    for (let count = batchSize; count === batchSize; numbers += count) {
      count = await db.transaction().execute((tx) => reSealNumbers(tx, { personKeys, lookup }))
    }
    if (persons + signingKeys + numbers > 0) {
      log.info({ persons, signingKeys, numbers }, 'sealed anew')
    }
  }

  return createPeriodicWorker({ name: 're-sealing', interval, run, log })
}

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
  const prefix = prefixOf(keyring)
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

async function reSealSigningKeys(tx: Transaction<Database>, keyring: Keyring): Promise<number> {
  const rows = await tx
    .selectFrom('signing_key')
    .select(['kid', 'private_jwk'])
    .where(isOld('private_jwk', prefixOf(keyring)))
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
  const { db, personKeys, secretKeys, log } = deps

  async function run(): Promise<void> {
    const signingKeys = await db.transaction().execute((tx) => reSealSigningKeys(tx, secretKeys))
    let persons = 0
    let batch: Batch = { count: batchSize, last: undefined }
    while (batch.count === batchSize) {
      const { last } = batch
      batch = await db.transaction().execute((tx) => reSealPersons(tx, personKeys, last))
      persons += batch.count
    }
    if (persons + signingKeys > 0) log.info({ persons, signingKeys }, 'sealed anew')
  }

  return createPeriodicWorker({ name: 're-sealing', interval, run, log })
}

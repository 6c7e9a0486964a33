import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { MacKeys } from '@minaintyg/crypto'
import type { Database, Tx } from '../database.ts'
import { sealedText, useUtc } from './access-seal.ts'
import type { Head } from './access-seal.ts'
import { createChainCheck } from './chain-check.ts'
import type { Fault, Link } from './chain-check.ts'

export interface Verification {
  sealed: number
  /** Written, and not sealed yet. */
  waiting: number
  faults: number
  /** Undefined where nothing is sealed. */
  head: Head | undefined
}

export interface VerifyOptions {
  db: Kysely<Database>
  keys: MacKeys
  /** A head from elsewhere, such as the service's log. */
  knownHead?: Head | undefined
  onFault: (fault: Fault) => void
}

const pageSize = 1_000

const readLinks = (tx: Tx, after: number): Promise<Link[]> =>
  tx
    .selectFrom('access_log_seal as s')
    .leftJoin('access_log as a', 'a.position', 's.position')
    .select(['s.sequence', 's.position', 's.key_id as keyId', 's.hash', 'a.at'])
    .select(sql<string | null>`case when a.position is not null then ${sealedText} end`.as('entry'))
    .select(sql<boolean>`coalesce(a.at < access_log_is_kept_since(), false)`.as('due'))
    .where('s.sequence', '>', after)
    .orderBy('s.sequence')
    .limit(pageSize)
    .execute()

/** Entries that have no seal and do not wait for one: the table was written to with its trigger switched off. */
const readUnsealed = (tx: Tx, after: number) =>
  tx
    .selectFrom('access_log as a')
    .leftJoin('access_log_seal as s', 's.position', 'a.position')
    .leftJoin('access_log_unsealed as u', 'u.position', 'a.position')
    .select('a.position')
    .where('s.position', 'is', null)
    .where('u.position', 'is', null)
    .where('a.position', '>', after)
    .orderBy('a.position')
    .limit(pageSize)
    .execute()

const readWaiting = (tx: Tx, after: number) =>
  tx
    .selectFrom('access_log_unsealed as u')
    .leftJoin('access_log as a', 'a.position', 'u.position')
    .select(['u.position', 'a.at'])
    .where('u.position', '>', after)
    .orderBy('u.position')
    .limit(pageSize)
    .execute()

/** Page by page, so that a log of any length passes through little memory. */
async function* pages<Row extends { position: number }>(
  read: (after: number) => Promise<Row[]>,
  keyOf: (row: Row) => number = ({ position }) => position,
): AsyncGenerator<Row> {
  let page = await read(0)
  while (page.length > 0) {
    yield* page
    const last = page.at(-1)
    page = page.length < pageSize || last === undefined ? [] : await read(keyOf(last))
  }
}

/** Walks the whole chain in one snapshot and tells of every fault, with the position that it is at. */
export function verifyAccessLog(options: VerifyOptions): Promise<Verification> {
  const { db, keys, knownHead, onFault } = options
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      await useUtc(tx)
      let faults = 0
      let waiting = 0
      const chain = createChainCheck(keys, knownHead, (fault) => {
        faults += 1
        onFault(fault)
      })
      const links = pages(
        (after) => readLinks(tx, after),
        ({ sequence }) => sequence,
      )
      for await (const link of links) chain.follow(link)
      for await (const { position } of pages((after) => readUnsealed(tx, after))) {
        chain.tell('inserted', position)
      }
      for await (const { position, at } of pages((after) => readWaiting(tx, after))) {
        waiting += 1
        chain.followWaiting(position, at)
      }
      const { sealed, head } = chain.end()
      return { sealed, waiting, faults, head }
    })
}

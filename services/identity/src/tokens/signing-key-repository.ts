import { exportJWK, generateKeyPair } from 'jose'
import type { JWK } from 'jose'
import { sql } from 'kysely'
import type { Kysely, Selectable, Transaction } from 'kysely'
import { randomToken } from '@minaintyg/crypto'
import type { Keyring } from '@minaintyg/crypto'
import type { Database } from '../database.ts'
import type { KeyState, ScheduledKey } from './signing-key-model.ts'

export interface SigningKey {
  kid: string
  state: KeyState
  publicJwk: JWK
  /** Of the active one alone. */
  privateJwk?: JWK
}

export const algorithm = 'ES256'

export const signingKeyContext = (kid: string): string => `signing-key:${kid}`

// Any constant does: it only has to be the same in every process that changes the keys.
const advisoryLock = 7_104_322

async function generate() {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true })
  const common = { kid: randomToken().slice(0, 16), alg: algorithm, use: 'sig' }
  return {
    kid: common.kid,
    publicJwk: { ...(await exportJWK(publicKey)), ...common },
    privateJwk: { ...(await exportJWK(privateKey)), ...common },
  }
}

const toScheduled = (row: Selectable<Database['signing_key']>): ScheduledKey => ({
  kid: row.kid,
  state: row.state,
  createdAt: row.created_at,
  activatesAt: row.activates_at,
  activatedAt: row.activated_at,
  retiredAt: row.retired_at,
})

/** A new key, its private part sealed. */
function createNewRow(keyring: Keyring) {
  return async (at: Date, activatesAt: Date, state: 'next' | 'active') => {
    const { kid, publicJwk, privateJwk } = await generate()
    const sealed = keyring.seal(Buffer.from(JSON.stringify(privateJwk)), signingKeyContext(kid))
    return {
      kid,
      state,
      public_jwk: JSON.stringify(publicJwk),
      private_jwk: sealed,
      created_at: at,
      activates_at: activatesAt,
      activated_at: state === 'active' ? at : null,
      retired_at: null,
    }
  }
}

/** What is done in turn, within its transaction. */
function createChanges(newRow: ReturnType<typeof createNewRow>) {
  return {
    /** @returns the new key's id */
    async publish(tx: Transaction<Database>, at: Date, activatesAt: Date): Promise<string> {
      const row = await newRow(at, activatesAt, 'next')
      await tx.insertInto('signing_key').values(row).execute()
      return row.kid
    },

    async activate(tx: Transaction<Database>, kid: string, at: Date): Promise<void> {
      await tx
        .updateTable('signing_key')
        .set({ state: 'retired', retired_at: at })
        .where('state', '=', 'active')
        .execute()
      await tx
        .updateTable('signing_key')
        .set({ state: 'active', activated_at: at })
        .where('kid', '=', kid)
        .execute()
    },

    async hasten(tx: Transaction<Database>, kid: string, activatesAt: Date): Promise<void> {
      await tx
        .updateTable('signing_key')
        .set({ activates_at: activatesAt })
        .where('kid', '=', kid)
        .execute()
    },

    async remove(tx: Transaction<Database>, kids: readonly string[]): Promise<void> {
      if (kids.length === 0) return
      await tx.deleteFrom('signing_key').where('kid', 'in', kids).execute()
    },

    /** Instead of all that there are. @returns the new key's id */
    async replaceAll(tx: Transaction<Database>, at: Date): Promise<string> {
      await tx.deleteFrom('signing_key').execute()
      const row = await newRow(at, at, 'active')
      await tx.insertInto('signing_key').values(row).execute()
      return row.kid
    },
  }
}

export type SigningKeyRepository = ReturnType<typeof createSigningKeyRepository>

export function createSigningKeyRepository(db: Kysely<Database>, keyring: Keyring) {
  const newRow = createNewRow(keyring)

  return {
    /** Everything that is published. */
    async list(): Promise<SigningKey[]> {
      const rows = await db.selectFrom('signing_key').selectAll().orderBy('created_at').execute()
      return rows.map(({ kid, state, public_jwk, private_jwk }) => {
        if (state !== 'active') return { kid, state, publicJwk: public_jwk }
        const opened = keyring.open(private_jwk, signingKeyContext(kid))
        return {
          kid,
          state,
          publicJwk: public_jwk,
          privateJwk: JSON.parse(opened.toString()) as JWK,
        }
      })
    },

    /** When the key that signs should have been followed by the next. */
    async activeUntil(days: number): Promise<Date | undefined> {
      const row = await db
        .selectFrom('signing_key')
        .select('activated_at')
        .where('state', '=', 'active')
        .executeTakeFirst()
      if (row?.activated_at == null) return undefined
      return new Date(row.activated_at.getTime() + days * 24 * 60 * 60_000)
    },

    /** Makes the first key. Of several processes that try at once, one has its way. */
    async ensureActive(at: Date): Promise<void> {
      await db
        .insertInto('signing_key')
        .values(await newRow(at, at, 'active'))
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },

    /** Changes the keys while no other process does, on any replica. */
    async inTurn<T>(
      change: (tx: Transaction<Database>, keys: ScheduledKey[]) => Promise<T>,
    ): Promise<T> {
      return db.transaction().execute(async (tx) => {
        await sql`select pg_advisory_xact_lock(${sql.lit(advisoryLock)})`.execute(tx)
        const rows = await tx.selectFrom('signing_key').selectAll().execute()
        return change(tx, rows.map(toScheduled))
      })
    },

    ...createChanges(newRow),
  }
}

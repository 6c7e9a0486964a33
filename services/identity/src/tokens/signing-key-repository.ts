import { exportJWK, generateKeyPair } from 'jose'
import type { JWK } from 'jose'
import type { Kysely } from 'kysely'
import { randomToken } from '@minaintyg/crypto'
import type { Keyring } from '@minaintyg/crypto'
import type { Database } from '../database.ts'

export interface SigningKey {
  kid: string
  state: 'next' | 'active' | 'retired'
  publicJwk: JWK
  /** Of the active one alone. */
  privateJwk?: JWK
}

export const algorithm = 'ES256'

async function generate() {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true })
  const common = { kid: randomToken().slice(0, 16), alg: algorithm, use: 'sig' }
  return {
    kid: common.kid,
    publicJwk: { ...(await exportJWK(publicKey)), ...common },
    privateJwk: { ...(await exportJWK(privateKey)), ...common },
  }
}

export type SigningKeyRepository = ReturnType<typeof createSigningKeyRepository>

export function createSigningKeyRepository(db: Kysely<Database>, keyring: Keyring) {
  const contextOf = (kid: string) => `signing-key:${kid}`

  return {
    /** Everything that is published. */
    async list(): Promise<SigningKey[]> {
      const rows = await db.selectFrom('signing_key').selectAll().orderBy('created_at').execute()
      return rows.map(({ kid, state, public_jwk, private_jwk }) => ({
        kid,
        state,
        publicJwk: public_jwk,
        ...(state === 'active'
          ? { privateJwk: JSON.parse(keyring.open(private_jwk, contextOf(kid)).toString()) as JWK }
          : {}),
      }))
    },

    /** Makes the first key. Of several processes that try at once, one has its way. */
    async ensureActive(at: Date): Promise<void> {
      const { kid, publicJwk, privateJwk } = await generate()
      await db
        .insertInto('signing_key')
        .values({
          kid,
          state: 'active',
          public_jwk: JSON.stringify(publicJwk),
          private_jwk: keyring.seal(Buffer.from(JSON.stringify(privateJwk)), contextOf(kid)),
          created_at: at,
          activated_at: at,
          retired_at: null,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },
  }
}

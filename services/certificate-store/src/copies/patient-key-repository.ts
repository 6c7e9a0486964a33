import { randomUUID } from 'node:crypto'
import { CryptoError, KeysUnavailableError, newDataKey } from '@minaintyg/crypto'
import type { KeyWrapping } from '@minaintyg/crypto'
import { AppError } from '@minaintyg/errors'
import type { Kysely } from 'kysely'
import type { Database, Tx } from '../database.ts'
import { errors } from '../errors.ts'

/** The key of one patient's copies; another after every erasure. */
export interface PatientKey {
  keyId: string
  dataKey: Buffer
}

/** Without keys nothing is shown or stored: 503, and no copy is touched. */
async function closedWithout<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    if (!(cause instanceof KeysUnavailableError)) throw cause
    throw new AppError(errors.keysUnavailable, { cause, retryAfter: 5 })
  }
}

export function createPatientKeyRepository(db: Kysely<Database>, wrapping: KeyWrapping) {
  async function open(patientId: string, wrapped: Buffer): Promise<Buffer> {
    const [key] = await closedWithout(() => wrapping.unwrap([{ wrapped, context: patientId }]))
    if (key === undefined) throw new CryptoError()
    return key
  }

  async function find(patientId: string): Promise<PatientKey | undefined> {
    const row = await db
      .selectFrom('patient_key')
      .select(['key_id', 'sealed_key'])
      .where('patient_id', '=', patientId)
      .executeTakeFirst()
    return row && { keyId: row.key_id, dataKey: await open(patientId, row.sealed_key) }
  }

  async function make(patientId: string): Promise<void> {
    const [sealedKey] = await closedWithout(() =>
      wrapping.wrap([{ key: newDataKey(), context: patientId }]),
    )
    if (sealedKey === undefined) throw new CryptoError()
    await db
      .insertInto('patient_key')
      .values({
        patient_id: patientId,
        key_id: randomUUID(),
        sealed_key: sealedKey,
        created_at: new Date(),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }

  return {
    find,
    open,

    /** The patient's key, made where there is none. Committed before anyone is asked anything. */
    async ensure(patientId: string): Promise<PatientKey> {
      const known = await find(patientId)
      if (known !== undefined) return known
      await make(patientId)
      // An erasure may have come in between; the caller begins again with the next request.
      const key = await find(patientId)
      if (key === undefined) throw new Error('The key was destroyed as it was made')
      return key
    },

    /**
     * Holds the key against erasure, and against another store of the same patient, until the transaction ends.
     * @returns false where it is gone, or another took its place
     */
    async hold(tx: Tx, patientId: string, keyId: string): Promise<boolean> {
      const row = await tx
        .selectFrom('patient_key')
        .select('key_id')
        .where('patient_id', '=', patientId)
        .where('key_id', '=', keyId)
        .forNoKeyUpdate()
        .executeTakeFirst()
      return row !== undefined
    },
  }
}
export type PatientKeyRepository = ReturnType<typeof createPatientKeyRepository>

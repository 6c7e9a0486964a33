import { randomUUID } from 'node:crypto'
import { newDataKey } from '@minaintyg/crypto'
import type { Keyring } from '@minaintyg/crypto'
import type { Kysely } from 'kysely'
import type { Database, Tx } from '../database.ts'

/** The key of one patient's copies; another after every erasure. */
export interface PatientKey {
  keyId: string
  dataKey: Buffer
}

export function createPatientKeyRepository(db: Kysely<Database>, keyring: Keyring) {
  const open = (patientId: string, sealed: Buffer) => keyring.open(sealed, patientId)

  async function find(patientId: string): Promise<PatientKey | undefined> {
    const row = await db
      .selectFrom('patient_key')
      .select(['key_id', 'sealed_key'])
      .where('patient_id', '=', patientId)
      .executeTakeFirst()
    return row && { keyId: row.key_id, dataKey: open(patientId, row.sealed_key) }
  }

  return {
    find,
    open,

    /** The patient's key, made where there is none. Committed before anyone is asked anything. */
    async ensure(patientId: string): Promise<PatientKey> {
      await db
        .insertInto('patient_key')
        .values({
          patient_id: patientId,
          key_id: randomUUID(),
          sealed_key: keyring.seal(newDataKey(), patientId),
          created_at: new Date(),
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
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

import { sha256Hex } from '@minaintyg/crypto'
import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'

/** A copy that was made to be put on paper. */
export interface PaperCopy {
  patientId: string
  certificateId: string
  adapted: boolean
}

export function createVerificationRepository(db: Kysely<Database>, now: () => Date) {
  return {
    /** The same again changes nothing. Gone with the patient's key. */
    async insert(id: string, { patientId, certificateId, adapted }: PaperCopy): Promise<void> {
      await db
        .insertInto('verification')
        .values({
          id_sha256: sha256Hex(id),
          patient_id: patientId,
          certificate_id: certificateId,
          adapted,
          created_at: now(),
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },

    async find(id: string): Promise<PaperCopy | undefined> {
      const row = await db
        .selectFrom('verification')
        .select(['patient_id', 'certificate_id', 'adapted'])
        .where('id_sha256', '=', sha256Hex(id))
        .executeTakeFirst()
      return (
        row && {
          patientId: row.patient_id,
          certificateId: row.certificate_id,
          adapted: row.adapted,
        }
      )
    },
  }
}
export type VerificationRepository = ReturnType<typeof createVerificationRepository>

import type { Transaction } from 'kysely'
import { ConsentGivenV1, ConsentWithdrawnV1, exchanges } from '@minaintyg/contracts'
import { enqueue } from '@minaintyg/messaging'
import type { Database } from '../database.ts'

interface Given {
  consentId: string
  patientId: string
  at: Date
  traceparent: string
}
interface Withdrawn {
  withdrawalId: string
  patientId: string
  withdrawnAt: Date
  traceparent?: string
}

const envelope = (patientId: string, traceparent: string | undefined) => ({
  exchange: exchanges.events,
  source: '/minaintyg/consent',
  subject: patientId,
  ...(traceparent === undefined ? {} : { traceparent }),
})

export async function tellGiven(tx: Transaction<Database>, given: Given): Promise<void> {
  const { patientId, consentId, at, traceparent } = given
  const data = { patientId, consentId, at: at.toISOString() }
  await enqueue(tx, ConsentGivenV1, data, { ...envelope(patientId, traceparent), time: at })
}

export async function tellWithdrawn(
  tx: Transaction<Database>,
  { patientId, withdrawalId, withdrawnAt, traceparent }: Withdrawn,
): Promise<void> {
  const data = { patientId, withdrawalId, at: withdrawnAt.toISOString() }
  const options = { ...envelope(patientId, traceparent), time: withdrawnAt }
  await enqueue(tx, ConsentWithdrawnV1, data, options)
}

import { CertificateRevokedV1, ConsentWithdrawnV1, innerQueue } from '@minaintyg/contracts'
import { createConsumer, idempotentHandler } from '@minaintyg/messaging'
import type { EventBus } from '@minaintyg/messaging'
import type { Worker } from '@minaintyg/service'
import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'
import type { WithdrawDispatches } from './withdraw-dispatches.ts'

interface Deps {
  bus: EventBus
  db: Kysely<Database>
  withdraw: WithdrawDispatches
}

/** The gateway asks for the same at once; this is what holds when it could not. */
export const createConsentWithdrawnConsumer = ({ bus, db, withdraw }: Deps): Worker =>
  createConsumer({
    name: 'consent-withdrawn-consumer',
    bus,
    subscription: { queue: innerQueue('dispatch', ConsentWithdrawnV1.type) },
    handler: idempotentHandler({
      db,
      handler: 'dispatch.consent-withdrawn',
      definition: ConsentWithdrawnV1,
      // What was sent after consent was given anew stays.
      handle: ({ patientId, at }, tx) => withdraw.ofPatient(tx, patientId, new Date(at)),
    }),
  })

export const createCertificateRevokedConsumer = ({ bus, db, withdraw }: Deps): Worker =>
  createConsumer({
    name: 'certificate-revoked-consumer',
    bus,
    subscription: { queue: innerQueue('dispatch', CertificateRevokedV1.type) },
    handler: idempotentHandler({
      db,
      handler: 'dispatch.certificate-revoked',
      definition: CertificateRevokedV1,
      handle: ({ certificateId }, tx) => withdraw.ofCertificate(tx, certificateId),
    }),
  })

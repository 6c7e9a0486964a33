import {
  CertificateReplacedV1,
  CertificateRevokedV1,
  ConsentWithdrawnV1,
  ErasureDoneV1,
  exchanges,
  innerQueue,
} from '@minaintyg/contracts'
import { createConsumer, enqueue, idempotentHandler } from '@minaintyg/messaging'
import type { EventBus } from '@minaintyg/messaging'
import type { Worker } from '@minaintyg/service'
import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'
import type { ReplaceCertificate } from './replace-certificate.ts'
import type { WithdrawDispatches } from './withdraw-dispatches.ts'

interface Deps {
  bus: EventBus
  db: Kysely<Database>
  withdraw: WithdrawDispatches
  now: () => Date
}

/** The gateway asks for the same at once; this is what holds when it could not. */
export const createConsentWithdrawnConsumer = ({ bus, db, withdraw, now }: Deps): Worker =>
  createConsumer({
    name: 'consent-withdrawn-consumer',
    bus,
    subscription: { queue: innerQueue('dispatch', ConsentWithdrawnV1.type) },
    handler: idempotentHandler({
      db,
      handler: 'dispatch.consent-withdrawn',
      definition: ConsentWithdrawnV1,
      // What was sent after consent was given anew stays.
      async handle({ patientId, withdrawalId, at }, tx) {
        await withdraw.ofPatient(tx, patientId, new Date(at))
        const done = { withdrawalId, part: 'dispatch' as const, at: now().toISOString() }
        await enqueue(tx, ErasureDoneV1, done, {
          exchange: exchanges.events,
          source: '/minaintyg/dispatch',
          subject: withdrawalId,
        })
      },
    }),
  })

export const createCertificateRevokedConsumer = ({
  bus,
  db,
  withdraw,
}: Omit<Deps, 'now'>): Worker =>
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

export const createCertificateReplacedConsumer = ({
  bus,
  db,
  replaceCertificate,
}: Pick<Deps, 'bus' | 'db'> & { replaceCertificate: ReplaceCertificate }): Worker =>
  createConsumer({
    name: 'certificate-replaced-consumer',
    bus,
    subscription: { queue: innerQueue('dispatch', CertificateReplacedV1.type) },
    handler: idempotentHandler({
      db,
      handler: 'dispatch.certificate-replaced',
      definition: CertificateReplacedV1,
      handle: ({ certificateId, replacedBy, at }, tx) =>
        replaceCertificate(tx, { certificateId, replacedBy, at: new Date(at) }),
    }),
  })

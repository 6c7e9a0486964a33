import { randomUUID } from 'node:crypto'
import type { Kysely, Transaction } from 'kysely'
import { AppError } from '@minaintyg/errors'
import type { Database } from '../database.ts'
import { errors } from '../errors.ts'
import type { ErasureRepository } from '../erasures/erasure-repository.ts'
import type { ConsentTexts } from '../texts/consent-texts.ts'
import { countDeclaration } from '../consent-metrics.ts'
import { tellGiven, tellWithdrawn } from './consent-events.ts'
import type { ConsentRecord, Declaration } from './consent-model.ts'
import type { ConsentRepository } from './consent-repository.ts'

interface Deps {
  db: Kysely<Database>
  consents: ConsentRepository
  erasures: ErasureRepository
  texts: ConsentTexts
  now: () => Date
}
interface GiveConsent extends Declaration {
  textVersion: string
  traceparent: string
}
interface WithdrawConsent extends Declaration {
  traceparent: string
}

/** A record's time never lies before the one it follows, whatever a replica's clock says. */
const timeAfter = (earlier: ConsentRecord | undefined, now: Date): Date =>
  earlier === undefined || earlier.at < now ? now : new Date(earlier.at.getTime() + 1)

export function createDeclareConsent({ db, consents, erasures, texts, now }: Deps) {
  /** Runs with the patient's last word, and with no other declaration of that patient beside it. */
  const afterLatest = <T>(
    patientId: string,
    run: (tx: Transaction<Database>, latest: ConsentRecord | undefined) => Promise<T>,
  ): Promise<T> =>
    db.transaction().execute(async (tx) => {
      await consents.lockPatient(tx, patientId)
      return run(tx, await consents.latest(patientId, tx))
    })

  return {
    /** @returns whether it was given now, and not before */
    giveConsent: ({ textVersion, traceparent, ...declaration }: GiveConsent): Promise<boolean> =>
      afterLatest(declaration.patientId, async (tx, latest) => {
        if (textVersion !== texts.current(now()).version) {
          throw new AppError(errors.textOutdated, {
            detail: 'Show the text that GET /consent gives now, and ask again.',
          })
        }
        if (latest?.kind === 'given' && latest.textVersion === textVersion) return false
        const at = timeAfter(latest, now())
        const record = { ...declaration, id: randomUUID(), kind: 'given', textVersion, at } as const
        await consents.append(tx, record)
        await tellGiven(tx, { ...record, consentId: record.id, traceparent })
        countDeclaration('given')
        return true
      }),

    /** Holds from every state; the same again answers the time of the first. */
    withdrawConsent: ({ traceparent, ...declaration }: WithdrawConsent): Promise<Date> =>
      afterLatest(declaration.patientId, async (tx, latest) => {
        if (latest?.kind === 'withdrawn') return latest.at
        const record = {
          ...declaration,
          id: randomUUID(),
          kind: 'withdrawn',
          textVersion: latest?.textVersion ?? texts.current(now()).version,
          at: timeAfter(latest, now()),
        } as const
        await consents.append(tx, record)
        await erasures.begin(tx, record.id, record.at)
        const withdrawal = { ...record, withdrawalId: record.id, withdrawnAt: record.at }
        await tellWithdrawn(tx, { ...withdrawal, traceparent })
        countDeclaration('withdrawn')
        return record.at
      }),
  }
}
export type DeclareConsent = ReturnType<typeof createDeclareConsent>

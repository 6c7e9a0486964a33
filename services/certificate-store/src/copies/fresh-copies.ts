import { AppError } from '@minaintyg/errors'
import type { CertificateSource } from '@minaintyg/contracts'
import type { Logger } from '@minaintyg/messaging'
import type { RequireConsent } from '../clients/consent-client.ts'
import type { LookUpNumber } from '../clients/identity-client.ts'
import { errors } from '../errors.ts'
import { describeJournalFailure } from '../journals/journal-client.ts'
import type { JournalClient } from '../journals/journal-client.ts'
import type { CopyRepository } from './copy-repository.ts'
import type { PatientKey, PatientKeyRepository } from './patient-key-repository.ts'
import type { StoreCopies } from './store-copies.ts'

interface Deps {
  journals: readonly JournalClient[]
  copies: CopyRepository
  keys: PatientKeyRepository
  storeCopies: StoreCopies
  requireConsent: RequireConsent
  lookUpNumber: LookUpNumber
  /** Milliseconds that copies count as fresh. */
  freshness: number
  now: () => Date
  log: Logger
}

/** `first`: wait only for journals that never answered. `all`: wait for every journal that is due. */
export type Patience = 'first' | 'all'

interface Preparation {
  key: PatientKey
  personNumber: string
}

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}

/** Keeps the patient's copies as fresh as the journals allow; asks each journal once at a time for a patient. */
export function createFreshCopies(deps: Deps) {
  const { journals, copies, keys, storeCopies, requireConsent, lookUpNumber, now, log } = deps
  const underWay = new Map<string, Promise<void>>()

  // The key is there before consent is asked: who withdraws after the question destroys it, and nothing is stored.
  async function prepare(patientId: string): Promise<Preparation> {
    const key = await keys.ensure(patientId)
    await requireConsent(patientId)
    return { key, personNumber: await lookUpNumber(patientId) }
  }

  async function refresh(
    patientId: string,
    journal: JournalClient,
    prepared: () => Promise<Preparation>,
  ) {
    const { source } = journal
    try {
      const { key, personNumber } = await prepared()
      const entries = await journal.fetchAll(personNumber)
      const outcome = await storeCopies({ patientId, key, source, personNumber, entries })
      if (!outcome.stored) throw new AppError(errors.consentRequired)
      if (outcome.others > 0) {
        log.error(
          { source: source.id, others: outcome.others },
          'journal sent another patient’s certificates',
        )
      }
      if (outcome.unreadable > 0) {
        log.warn(
          { source: source.id, unreadable: outcome.unreadable },
          'journal sent unreadable certificates',
        )
      }
    } catch (error) {
      if (error instanceof AppError && error.code === errors.consentRequired.code) throw error
      log.warn(
        { source: source.id, ...describeJournalFailure(error) },
        'journal could not be asked',
      )
    }
  }

  function startRefresh(
    patientId: string,
    journal: JournalClient,
    prepared: () => Promise<Preparation>,
  ) {
    const name = `${patientId} ${journal.source.id}`
    const running = underWay.get(name)
    if (running !== undefined) return running
    const started = refresh(patientId, journal, prepared).finally(() => underWay.delete(name))
    underWay.set(name, started)
    // Whoever does not wait for it does not hear of it either.
    started.catch(() => undefined)
    return started
  }

  const isFresh = (fetchedAt: Date | undefined) =>
    fetchedAt !== undefined && now().getTime() - fetchedAt.getTime() < deps.freshness

  return {
    /**
     * Has what is not fresh fetched, and waits for what `patience` says.
     * @returns when each journal last answered
     * @throws {AppError} consent.required, where consent was withdrawn meanwhile
     */
    async ensure(patientId: string, patience: Patience): Promise<Map<string, Date>> {
      const fetches = await copies.findFetches(patientId)
      const due = journals.filter(({ source }) => !isFresh(fetches.get(source.id)))
      if (due.length === 0) return fetches
      const prepared = once(() => prepare(patientId))
      const refreshes = due.map((journal) => ({
        waited: patience === 'all' || !fetches.has(journal.source.id),
        done: startRefresh(patientId, journal, prepared),
      }))
      const waited = refreshes.filter((each) => each.waited).map(({ done }) => done)
      if (waited.length === 0) return fetches
      await Promise.all(waited)
      return copies.findFetches(patientId)
    },

    /** How complete and how old the copies of each journal are. */
    describe(fetches: Map<string, Date>): CertificateSource[] {
      return journals.map(({ source: { id, name } }) => {
        const fetchedAt = fetches.get(id)
        if (fetchedAt === undefined) return { id, name, state: 'unavailable', fetchedAt: null }
        const state = isFresh(fetchedAt) ? 'ok' : 'stale'
        return { id, name, state, fetchedAt: fetchedAt.toISOString() }
      })
    },

    /** Waits for what still runs behind answers. */
    async settle(): Promise<void> {
      await Promise.allSettled(underWay.values())
    },
  }
}
export type FreshCopies = ReturnType<typeof createFreshCopies>

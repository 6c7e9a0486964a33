import { AppError } from '@minaintyg/errors'
import type { Logger } from '@minaintyg/messaging'
import type { RequireConsent } from '../clients/consent-client.ts'
import type { LookUpNumbers } from '../clients/identity-client.ts'
import { errors } from '../errors.ts'
import { describeJournalFailure } from '../journals/journal-failures.ts'
import type { JournalClient } from '../journals/journal-client.ts'
import type { PatientKey, PatientKeyRepository } from './patient-key-repository.ts'
import type { StoreCopies } from './store-copies.ts'

interface Deps {
  keys: PatientKeyRepository
  storeCopies: StoreCopies
  requireConsent: RequireConsent
  lookUpNumbers: LookUpNumbers
  log: Logger
}

interface Preparation {
  key: PatientKey
  personNumbers: readonly string[]
}

/** What is no fault of a journal's. */
const passedOn = new Set<string>([errors.consentRequired.code, errors.keysUnavailable.code])

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}

/** Asks journals anew, each once at a time for a patient. */
export function createRefreshCopies(deps: Deps) {
  const { keys, storeCopies, requireConsent, lookUpNumbers, log } = deps
  const underWay = new Map<string, Promise<void>>()

  // The key is there before consent is asked: who withdraws after the question destroys it, and nothing is stored.
  async function prepare(patientId: string): Promise<Preparation> {
    const key = await keys.ensure(patientId)
    await requireConsent(patientId)
    return { key, personNumbers: await lookUpNumbers(patientId) }
  }

  async function refresh(
    patientId: string,
    journal: JournalClient,
    prepared: () => Promise<Preparation>,
  ) {
    const { source } = journal
    try {
      const { key, personNumbers } = await prepared()
      const lists = await Promise.all(personNumbers.map((number) => journal.fetchAll(number)))
      const entries = lists.flat()
      const outcome = await storeCopies({ patientId, key, source, personNumbers, entries })
      if (!outcome.stored) throw new AppError(errors.consentRequired)
      if (outcome.others > 0) {
        log.error(
          { source: source.id, others: outcome.others },
          'journal sent another patient’s certificates',
        )
      }
      for (const err of outcome.faults) {
        log.error({ source: source.id, err }, 'certificate could not be made a copy of')
      }
      if (outcome.unreadable > 0) {
        log.warn(
          { source: source.id, unreadable: outcome.unreadable },
          'journal sent unreadable certificates',
        )
      }
    } catch (error) {
      if (error instanceof AppError && passedOn.has(error.code)) throw error
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

  return {
    /**
     * Asks the journals given. @returns a promise for each, which fails only where consent turned out to be withdrawn
     */
    start(patientId: string, journals: readonly JournalClient[]): Promise<void>[] {
      const prepared = once(() => prepare(patientId))
      return journals.map((journal) => startRefresh(patientId, journal, prepared))
    },

    /** Waits for what still runs behind answers. */
    async settle(): Promise<void> {
      await Promise.allSettled(underWay.values())
    },
  }
}
export type RefreshCopies = ReturnType<typeof createRefreshCopies>

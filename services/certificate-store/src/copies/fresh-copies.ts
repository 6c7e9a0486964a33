import type { CertificateSource } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import type { RequireConsent } from '../clients/consent-client.ts'
import { errors } from '../errors.ts'
import type { JournalClient } from '../journals/journal-client.ts'
import type { Catalogue } from '../structure/catalogue-model.ts'
import type { CopyRepository, Fetches } from './copy-repository.ts'
import type { RefreshCopies } from './refresh-copies.ts'
import type { RestructureCopies } from './restructure-copies.ts'

interface Deps {
  journals: readonly JournalClient[]
  copies: CopyRepository
  refreshCopies: RefreshCopies
  restructureCopies: RestructureCopies
  catalogue: Catalogue
  requireConsent: RequireConsent
  /** Milliseconds that copies count as fresh. */
  freshness: number
  now: () => Date
}

/** `first`: wait only for journals that never answered. `all`: wait for every journal that is due. */
export type Patience = 'first' | 'all'

/** Keeps the patient's copies as fresh as the journals allow. */
export function createFreshCopies(deps: Deps) {
  const { journals, copies, refreshCopies, restructureCopies, requireConsent, catalogue } = deps
  const isFresh = (fetchedAt: Date | undefined) =>
    fetchedAt !== undefined && deps.now().getTime() - fetchedAt.getTime() < deps.freshness

  async function refreshDue(
    patientId: string,
    patience: Patience,
    known?: Fetches,
  ): Promise<Fetches> {
    let fetches = known ?? (await copies.findFetches(patientId))
    // New words reach also who has fresh copies, and whose journals do not answer.
    const isOutdated = [...fetches.values()].some(({ revision }) => revision !== catalogue.revision)
    if (isOutdated) {
      await restructureCopies(patientId)
      fetches = await copies.findFetches(patientId)
    }
    const due = journals.filter(({ source }) => !isFresh(fetches.get(source.id)?.at))
    if (due.length === 0) return fetches
    const refreshes = refreshCopies.start(patientId, due)
    const waited = refreshes.filter(
      (_, index) => patience === 'all' || !fetches.has(due[index]?.source.id ?? ''),
    )
    if (waited.length === 0) return fetches
    // All of them, also after one has failed: a second try must not meet what the first left running.
    const outcomes = await Promise.allSettled(waited)
    const failed = outcomes.find(({ status }) => status === 'rejected')
    if (failed?.status === 'rejected') throw failed.reason
    return copies.findFetches(patientId)
  }

  return {
    /**
     * Has what is not fresh fetched, and waits for what `patience` says.
     * @param known when each journal last answered, where that was just read
     * @returns the same as it is then; `known` itself where no copy has changed meanwhile
     * @throws {AppError} consent.required, where consent was withdrawn meanwhile
     */
    async ensure(patientId: string, patience: Patience, known?: Fetches): Promise<Fetches> {
      try {
        return await refreshDue(patientId, patience, known)
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== errors.consentRequired.code) throw error
        // It may have been a question from before consent was withdrawn and given anew: ask whether it holds now.
        await requireConsent(patientId)
        return refreshDue(patientId, patience)
      }
    },

    /** How complete and how old the copies of each journal are. */
    describe(fetches: Fetches): CertificateSource[] {
      return journals.map(({ source: { id, name } }) => {
        const fetchedAt = fetches.get(id)?.at
        if (fetchedAt === undefined) return { id, name, state: 'unavailable', fetchedAt: null }
        const state = isFresh(fetchedAt) ? 'ok' : 'stale'
        return { id, name, state, fetchedAt: fetchedAt.toISOString() }
      })
    },
  }
}
export type FreshCopies = ReturnType<typeof createFreshCopies>

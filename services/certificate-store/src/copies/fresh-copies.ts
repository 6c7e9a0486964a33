import type { CertificateSource } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import type { RequireConsent } from '../clients/consent-client.ts'
import { errors } from '../errors.ts'
import type { JournalClient } from '../journals/journal-client.ts'
import type { CopyRepository } from './copy-repository.ts'
import type { RefreshCopies } from './refresh-copies.ts'

interface Deps {
  journals: readonly JournalClient[]
  copies: CopyRepository
  refreshCopies: RefreshCopies
  requireConsent: RequireConsent
  /** Milliseconds that copies count as fresh. */
  freshness: number
  now: () => Date
}

/** `first`: wait only for journals that never answered. `all`: wait for every journal that is due. */
export type Patience = 'first' | 'all'

/** Keeps the patient's copies as fresh as the journals allow. */
export function createFreshCopies(deps: Deps) {
  const { journals, copies, refreshCopies, requireConsent, freshness, now } = deps
  const isFresh = (fetchedAt: Date | undefined) =>
    fetchedAt !== undefined && now().getTime() - fetchedAt.getTime() < freshness

  async function refreshDue(patientId: string, patience: Patience): Promise<Map<string, Date>> {
    const fetches = await copies.findFetches(patientId)
    const due = journals.filter(({ source }) => !isFresh(fetches.get(source.id)))
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
     * @returns when each journal last answered
     * @throws {AppError} consent.required, where consent was withdrawn meanwhile
     */
    async ensure(patientId: string, patience: Patience): Promise<Map<string, Date>> {
      try {
        return await refreshDue(patientId, patience)
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== errors.consentRequired.code) throw error
        // It may have been a question from before consent was withdrawn and given anew: ask whether it holds now.
        await requireConsent(patientId)
        return refreshDue(patientId, patience)
      }
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
  }
}
export type FreshCopies = ReturnType<typeof createFreshCopies>

import type { CertificateList, ListCertificates } from '@minaintyg/contracts'
import type { Language } from '@minaintyg/service'
import type { AccessActor, AccessLog } from '../access-log/access-log-repository.ts'
import type { RequireConsent } from '../clients/consent-client.ts'
import type { FreshCopies } from '../copies/fresh-copies.ts'
import { facetsOf, filterCertificates, pageOf, toCandidate } from './certificate-list.ts'
import type { CertificateRepository } from './certificate-repository.ts'
import { toListItem } from './certificate-view.ts'
import { decodeCursor, encodeCursor } from './list-cursor.ts'

interface Deps {
  requireConsent: RequireConsent
  freshCopies: FreshCopies
  certificates: CertificateRepository
  accessLog: AccessLog
  sourceName: (id: string) => string
  now: () => Date
}

export interface ListRequest {
  patientId: string
  query: ListCertificates
  language: Language
  actor: AccessActor
}

export function createListCertificates(deps: Deps) {
  const { requireConsent, freshCopies, certificates, accessLog, sourceName } = deps
  return async ({ patientId, query, language, actor }: ListRequest): Promise<CertificateList> => {
    const { sort = '-issuedAt', limit = 20, archived = false, cursor } = query
    const { type = [], unit = [], year = [], status = [] } = query
    const after = cursor === undefined ? undefined : decodeCursor(cursor, sort)
    await requireConsent(patientId, actor.trace)
    const fetches = await freshCopies.ensure(patientId, 'first')

    const now = deps.now()
    const filters = { type, unit, year, status, archived }
    const all = (await certificates.list(patientId)).map((each) => toCandidate(each, now))
    const matching = filterCertificates(all, filters)
    const { page, next } = pageOf(matching, { sort, limit, after })
    await accessLog.write({ patientId, action: 'list', actor })
    return {
      items: page.map(({ certificate }) =>
        toListItem(certificate, certificate.line(), { language, now, sourceName }),
      ),
      facets: facetsOf(all, filters, language),
      sources: freshCopies.describe(fetches),
      total: matching.length,
      nextCursor: next === null ? null : encodeCursor(next),
    }
  }
}
export type ListCertificatesOf = ReturnType<typeof createListCertificates>

import type { CertificateList, ListCertificates } from '@minaintyg/contracts'
import type { Language } from '@minaintyg/service'
import type { AccessActor, AccessLog } from '../access-log/access-log-repository.ts'
import type { LogRefusals } from '../access-log/refused-access.ts'
import type { RequireConsent } from '../clients/consent-client.ts'
import type { FreshCopies } from '../copies/fresh-copies.ts'
import { facetsOf, filterCertificates, pageOf, toCandidate } from './certificate-list.ts'
import type { PatientsCertificates } from './certificate-list-query.ts'
import type { CertificateRepository } from './certificate-repository.ts'
import { toListItem } from './certificate-view.ts'
import { createListCursors } from './list-cursor.ts'
import type { Identifiers } from '../identifiers.ts'

interface Deps {
  requireConsent: RequireConsent
  freshCopies: FreshCopies
  certificates: CertificateRepository
  accessLog: AccessLog
  logRefusals: LogRefusals
  identifiers: Identifiers
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
  const { requireConsent, freshCopies, certificates, accessLog, logRefusals, sourceName } = deps
  const cursors = createListCursors(deps.identifiers)

  async function findAll(patientId: string, actor: AccessActor): Promise<PatientsCertificates> {
    // Side by side: nothing of what is read is shown before consent is known.
    const [, found] = await Promise.all([
      requireConsent(patientId, actor.trace),
      certificates.list(patientId),
    ])
    const fetches = await freshCopies.ensure(patientId, 'first', found.fetches)
    return fetches === found.fetches ? found : certificates.list(patientId)
  }

  return async ({ patientId, query, language, actor }: ListRequest): Promise<CertificateList> => {
    const { sort = '-issuedAt', limit = 20, archived = false, cursor } = query
    const { type = [], unit = [], year = [], status = [] } = query
    const filters = { type, unit, year, status, archived }
    const scope = { patientId, sort, filters }
    const after = cursor === undefined ? undefined : cursors.decode(cursor, scope)
    const found = await logRefusals({ patientId, action: 'list', actor }, () =>
      findAll(patientId, actor),
    )

    const now = deps.now()
    const all = found.certificates.map((each) => toCandidate(each, now))
    const matching = filterCertificates(all, filters)
    const { page, next } = pageOf(matching, { sort, limit, after })
    await accessLog.write({ patientId, action: 'list', actor })
    return {
      items: page.map(({ certificate, statuses }) =>
        toListItem(certificate, certificate.line(), { language, now, sourceName }, statuses),
      ),
      facets: facetsOf(all, filters, language),
      sources: freshCopies.describe(found.fetches),
      total: matching.length,
      nextCursor: next === null ? null : cursors.encode(next, scope),
    }
  }
}
export type ListCertificatesOf = ReturnType<typeof createListCertificates>

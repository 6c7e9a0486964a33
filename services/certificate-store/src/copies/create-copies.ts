import type { KeyWrapping } from '@minaintyg/crypto'
import type { Server } from '@minaintyg/service'
import type { Kysely } from 'kysely'
import type { RequireConsent } from '../clients/consent-client.ts'
import type { LookUpNumbers } from '../clients/identity-client.ts'
import type { CertificateStoreConfig } from '../config.ts'
import type { Database } from '../database.ts'
import type { Catalogue } from '../structure/catalogue-model.ts'
import { createAccessLog } from '../access-log/access-log-repository.ts'
import { createCertificateRepository } from '../certificates/certificate-repository.ts'
import { createFindRelated } from '../certificates/related-certificates.ts'
import { journalsOf } from '../config.ts'
import { createCopyRepository } from './copy-repository.ts'
import { createFreshCopies } from './fresh-copies.ts'
import { createRestructureCopies } from './restructure-copies.ts'
import { createRefreshCopies } from './refresh-copies.ts'
import { createPatientKeyRepository } from './patient-key-repository.ts'
import { createStoreCopies } from './store-copies.ts'
import { createFindDispatches } from '../dispatches/dispatch-fact-repository.ts'
import { createIdentifiers } from '../identifiers.ts'
import { createJournalClient } from '../journals/journal-client.ts'
import { createSlicer } from '../rivta/slices.ts'

/** What fetches, keeps and erases copies. */
export function createCopies(
  config: CertificateStoreConfig,
  deps: {
    db: Kysely<Database>
    app: Server
    now: () => Date
    catalogue: Catalogue
    wrapping: KeyWrapping
    requireConsent: RequireConsent
    lookUpNumbers: LookUpNumbers
  },
) {
  const { db, app, now, catalogue, wrapping, requireConsent, lookUpNumbers } = deps
  const slicer = createSlicer()
  const journals = journalsOf(config).map((source) =>
    createJournalClient({
      source,
      slicer,
      consumerHsaId: config.CONSUMER_HSA_ID,
      log: app.log,
    }),
  )
  const accessLog = createAccessLog(db, now)
  const keys = createPatientKeyRepository(db, wrapping)
  const copies = createCopyRepository(db, slicer)
  const identifiers = createIdentifiers(config.IDENTIFIER_KEY)
  const storeCopies = createStoreCopies({
    db,
    copies,
    keys,
    accessLog,
    identifiers,
    catalogue,
    slicer,
    now,
  })
  const refreshCopies = createRefreshCopies({
    keys,
    storeCopies,
    requireConsent,
    lookUpNumbers,
    log: app.log,
  })
  const names = new Map(journals.map(({ source: { id, name } }) => [id, name]))
  const sourceName = (id: string) => names.get(id) ?? id
  const freshCopies = createFreshCopies({
    journals,
    copies,
    refreshCopies,
    restructureCopies: createRestructureCopies({ db, keys, catalogue, sourceName }),
    catalogue,
    requireConsent,
    freshness: config.FRESHNESS,
    now,
  })
  app.addHook('onClose', async () => {
    await refreshCopies.settle()
    await Promise.all(journals.map((journal) => journal.close()))
  })
  return {
    accessLog,
    catalogue,
    copies,
    freshCopies,
    identifiers,
    journals: journals.map(({ source }) => source),
    keys,
    sourceName,
    certificates: createCertificateRepository(db, keys),
    findRelated: createFindRelated(db),
    findDispatches: createFindDispatches(db),
  }
}

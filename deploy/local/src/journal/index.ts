import { createServer } from '@minaintyg/service'
import type { Service } from '@minaintyg/service'
import { journalContents } from './certificates/journal-contents.ts'
import { addControl } from './control-routes.ts'
import { createJournal } from './journal.ts'
import type { Behaviour, Journal } from './journal.ts'
import { addListing, listPath } from './listing-routes.ts'
import { testPersons } from '../test-persons.ts'
import { addPushControl } from './push-control-routes.ts'
import type { PushTarget } from './push.ts'

export { modes } from './journal.ts'
export type { Journal, Mode } from './journal.ts'
export type { PushAnswer, PushTarget } from './push.ts'

/** A journal as certificate-store's JOURNALS has it. */
export interface JournalSource {
  id: string
  name: string
  endpoint: string
  logicalAddress: string
  contractVersion: 3 | 4
}

export interface JournalsService extends Service {
  journals: readonly Journal[]
  /** For JOURNALS. @param baseUrl where this service listens */
  sources(baseUrl: string): JournalSource[]
  /** For PUSH_CALLERS. */
  callers: readonly { hsaId: string; source: string }[]
}

export interface JournalsOptions {
  logLevel?: string
  /** The certificates' dates are relative to it. */
  now?: () => Date
  /** Leaves the journals empty, for tests that load their own. */
  empty?: boolean
  /** Where they push what they are told to push; they push nothing of their own accord. */
  push?: PushTarget
}

/** Milliseconds: long enough to notice, and well within what certificate-store waits. */
const slowness = 1_500

const troublesOf = (source: string): ReadonlyMap<string, Behaviour> =>
  new Map(
    testPersons.flatMap(({ number, trouble }) =>
      trouble?.source === source
        ? [[number, { mode: trouble.mode, delay: trouble.mode === 'slow' ? slowness : 0 }]]
        : [],
    ),
  )

const bodyLimit = 32 * 1024 * 1024

/** Two patient journals on one port: Region Norr speaks version 4 of the contract, Intygstjänsten 3. */
export async function buildJournals(options: JournalsOptions = {}): Promise<JournalsService> {
  const { logLevel = 'info', now = () => new Date(), empty = false, push } = options
  const contents = journalContents(now())
  const journals = [
    createJournal({
      id: 'region-norr',
      name: 'Region Norr',
      version: 4,
      logicalAddress: 'SE2321000000-NORR',
      hsaId: 'SE2321000000-NORR',
      certificates: empty ? [] : contents['region-norr'],
      troubles: troublesOf('region-norr'),
    }),
    createJournal({
      id: 'intygstjansten',
      name: 'Intygstjänsten',
      version: 3,
      logicalAddress: '5565594230',
      hsaId: 'SE5565594230-B31',
      certificates: empty ? [] : contents.intygstjansten,
      troubles: troublesOf('intygstjansten'),
    }),
  ]
  const app = await createServer({ name: 'journals', logLevel, bodyLimit })
  app.addContentTypeParser(
    ['text/xml', 'application/xml'],
    { parseAs: 'string' },
    (_request, body, done) => {
      done(null, body)
    },
  )
  for (const journal of journals) addListing(app, journal)
  addControl(app, journals, now)
  addPushControl(app, journals, { target: push, now })
  return {
    app,
    workers: [],
    journals,
    callers: journals.map(({ id, hsaId }) => ({ hsaId, source: id })),
    sources: (baseUrl) =>
      journals.map(({ id, name, version, logicalAddress }) => ({
        id,
        name,
        endpoint: baseUrl + listPath({ id, version }),
        logicalAddress,
        contractVersion: version,
      })),
  }
}

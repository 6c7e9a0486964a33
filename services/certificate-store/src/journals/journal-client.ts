import { randomUUID } from 'node:crypto'
import { ConsecutiveBreaker, bulkhead, circuitBreaker, handleWhen, wrap } from 'cockatiel'
import { Pool } from 'undici'
import { JournalError } from '../rivta/errors.ts'
import {
  listCertificatesRequest,
  readListCertificatesResponse,
} from '../rivta/list-certificates.ts'
import type { ParsedEntry } from '../rivta/parsed-certificate.ts'
import type { JournalSource } from './journal-source.ts'
import { readBounded } from './read-bounded.ts'

/** An entry and whether the journal has it among its archived ones. */
export interface JournalEntry {
  entry: ParsedEntry
  archived: boolean
}

export interface JournalClient {
  readonly source: JournalSource
  /** Everything of a patient. @throws {JournalError} and whatever the network does */
  fetchAll(personNumber: string): Promise<JournalEntry[]>
  close(): Promise<void>
}

export interface JournalClientOptions {
  source: JournalSource
  consumerHsaId: string | undefined
}

const failuresUntilOpen = 5
const openFor = 10_000
const waiting = 200

/** What a journal says about one patient does not make it a failing journal. */
const isItsOwnFault = (error: unknown) =>
  !(error instanceof JournalError && error.kind === 'result-error')

function headersFor(soapAction: string, consumerHsaId: string | undefined): Record<string, string> {
  return {
    'content-type': 'text/xml;charset=UTF-8',
    soapaction: `"${soapAction}"`,
    'accept-encoding': 'gzip',
    'user-agent': 'Mina intyg',
    'x-skltp-correlation-id': randomUUID(),
    ...(consumerHsaId === undefined
      ? {}
      : { 'x-rivta-original-serviceconsumer-hsaid': consumerHsaId }),
  }
}

/** Asks one journal: bounded connections, one deadline, and no more questions while it keeps failing. */
export function createJournalClient({
  source,
  consumerHsaId,
}: JournalClientOptions): JournalClient {
  const { origin, pathname, search } = new URL(source.endpoint)
  const pool = new Pool(origin, {
    connections: source.connections,
    connect: { timeout: Math.min(2_000, source.deadline), ...source.tls },
    pipelining: 1,
  })
  const breaker = circuitBreaker(handleWhen(isItsOwnFault), {
    halfOpenAfter: openFor,
    breaker: new ConsecutiveBreaker(failuresUntilOpen),
  })
  // Each patient is two requests at once.
  const policy = wrap(bulkhead(Math.max(1, Math.floor(source.connections / 2)), waiting), breaker)

  async function fetchList(personNumber: string, archived: boolean, signal: AbortSignal) {
    const { contractVersion: version, logicalAddress } = source
    const asked = listCertificatesRequest({ version, logicalAddress, personNumber, archived })
    const { statusCode, headers, body } = await pool.request({
      method: 'POST',
      path: pathname + search,
      headers: headersFor(asked.soapAction, consumerHsaId),
      body: asked.envelope,
      signal,
    })
    const bytes = await readBounded(body, headers['content-encoding']?.toString())
    // A fault comes with 500; every other status is no SOAP at all.
    if (statusCode !== 200 && statusCode !== 500) {
      throw new JournalError('fault', `HTTP-${statusCode}`)
    }
    const { certificates } = readListCertificatesResponse(bytes)
    if (statusCode !== 200) throw new JournalError('fault', `HTTP-${statusCode}`)
    return certificates.map((entry): JournalEntry => ({ entry, archived }))
  }

  return {
    source,
    fetchAll(personNumber) {
      // Time in the queue counts: whoever asked has waited through it.
      const signal = AbortSignal.timeout(source.deadline)
      return policy.execute(async () => {
        // The wire has no «all»: the archived ones are a question of their own.
        const lists = await Promise.all(
          [false, true].map((archived) => fetchList(personNumber, archived, signal)),
        )
        return lists.flat()
      })
    },
    close: () => pool.destroy(),
  }
}

/** Why a journal could not be asked, in words that are safe to log. */
export function describeJournalFailure(error: unknown): { kind: string; code: string | null } {
  if (error instanceof JournalError) return { kind: error.kind, code: error.code }
  const { name, code } = error as { name?: unknown; code?: unknown }
  return {
    kind: typeof name === 'string' ? name : 'unknown',
    code: typeof code === 'string' ? code : null,
  }
}

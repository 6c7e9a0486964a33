import { randomUUID } from 'node:crypto'
import type { Logger } from '@minaintyg/messaging'
import { watchExpiry } from '@minaintyg/service'
import { nameNeighbour } from '@minaintyg/telemetry'
import { CircuitState, ConsecutiveBreaker, bulkhead, circuitBreaker, handleWhen } from 'cockatiel'
import { Pool } from 'undici'
import type { Dispatcher } from 'undici'
import { listCertificatesRequest } from '../rivta/list-certificates.ts'
import type { ParsedEntry } from '../rivta/parsed-certificate.ts'
import type { Slicer } from '../rivta/slices.ts'
import { createCertificateConnector, readExpiry } from './client-certificate.ts'
import { isBrokenConnection, isJournalsOwn, toJournalError } from './journal-failures.ts'
import { countFetch, openBreakers } from './journal-metrics.ts'
import type { JournalSource } from './journal-source.ts'
import { readAnswer } from './read-answer.ts'

/** An entry and whether the journal has it among its archived ones. */
export interface JournalEntry {
  entry: ParsedEntry
  archived: boolean
}

export interface JournalClient {
  readonly source: JournalSource
  /** Everything of a patient. @throws {JournalError} */
  fetchAll(personNumber: string): Promise<JournalEntry[]>
  close(): Promise<void>
}

export interface JournalClientOptions {
  source: JournalSource
  consumerHsaId: string | undefined
  /** Reads answers so that nobody else waits. */
  slicer: Slicer
  log: Logger
  /** How long it is left alone after failure upon failure, and how many may wait for it. */
  limits?: { failures: number; openFor: number; waiting: number }
}

const usualLimits = { failures: 5, openFor: 10_000, waiting: 200 }

interface Question {
  personNumber: string
  archived: boolean
  correlationId: string
  signal: AbortSignal
}

function createPool({ source, log }: JournalClientOptions): Pool {
  const timeout = Math.min(2_000, source.deadline)
  const events = {
    inUse: (validUntil: Date) => {
      log.info({ source: source.id, validUntil }, 'client certificate in use')
    },
    unusable: (error: unknown) => {
      const { code } = error as { code?: unknown }
      log.error({ source: source.id, code }, 'new client certificate cannot be used')
    },
  }
  const connect =
    source.clientCertificate === undefined
      ? { timeout }
      : createCertificateConnector(source.clientCertificate, { timeout, events })
  return new Pool(new URL(source.endpoint).origin, {
    connections: source.connections,
    connect,
    allowH2: false,
    pipelining: 1,
  })
}

const headersFor = (
  soapAction: string,
  of: { correlationId: string; consumerHsaId: string | undefined },
): Record<string, string> => ({
  'content-type': 'text/xml;charset=UTF-8',
  soapaction: `"${soapAction}"`,
  'accept-encoding': 'gzip',
  'user-agent': 'Mina intyg',
  'x-skltp-correlation-id': of.correlationId,
  ...(of.consumerHsaId === undefined
    ? {}
    : { 'x-rivta-original-serviceconsumer-hsaid': of.consumerHsaId }),
})

/** Asks one journal: bounded connections, one deadline, and no more questions while it keeps failing. */
export function createJournalClient(options: JournalClientOptions): JournalClient {
  const { source, consumerHsaId, slicer, limits = usualLimits } = options
  const { pathname, search } = new URL(source.endpoint)
  const pool = createPool(options)
  const breaker = circuitBreaker(handleWhen(isJournalsOwn), {
    halfOpenAfter: limits.openFor,
    breaker: new ConsecutiveBreaker(limits.failures),
  })
  nameNeighbour(source.endpoint, `journal ${source.id}`)
  const unwatch = [
    openBreakers.watch(() => [
      { labels: { journal: source.id }, value: breaker.state === CircuitState.Open ? 1 : 0 },
    ]),
    watchExpiry(`journal ${source.id}`, () => readExpiry(source.clientCertificate)),
  ]
  // Each patient is two requests at once.
  const queue = bulkhead(Math.max(1, Math.floor(source.connections / 2)), limits.waiting)

  const request = (how: Dispatcher.RequestOptions) =>
    pool.request(how).catch((error: unknown) => {
      // A kept connection may have been closed just then. To ask again changes nothing for anyone.
      if (!isBrokenConnection(error)) throw error
      return pool.request(how)
    })

  async function fetchList(question: Question): Promise<JournalEntry[]> {
    const { personNumber, archived, correlationId, signal } = question
    const { contractVersion: version, logicalAddress } = source
    const asked = listCertificatesRequest({ version, logicalAddress, personNumber, archived })
    const answer = await request({
      method: 'POST',
      path: pathname + search,
      headers: headersFor(asked.soapAction, { correlationId, consumerHsaId }),
      body: asked.envelope,
      signal,
    })
    const certificates = await readAnswer(answer, slicer)
    return certificates.map((entry) => ({ entry, archived }))
  }

  // The wire has no «all»: the archived ones are a question of their own.
  const fetchBoth = async (question: Omit<Question, 'archived'>) => {
    const ended = new AbortController()
    const signal = AbortSignal.any([question.signal, ended.signal])
    try {
      const lists = await Promise.all(
        [false, true].map((archived) => fetchList({ ...question, archived, signal })),
      )
      return lists.flat()
    } finally {
      // Where one has failed nobody waits for the other.
      ended.abort()
    }
  }

  return {
    source,
    async fetchAll(personNumber) {
      const correlationId = randomUUID()
      // Time in the queue counts: whoever asked has waited through it.
      const signal = AbortSignal.timeout(source.deadline)
      try {
        const entries = await queue.execute(() => {
          signal.throwIfAborted()
          return breaker.execute(() => fetchBoth({ personNumber, correlationId, signal }))
        })
        countFetch(source.id, 'answered')
        return entries
      } catch (error) {
        const failure = toJournalError(error, correlationId)
        countFetch(source.id, failure.kind)
        throw failure
      }
    },
    async close() {
      for (const end of unwatch) end()
      await pool.destroy()
    },
  }
}

import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { createJournalClient } from '../src/journals/journal-client.ts'
import type { JournalClientOptions } from '../src/journals/journal-client.ts'
import { describeJournalFailure } from '../src/journals/journal-failures.ts'
import type { JournalSource } from '../src/journals/journal-source.ts'
import { createSlicer } from '../src/rivta/slices.ts'
import { listResponse } from './documents.ts'
import { numbers } from './system.ts'

export interface Request {
  method: string | undefined
  path: string | undefined
  headers: IncomingMessage['headers']
  body: string
}

export type Answer = (response: ServerResponse, request: Request) => void

export const xml = { 'content-type': 'text/xml;charset=UTF-8' }

/** Answers with a body; a list without certificates where nothing is said. */
export const answering =
  (body: string | Buffer = listResponse([]), headers: Record<string, string> = xml): Answer =>
  (response) =>
    void response.writeHead(200, headers).end(body)

/** A SOAP fault. */
export const fault = (code: string, text: string) =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>${code}</faultcode><faultstring>${text}</faultstring></s:Fault></s:Body></s:Envelope>`

/** A server of one's own making in a journal's place. */
export async function startJournal({ tls }: { tls?: ServerOptions } = {}) {
  const journal = { answer: answering(), requests: [] as Request[], connections: 0 }
  const listener: RequestListener = (incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const { method, url: path, headers } = incoming
      const request = { method, path, headers, body: Buffer.concat(chunks).toString() }
      journal.requests.push(request)
      journal.answer(response, request)
    })
  }
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener)
  const connected = tls === undefined ? 'connection' : 'secureConnection'
  server.on(connected, () => (journal.connections += 1))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    journal,
    endpoint: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/list?a=b`,
    onSecureConnection: (listener: (socket: TLSSocket) => void) =>
      server.on('secureConnection', listener),
    /** Closes every connection. */
    disconnect: () => {
      server.closeAllConnections()
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A client of a journal, and what it logs. */
export function createClient(
  endpoint: string,
  source: Partial<JournalSource> = {},
  options: Partial<JournalClientOptions> = {},
) {
  const logged: { level: string; message: string; fields: object }[] = []
  const level = (name: string) => (fields: object, message: string) =>
    void logged.push({ level: name, message, fields })
  const client = createJournalClient({
    source: {
      endpoint,
      id: 'one',
      name: 'One',
      logicalAddress: '5565594230',
      contractVersion: 4,
      deadline: 20_000,
      connections: 20,
      ...source,
    },
    consumerHsaId: 'SE2321000000-MINA',
    slicer: createSlicer(),
    log: { debug: level('debug'), info: level('info'), warn: level('warn'), error: level('error') },
    ...options,
  })
  return {
    ...client,
    logged,
    ids: async () =>
      (await client.fetchAll(numbers.tolvan)).map(({ entry, archived }) => [
        entry.id?.extension,
        archived,
      ]),
    /** Why nothing came of a question. */
    failure: async () => {
      try {
        await client.fetchAll(numbers.tolvan)
      } catch (error) {
        const { kind, code } = describeJournalFailure(error)
        return { kind, code }
      }
      throw new Error('The journal answered')
    },
  }
}

/** A journal for each test of a file, and clients of it that are closed afterwards. */
export function useJournal() {
  let running: Awaited<ReturnType<typeof startJournal>>
  let clients: { close(): Promise<void> }[]
  beforeEach(async () => {
    running = await startJournal()
    clients = []
  })
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.close()))
    await running.stop()
  })
  return {
    server: {
      get journal() {
        return running.journal
      },
      disconnect: () => {
        running.disconnect()
      },
    },
    client: (source: Partial<JournalSource> = {}, options: Partial<JournalClientOptions> = {}) => {
      const made = createClient(running.endpoint, source, options)
      clients.push(made)
      return made
    },
  }
}

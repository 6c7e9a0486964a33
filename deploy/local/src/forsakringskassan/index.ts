import { setTimeout as pause } from 'node:timers/promises'
import { connectRecipientBus, createRecipient } from '@minaintyg/recipient-kit'
import type {
  RecipientCredentials,
  RecipientHandlers,
  RecipientStore,
} from '@minaintyg/recipient-kit'
import { createServer, startService } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import type pg from 'pg'
import { kindsOf, toReceipts } from './behaviour.ts'
import type { Behaviour } from './behaviour.ts'
import { openBooks } from './books.ts'
import type { Books } from './books.ts'
import { addRoutes } from './control-routes.ts'

export interface ForsakringskassanConfig {
  host: string
  port: number
  /** Base URL of the public API with its base path. */
  gatewayUrl: string
  /** Where the keys of events' signatures are; the gateway's where left out. */
  jwksUrl?: string
  credentials: RecipientCredentials
  /** `amqp://` of RabbitMQ, or `postgres://` of the embedded bus. */
  busUrl: string
  /** Postgres of the authority's own, for its books. */
  databaseUrl: string
  logLevel?: string
}

export interface ForsakringskassanDeps {
  now?: () => Date
  /** How it crashes when it is told to: nothing of it may go on afterwards. */
  crash?: () => void
}

export interface Forsakringskassan {
  app: Server
  start: () => Promise<void>
  stop: () => Promise<void>
}

const recipientId = 'FKASSA'

interface Authority {
  behaviour: Behaviour
  books: Books
  now: () => Date
  crash: () => void
}

function createHandlers(
  { behaviour, books, now, crash }: Authority,
  stopping: AbortSignal,
): RecipientHandlers<pg.PoolClient> {
  return {
    async requested({ dispatchId, sequence, certificate, document, requestedAt, tx }) {
      const { mode, delay } = behaviour
      if (delay > 0) await pause(delay, undefined, { signal: stopping })
      const reference = await books.open(tx, {
        dispatchId,
        certificateId: certificate.id,
        type: certificate.type,
        sequence,
        sha256: document.sha256,
        size: document.size,
        requestedAt,
        receivedAt: now().toISOString(),
        receipts: [...kindsOf(mode)],
      })
      if (mode === 'crash-before-commit') crash()
      return toReceipts(mode, reference)
    },
    async revoked({ dispatchId, revokedAt, tx }) {
      await books.revoke(tx, dispatchId, revokedAt)
    },
  }
}

/** The kit's store, which crashes when it is told to: what is booked has been committed, and nothing of it said. */
const crashingAfterCommit = ({
  behaviour,
  books,
  crash,
}: Authority): RecipientStore<pg.PoolClient> => ({
  find: books.store.find,
  async once(eventId, effect) {
    const receipts = await books.store.once(eventId, effect)
    if (behaviour.mode === 'crash-before-ack') crash()
    return receipts
  },
})

/** A recipient to try things with: what an authority's own program would do, on the recipient kit. */
export async function createForsakringskassan(
  config: ForsakringskassanConfig,
  deps: ForsakringskassanDeps = {},
): Promise<Forsakringskassan> {
  const { host, port, gatewayUrl, credentials, busUrl, databaseUrl, logLevel = 'info' } = config
  const { now = () => new Date(), crash = () => process.kill(process.pid, 'SIGKILL') } = deps
  const { jwksUrl = `${gatewayUrl}/.well-known/jwks.json` } = config
  const stopping = new AbortController()
  const app = await createServer({ name: 'forsakringskassan', logLevel })
  const books = await openBooks(databaseUrl)
  app.addHook('onClose', () => books.close())
  const behaviour: Behaviour = { mode: 'accept', delay: 0 }
  const authority = { behaviour, books, now, crash }
  addRoutes(app, authority)
  let stopService: (() => Promise<void>) | undefined

  return {
    app,
    async start() {
      const bus = await connectRecipientBus({ url: busUrl, recipientId, logger: app.log })
      app.addHook('onClose', () => bus.close())
      const recipient = createRecipient({
        bus,
        recipientId,
        jwksUrl,
        gatewayUrl,
        credentials,
        store: crashingAfterCommit(authority),
        handlers: createHandlers(authority, stopping.signal),
        logger: app.log,
      })
      const worker = { name: 'recipient', ...recipient }
      stopService = await startService({ app, workers: [worker] }, { host, port })
    },
    async stop() {
      stopping.abort()
      await stopService?.()
    },
  }
}

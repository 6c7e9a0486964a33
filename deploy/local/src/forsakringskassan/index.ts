import { setTimeout as pause } from 'node:timers/promises'
import { connectRecipientBus, createMemoryStore, createRecipient } from '@minaintyg/recipient-kit'
import type { RecipientCredentials, RecipientHandlers } from '@minaintyg/recipient-kit'
import type { EventBus } from '@minaintyg/messaging'
import { createServer, startService } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import Type from 'typebox'
import { createCaseRegister, modes } from './case-register.ts'
import type { CaseRegister, Mode } from './case-register.ts'
import { page } from './page.ts'

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
  /** Used instead of one that is connected by `busUrl`. */
  bus?: EventBus
  logLevel?: string
  /** Milliseconds before an answer in the mode `slow`; 5,000 unless told. */
  slowness?: number
  now?: () => Date
}

export interface Forsakringskassan {
  app: Server
  start: () => Promise<void>
  stop: () => Promise<void>
}

const recipientId = 'FKASSA'

interface Authority {
  mode: Mode
  register: CaseRegister
}

function createHandlers(
  authority: Authority,
  { slowness, stopping }: { slowness: number; stopping: AbortSignal },
): RecipientHandlers<undefined> {
  return {
    async requested({ dispatchId, sequence, certificate, document, requestedAt }) {
      const { mode, register } = authority
      if (mode === 'slow') await pause(slowness, undefined, { signal: stopping })
      return register.open(mode, {
        dispatchId,
        certificateId: certificate.id,
        type: certificate.type,
        sequence,
        sha256: document.sha256,
        size: document.size,
        requestedAt,
      })
    },
    async revoked({ dispatchId, revokedAt }) {
      authority.register.revoke(dispatchId, revokedAt)
    },
  }
}

function addRoutes(app: Server, authority: Authority): void {
  const open = { config: { access: 'open' } } as const
  const Control = Type.Object(
    { mode: Type.Union(modes.map((mode) => Type.Literal(mode))) },
    { additionalProperties: false },
  )
  app.get('/', open, async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .send(page(authority.mode, authority.register.list())),
  )
  app.get('/dispatches', open, async () => ({ items: authority.register.list() }))
  app.get('/control', open, async () => ({ mode: authority.mode }))
  app.post('/control', { ...open, schema: { body: Control } }, async ({ body }) => {
    authority.mode = body.mode
    return { mode: authority.mode }
  })
}

/** A recipient to try things with: what an authority's own program would do, on the recipient kit. */
export async function createForsakringskassan(
  config: ForsakringskassanConfig,
): Promise<Forsakringskassan> {
  const { host, port, gatewayUrl, credentials, busUrl, slowness = 5_000 } = config
  const { logLevel = 'info', now = () => new Date() } = config
  const { jwksUrl = `${gatewayUrl}/.well-known/jwks.json` } = config
  const authority: Authority = { mode: 'accept', register: createCaseRegister(now) }
  const stopping = new AbortController()
  const app = await createServer({ name: 'forsakringskassan', logLevel })
  addRoutes(app, authority)
  let stopService: (() => Promise<void>) | undefined

  return {
    app,
    async start() {
      const bus =
        config.bus ?? (await connectRecipientBus({ url: busUrl, recipientId, logger: app.log }))
      app.addHook('onClose', () => bus.close())
      const recipient = createRecipient({
        bus,
        recipientId,
        jwksUrl,
        gatewayUrl,
        credentials,
        store: createMemoryStore(),
        handlers: createHandlers(authority, { slowness, stopping: stopping.signal }),
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

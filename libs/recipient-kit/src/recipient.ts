import { randomUUID } from 'node:crypto'
import { recipientQueue } from '@minaintyg/contracts'
import type {
  DispatchReplacedV1,
  DispatchRequestedV1,
  DispatchRevokedV1,
  EventData,
} from '@minaintyg/contracts'
import { PoisonMessageError } from '@minaintyg/errors'
import { silentLogger } from '@minaintyg/messaging'
import type { Consumer, Delivery, EventBus, Logger } from '@minaintyg/messaging'
import { DispatchRevokedError, createGatewayClient } from './gateway-client.ts'
import type { DocumentMediaType, GatewayClient, RecipientCredentials } from './gateway-client.ts'
import { receiptIdOf } from './receipt-draft.ts'
import type { ReceiptDraft } from './receipt-draft.ts'
import { createReceiptSender } from './receipt-sender.ts'
import { createReplay } from './replay.ts'
import type { RecipientStore } from './store.ts'
import { createEventVerifier } from './verify-event.ts'
import type { RecipientEvent } from './verify-event.ts'

/** A certificate that a patient has sent. Signature, size and hash have been checked. */
export interface RequestedDispatch<Tx> extends EventData<typeof DispatchRequestedV1> {
  eventId: string
  /** The original, byte for byte. */
  bytes: Buffer
  /** The same document as JSON or PDF. */
  fetchAs: (mediaType: DocumentMediaType) => Promise<Buffer>
  /** Of the store: what is written with it commits together with the memory of the event. */
  tx: Tx
}

/** A dispatch that is no longer to be handled. */
export interface RevokedDispatch<Tx> extends EventData<typeof DispatchRevokedV1> {
  eventId: string
  tx: Tx
}

/** A dispatch whose certificate the journal has replaced; it stands, and a new one comes only if the patient sends it. */
export interface ReplacedDispatch<Tx> extends EventData<typeof DispatchReplacedV1> {
  eventId: string
  tx: Tx
}

export interface RecipientHandlers<Tx> {
  /** @returns the receipts to send once it has committed; `received` where it returns nothing */
  requested: (dispatch: RequestedDispatch<Tx>) => Promise<readonly ReceiptDraft[] | undefined>
  revoked: (dispatch: RevokedDispatch<Tx>) => Promise<void>
  /** Passed over where left out. */
  replaced?: (dispatch: ReplacedDispatch<Tx>) => Promise<void>
}

export interface RecipientOptions<Tx> {
  bus: EventBus
  /** Code of the recipient, as FKASSA. */
  recipientId: string
  /** Where the keys of events' signatures are published. */
  jwksUrl: string
  /** Base URL of the public API with its base path. */
  gatewayUrl: string
  credentials: RecipientCredentials
  store: RecipientStore<Tx>
  handlers: RecipientHandlers<Tx>
  /** How receipts are sent; over the bus unless told. */
  receipts?: 'bus' | 'http'
  /** Events handled at a time: what is not handled waits at the broker; 10 unless told. */
  concurrency?: number
  logger?: Logger
}

export interface RecipientClient {
  start: () => Promise<void>
  /** Takes no more events and waits for those under way. */
  stop: () => Promise<void>
  /**
   * Handles every event after a sequence, out of the pull feed: after a restored backup, or nightly. Those that have been
   * handled are not handled again, but their receipts are sent again. When it throws, begin anew.
   * @returns the last sequence
   */
  replay: (after: number) => Promise<number>
  /** For what is decided later; with an id of one's own the same receipt can be sent again. */
  sendReceipt: (dispatchId: string, draft: ReceiptDraft, id?: string) => Promise<void>
}

type Requested = Extract<RecipientEvent, { kind: 'requested' }>
type Revoked = Extract<RecipientEvent, { kind: 'revoked' }>
type Replaced = Extract<RecipientEvent, { kind: 'replaced' }>

/** What an event does, once; its receipts are what is to be said of it. */
function createEffects<Tx>(
  { store, handlers, logger = silentLogger }: RecipientOptions<Tx>,
  gateway: GatewayClient,
) {
  async function requested({ id: eventId, data }: Requested) {
    const known = await store.find(eventId)
    if (known !== undefined) return known
    let bytes: Buffer
    try {
      bytes = await gateway.fetchDocument(data.document)
    } catch (error) {
      if (!(error instanceof DispatchRevokedError)) throw error
      logger.info({ dispatchId: data.dispatchId }, 'a dispatch was revoked before it was fetched')
      return store.once(eventId, async () => [])
    }
    const fetchAs = (mediaType: DocumentMediaType) => gateway.fetchAs(data.document, mediaType)
    return store.once(eventId, async (tx) => {
      const receipts = await handlers.requested({ ...data, eventId, bytes, fetchAs, tx })
      return receipts ?? [{ kind: 'received' }]
    })
  }

  async function revoked({ id: eventId, data }: Revoked) {
    await store.once(eventId, async (tx) => {
      await handlers.revoked({ ...data, eventId, tx })
      return []
    })
  }

  async function replaced({ id: eventId, data }: Replaced) {
    await store.once(eventId, async (tx) => {
      await handlers.replaced?.({ ...data, eventId, tx })
      return []
    })
  }

  return { requested, revoked, replaced }
}

/** A recipient of certificates: verifies, remembers, fetches, checks, and says what it did. */
export function createRecipient<Tx>(options: RecipientOptions<Tx>): RecipientClient {
  const { bus, recipientId, logger = silentLogger, concurrency = 10 } = options
  const gateway = createGatewayClient(options.gatewayUrl, options.credentials)
  const effects = createEffects(options, gateway)
  const verify = createEventVerifier(options.jwksUrl)
  const send = createReceiptSender({
    channel: options.receipts ?? 'bus',
    bus,
    gateway,
    recipientId,
  })
  let consumer: Consumer | undefined

  async function handle(event: RecipientEvent): Promise<void> {
    if (event.kind === 'unknown') {
      logger.warn({ id: event.id, type: event.type }, 'an event of an unknown type is passed over')
      return
    }
    const { dispatchId } = event.data
    if (event.data.recipientId !== recipientId) {
      throw new PoisonMessageError('The event is for another recipient')
    }
    if (event.kind === 'revoked') {
      await effects.revoked(event)
      return
    }
    if (event.kind === 'replaced') {
      await effects.replaced(event)
      return
    }
    // When sending fails the event comes again, and the same receipts with it.
    for (const draft of await effects.requested(event)) {
      await send({ id: receiptIdOf(event.id, draft.kind), dispatchId, draft })
    }
  }

  const onDelivery = async (delivery: Delivery) => handle(await verify(delivery))

  return {
    async start() {
      const queue = recipientQueue(recipientId)
      consumer ??= await bus.subscribe({ queue, concurrency }, onDelivery)
    },
    async stop() {
      await consumer?.stop()
      consumer = undefined
    },
    replay: createReplay({ gateway, verify, handle, logger }),
    sendReceipt: (dispatchId, draft, id = randomUUID()) => send({ id, dispatchId, draft }),
  }
}

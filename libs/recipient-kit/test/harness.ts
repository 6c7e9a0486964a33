import { receiptQueue, recipientQueue, topology } from '@minaintyg/contracts'
import { connectEventBus, deadLetterQueue, silentLogger } from '@minaintyg/messaging'
import { createTestDatabase } from '@minaintyg/testing'
import { connectRecipientBus, createMemoryStore, createRecipient } from '../src/index.ts'
import type {
  RecipientClient,
  RecipientOptions,
  RequestedDispatch,
  RevokedDispatch,
} from '../src/index.ts'
import { startTestGateway } from './test-gateway.ts'

interface ReceivedReceipt {
  id: string
  type: string
  data: Record<string, unknown>
}

/** A gateway and a bus, with the recipients that a test starts between them. */
export async function startHarness() {
  const gateway = await startTestGateway()
  const busDatabase = await createTestDatabase()
  const sender = await connectEventBus({ url: busDatabase.url, name: 'dispatch', topology })
  const receipts: ReceivedReceipt[] = []
  /** Events that the bus says it gave up on; their dead letters come a little later. */
  const refused: string[] = []
  const dead: string[] = []
  const running: RecipientClient[] = []
  const logger = {
    ...silentLogger,
    error: (fields: { id?: string }) => void refused.push(String(fields.id)),
  }
  const bus = await connectRecipientBus({ url: busDatabase.url, recipientId: 'FKASSA', logger })
  await sender.subscribe({ queue: receiptQueue }, async ({ body }) => {
    receipts.push(JSON.parse(body.toString()))
  })
  await sender.subscribe({ queue: deadLetterQueue(recipientQueue('FKASSA')) }, async ({ id }) => {
    dead.push(String(id))
  })

  return {
    gateway,
    sender,
    refused,
    dead,
    receiptsOf: (dispatchId: string) =>
      receipts.filter(({ data }) => data['dispatchId'] === dispatchId),
    /** A recipient that keeps what it was handed. */
    async startRecipient<Tx = undefined>(options: Partial<RecipientOptions<Tx>> = {}) {
      const requested: RequestedDispatch<Tx>[] = []
      const revoked: RevokedDispatch<Tx>[] = []
      const recipient = createRecipient<Tx>({
        bus,
        recipientId: 'FKASSA',
        jwksUrl: gateway.jwksUrl,
        gatewayUrl: gateway.url,
        credentials: gateway.credentials,
        store: createMemoryStore() as never,
        handlers: {
          requested: async (dispatch) => {
            requested.push(dispatch)
            return undefined
          },
          revoked: async (dispatch) => {
            revoked.push(dispatch)
          },
        },
        ...options,
      })
      running.push(recipient)
      await recipient.start()
      return { recipient, requested, revoked }
    },
    async stopRecipients() {
      await Promise.all(running.splice(0).map((recipient) => recipient.stop()))
    },
    async stop() {
      await bus.close()
      await sender.close()
      await gateway.stop()
      await busDatabase.drop()
    },
  }
}
export type Harness = Awaited<ReturnType<typeof startHarness>>

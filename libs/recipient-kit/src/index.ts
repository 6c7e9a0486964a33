export { connectRecipientBus } from './connect-bus.ts'
export { DispatchRevokedError } from './gateway-client.ts'
export type { DocumentMediaType, RecipientCredentials } from './gateway-client.ts'
export { createPostgresStore, recipientInboxSql } from './postgres-store.ts'
export type { PgClient, PgPool } from './postgres-store.ts'
export { receiptIdOf } from './receipt-draft.ts'
export type { ReceiptDraft } from './receipt-draft.ts'
export { createRecipient } from './recipient.ts'
export type {
  RecipientClient,
  RecipientHandlers,
  RecipientOptions,
  ReplacedDispatch,
  RequestedDispatch,
  RevokedDispatch,
} from './recipient.ts'
export { createMemoryStore } from './store.ts'
export type { RecipientStore } from './store.ts'
export { createEventVerifier } from './verify-event.ts'
export type { RecipientEvent } from './verify-event.ts'

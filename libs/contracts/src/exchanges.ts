/** Names on the event bus; every topology is built of these. */
export const exchanges = {
  events: 'minaintyg.events',
  dispatch: 'minaintyg.dispatch',
  receipts: 'minaintyg.receipts',
} as const

/** The queue that a recipient reads. */
export const recipientQueue = (recipientId: string) => `dispatch.${recipientId}.v1`

/** Header of the detached EdDSA JWS over the exact bytes of an event. */
export const signatureHeader = 'x-jws-signature'

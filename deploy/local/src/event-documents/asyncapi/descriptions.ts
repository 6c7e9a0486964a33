/** What a schema cannot say. */
export const aboutAll = `A patient sends you a certificate. You get an event, fetch the document over HTTPS, and answer with receipts.
This document is written from the recipient's side: you *receive* events and *send* receipts.
openapi/recipients.md takes you from nothing to your first event, with any AMQP 0-9-1 client.

**Delivery.** At least once. The same event has the same \`id\`, and exactly the same bytes, every time: remember the id together
with the effect, in one transaction. \`data.sequence\` rises by one for each event of yours. Events may come out of order: after an
error, and where several are handled at a time.

**Signature.** The header \`x-jws-signature\` is a detached JWS (RFC 7515, appendix F; EdDSA with Ed25519) over the exact bytes of the body.
Verify it before you read anything. The keys are at \`/minaintyg/v1/.well-known/jwks.json\`; an unknown \`kid\` means that you should read the
set anew, no more than once in five seconds.

**New things.** Pass over types and fields that you do not know. What stands here only gains optional fields; anything else is a new type (\`.v2\`).

**Personal data.** An event holds no name, no number and no diagnosis. Those are in the document, which only your own client may fetch.`

export const aboutReceiving = `Consume with acknowledgement, and with a prefetch of as many events as you handle at a time: the rest wait at the broker, which is the
whole of the back-pressure. You declare nothing and bind nothing; both are refused (403).

| what happens to you | what to do |
|---|---|
| the effect is committed | \`ack\` |
| it was committed before (the id is known) | \`ack\`, and send the same receipts again |
| unsigned, forged, not this contract, another recipient's, another SHA-256 | \`reject\` without requeue: it goes to the dead-letter queue, where Mina intyg's operator looks |
| the document answers 410 | \`ack\`: the patient or the journal took it back. A revoked event follows or has come |
| your database, the gateway or the keys are away | wait, then \`reject\` with requeue; wait longer each time, up to 30 s. Never in a tight loop |
| you are busy or stopping | \`nack\` with requeue, or close the channel |
| you need more than 30 minutes | commit the event to a table of yours and \`ack\`; RabbitMQ closes a channel that owes an acknowledgement for longer |

An event that was returned 10,000 times is a dead letter (\`x-delivery-limit\`; RabbitMQ before 4.3 counts every return, from 4.3 on
\`reject\` and lost channels, not \`nack\`). Missed something? \`GET /minaintyg/v1/recipient/dispatches?after=<sequence>\` has every event of the
last 90 days, in order and without gaps.`

export const aboutSending = `Publish persistent and mandatory, and wait for the broker's confirm. No confirm in 10 s: it may or may not have arrived, so
publish again with the same \`id\`. A receipt with a known id changes nothing. \`POST /minaintyg/v1/recipient/dispatches/{id}/receipts\` is the same over HTTP.

| the broker says | it means |
|---|---|
| 403 ACCESS_REFUSED | another exchange than \`minaintyg.receipts\`, or a routing key that does not begin with your own code |
| 406 PRECONDITION_FAILED | the property \`user-id\` is not the user that you are logged in as |
| 312 NO_ROUTE (basic.return) | nobody listens: keep the receipt, try again after minutes, tell the operator |
| nack | the queue is full: keep the receipt, try again after minutes |
| connection.blocked | the broker is short of memory or disk: stop publishing until connection.unblocked |

Set the property \`user-id\` to your user: the broker vouches for it. Say \`received\` when you have the document. The patient sees every receipt,
and \`reason\` and \`question\` word for word. A receipt that breaks its schema, or about a dispatch that is not yours, is not booked; it
becomes a dead letter. Receipts may come late and out of order: nothing goes back from \`accepted\` or \`rejected\`.`

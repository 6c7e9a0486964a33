import {
  createRecipientTopology,
  dispatchRoutingKey,
  exchanges,
  knownRecipientIds,
  receiptKinds,
  receiptRoutingKey,
  recipientQueue,
} from '@minaintyg/contracts'
import { deadLetterQueue, queueArguments } from '@minaintyg/messaging'
import { vhost } from '../definitions.ts'
import { aboutAll, aboutReceiving, aboutSending } from './descriptions.ts'
import { completionRequested, dispatchMessages, receiptMessages } from './messages.ts'
import type { MessageDefinition } from './messages.ts'

const bindingVersion = '0.3.0'
const anyRecipient = '{recipientId}'
const persistent = 2

const reference = (path: string) => ({ $ref: `#/${path}` })
const amqp = (binding: object) => ({ amqp: { ...binding, bindingVersion } })

const recipientId = {
  enum: [...knownRecipientIds],
  description: 'Your code in KV_PART; others can be configured',
}

const exchange = (name: string) => ({
  name,
  type: 'topic',
  durable: true,
  autoDelete: false,
  vhost: `/${vhost}`,
})

const messagesOf = (messages: readonly MessageDefinition[]) =>
  Object.fromEntries(messages.map(({ key }) => [key, reference(`components/messages/${key}`)]))

const messageReferences = (channel: string, messages: readonly MessageDefinition[]) =>
  messages.map(({ key }) => reference(`channels/${channel}/messages/${key}`))

function eventChannel() {
  const queue = createRecipientTopology(anyRecipient).queues.find(
    ({ name }) => name === recipientQueue(anyRecipient),
  )
  if (queue === undefined) throw new Error('The topology has no queue for a recipient')
  return {
    address: queue.name,
    title: 'Your queue',
    description: `Quorum queue, bound to \`${exchanges.dispatch}\` by \`${anyRecipient}.#\`. It is there when your user is.`,
    messages: messagesOf(dispatchMessages),
    parameters: { recipientId },
    bindings: amqp({
      is: 'queue',
      queue: {
        name: queue.name,
        durable: true,
        exclusive: false,
        autoDelete: false,
        vhost: `/${vhost}`,
      },
    }),
    // The AMQP binding has no place for these.
    'x-queue-arguments': queueArguments(queue),
    'x-dead-letter-queue': deadLetterQueue(queue.name),
    'x-exchange': {
      ...exchange(exchanges.dispatch),
      routingKeys: dispatchMessages.map(({ type }) => dispatchRoutingKey(anyRecipient, type)),
    },
  }
}

const receiptChannel = () => ({
  address: receiptRoutingKey(anyRecipient, 'se.minaintyg.receipt.{kind}.v1'),
  title: 'Receipts',
  description:
    'The address is the routing key. Your user may use the keys that begin with your own code, and no others.',
  messages: messagesOf(receiptMessages),
  parameters: {
    recipientId,
    kind: { enum: [...receiptKinds], description: 'As in the `type` of the event' },
  },
  bindings: amqp({ is: 'routingKey', exchange: exchange(exchanges.receipts) }),
})

const careChannel = () => ({
  address: completionRequested.type,
  title: 'Completions that care is asked for',
  description: `Inside Mina intyg, on \`${exchanges.events}\`: for whoever answers for care. A recipient’s user may not read it.`,
  messages: messagesOf([completionRequested]),
  bindings: amqp({ is: 'routingKey', exchange: exchange(exchanges.events) }),
})

const componentMessage = ({
  type,
  title,
  summary,
  schema,
  headers,
  example,
}: MessageDefinition) => ({
  name: type,
  title,
  summary,
  contentType: 'application/cloudevents+json',
  ...(headers === undefined ? {} : { headers }),
  payload: schema,
  correlationId: { location: '$message.payload#/data/dispatchId' },
  bindings: amqp({ contentEncoding: 'utf-8', messageType: type }),
  examples: [{ name: type, ...example }],
})

const servers = {
  production: {
    host: 'broker.minaintyg.example:5671',
    pathname: `/${vhost}`,
    protocol: 'amqps',
    protocolVersion: '0-9-1',
    description: 'RabbitMQ 4, TLS 1.2 or 1.3. The name is the operator’s to tell you.',
    security: [
      reference('components/securitySchemes/password'),
      reference('components/securitySchemes/certificate'),
    ],
  },
  local: {
    host: 'localhost:5672',
    protocol: 'amqp',
    protocolVersion: '0-9-1',
    description: 'RabbitMQ on your own machine, for `make demo`.',
    security: [reference('components/securitySchemes/password')],
  },
}

const securitySchemes = {
  password: {
    type: 'userPassword',
    description:
      'Your user at the broker (your code in small letters) reads your queue, publishes your receipts, and may do nothing else.',
  },
  certificate: {
    type: 'X509',
    description:
      'TLS client certificate instead of a password (SASL EXTERNAL), where the operator has arranged it.',
  },
}

/** The AsyncAPI document of what recipients meet, from the same contracts that validate and declare. */
export function asyncapiDocument(): unknown {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Mina intyg: events for recipients',
      version: '1.0.0',
      description: aboutAll,
      license: {
        name: 'EUPL-1.2',
        url: 'https://joinup.ec.europa.eu/collection/eupl/eupl-text-eupl-12',
      },
      tags: [{ name: 'recipients' }],
    },
    defaultContentType: 'application/cloudevents+json',
    servers,
    channels: { events: eventChannel(), receipts: receiptChannel(), care: careChannel() },
    operations: {
      receiveEvents: {
        action: 'receive',
        channel: reference('channels/events'),
        title: 'Read your events',
        description: aboutReceiving,
        messages: messageReferences('events', dispatchMessages),
        bindings: amqp({ ack: true }),
      },
      sendReceipt: {
        action: 'send',
        channel: reference('channels/receipts'),
        title: 'Say what became of a dispatch',
        description: aboutSending,
        messages: messageReferences('receipts', receiptMessages),
        bindings: amqp({ deliveryMode: persistent, mandatory: true }),
      },
      hearCompletionRequests: {
        action: 'receive',
        channel: reference('channels/care'),
        title: 'Hear what recipients ask of care',
        messages: messageReferences('care', [completionRequested]),
        bindings: amqp({ ack: true }),
      },
    },
    components: {
      messages: Object.fromEntries(
        [...dispatchMessages, ...receiptMessages, completionRequested].map((message) => [
          message.key,
          componentMessage(message),
        ]),
      ),
      securitySchemes,
    },
  }
}

import {
  ConfigError,
  EventBusVariables,
  Required,
  ServiceVariables,
  TokenVariables,
  parseJsonVariable,
} from '@minaintyg/config'
import { recipientUser } from '@minaintyg/contracts'
import Type from 'typebox'
import type { Static } from 'typebox'
import { faultsOfRecipients } from './recipients/recipient-faults.ts'
import { defaultRecipients } from './recipients/recipient-model.ts'
import type { Recipient } from './recipients/recipient-model.ts'

export const DispatchConfig = Type.Object({
  ...ServiceVariables,
  DATABASE_URL: Required('Postgres of this service'),
  ...EventBusVariables,
  ...TokenVariables,
  IDENTITY_URL: Required('Base URL of identity'),
  CONSENT_URL: Required('Base URL of consent'),
  CERTIFICATE_STORE_URL: Required('Base URL of certificate-store'),
  RENDERING_URL: Required('Base URL of rendering'),
  CLIENT_KEY: Required(
    'Private key of the OAuth client «dispatch»: a JWK with kid and alg, as JSON',
  ),
  PUBLIC_URL: Required(
    'Base URL of the public API with its base path; recipients fetch documents there',
  ),
  EVENT_SIGNING_KEYS: Required(
    'Private Ed25519 keys with kid, a JWK set as JSON: the first signs events, all are published',
  ),
  RECIPIENTS: Type.Optional(
    Type.String({
      description:
        'JSON list of recipients (see «Recipients»); the three authorities where left out. With AMQP_DECLARE=false `brokerUser` is the id in small letters where left out',
    }),
  ),
})
export type DispatchConfig = Static<typeof DispatchConfig>

function readRecipients(value: string): readonly Recipient[] {
  const list = parseJsonVariable('RECIPIENTS', value)
  const faults = faultsOfRecipients(list)
  if (faults.length > 0) throw new ConfigError(faults.map((fault) => `RECIPIENTS${fault}`))
  return list as Recipient[]
}

/** Recipients as configured. Where the topology is laid by the definitions, so are the users: each is its code in small letters. */
export function recipientsOf(
  config: Pick<DispatchConfig, 'RECIPIENTS' | 'AMQP_URL' | 'AMQP_DECLARE'>,
): readonly Recipient[] {
  const { RECIPIENTS, AMQP_URL, AMQP_DECLARE = true } = config
  const recipients = RECIPIENTS === undefined ? defaultRecipients : readRecipients(RECIPIENTS)
  if (AMQP_URL === undefined || AMQP_DECLARE) return recipients
  return recipients.map((recipient) =>
    recipient.channel === 'event'
      ? { brokerUser: recipientUser(recipient.id), ...recipient }
      : recipient,
  )
}

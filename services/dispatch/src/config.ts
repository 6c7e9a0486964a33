import { defaultRecipients, faultsOfRecipients } from '@minaintyg/certificate-model'
import type { Recipient } from '@minaintyg/certificate-model'
import {
  EventBusVariables,
  Required,
  ServiceVariables,
  TokenVariables,
  parseFaultlessVariable,
} from '@minaintyg/config'
import { recipientUser } from '@minaintyg/contracts'
import Type from 'typebox'
import type { Static } from 'typebox'

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
        'JSON list of recipients (see «Recipients»), the same as certificate-store has; the three authorities where left out. With AMQP_DECLARE=false `brokerUser` is the id in small letters where left out',
    }),
  ),
})
export type DispatchConfig = Static<typeof DispatchConfig>

/** Recipients as configured. Where the topology is laid by the definitions, so are the users: each is its code in small letters. */
export function recipientsOf(
  config: Pick<DispatchConfig, 'RECIPIENTS' | 'AMQP_URL' | 'AMQP_DECLARE'>,
): readonly Recipient[] {
  const { RECIPIENTS, AMQP_URL, AMQP_DECLARE = true } = config
  const recipients =
    RECIPIENTS === undefined
      ? defaultRecipients
      : (parseFaultlessVariable('RECIPIENTS', RECIPIENTS, faultsOfRecipients) as Recipient[])
  if (AMQP_URL === undefined || AMQP_DECLARE) return recipients
  return recipients.map((recipient) =>
    recipient.channel === 'event'
      ? { brokerUser: recipientUser(recipient.id), ...recipient }
      : recipient,
  )
}

import Type from 'typebox'
import type { Static } from 'typebox'
import { Required, ServiceVariables } from '@minaintyg/config'

export const ConsentConfig = Type.Object({
  ...ServiceVariables,
  DATABASE_URL: Required('Postgres database of this service'),
  ISSUER_URL: Required('`iss` of access tokens'),
  JWKS_URL: Required('Where identity’s signing keys are read'),
  AMQP_URL: Type.Optional(Type.String({ description: 'RabbitMQ as the event bus' })),
  EVENT_BUS_DATABASE_URL: Type.Optional(
    Type.String({ description: 'Postgres as the event bus, where AMQP_URL is not set' }),
  ),
})
export type ConsentConfig = Static<typeof ConsentConfig>

import Type from 'typebox'
import type { Static } from 'typebox'
import { EventBusVariables, Required, ServiceVariables, TokenVariables } from '@minaintyg/config'

export const ConsentConfig = Type.Object({
  ...ServiceVariables,
  DATABASE_URL: Required('Postgres database of this service'),
  ...TokenVariables,
  ...EventBusVariables,
})
export type ConsentConfig = Static<typeof ConsentConfig>

import Type from 'typebox'
import type { Static, TSchema } from 'typebox'

/** A published kind of event: its CloudEvents `type` and the schema of its `data`. */
export interface EventDefinition<T extends TSchema = TSchema> {
  readonly type: string
  readonly data: T
}

export type EventData<D extends EventDefinition> = Static<D['data']>

/** CloudEvents 1.0, structured mode, JSON. What is on the wire is exactly this. */
export const CloudEvent = Type.Object({
  specversion: Type.Literal('1.0'),
  id: Type.String({ format: 'uuid' }),
  type: Type.String(),
  source: Type.String({ description: 'The service that says it: /minaintyg/<service>' }),
  time: Type.String({ format: 'date-time' }),
  subject: Type.Optional(Type.String()),
  datacontenttype: Type.Literal('application/json'),
  traceparent: Type.Optional(Type.String()),
  data: Type.Unknown(),
})
export type CloudEvent = Static<typeof CloudEvent>

export const PatientId = Type.String({
  format: 'uuid',
  description: 'Opaque; means nothing outside Mina intyg',
})
export const DateTime = Type.String({ format: 'date-time' })

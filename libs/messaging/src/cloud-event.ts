import { CloudEvent } from '@minaintyg/contracts'
import type { EventDefinition } from '@minaintyg/contracts'
import { PoisonMessageError } from '@minaintyg/errors'
import { Value } from 'typebox/value'

/** Events are notices, not documents; whoever needs more fetches it. */
export const maximumEventBytes = 8_192

/** The exact bytes of an event. @throws {Error} where the data breaks its contract or is too large */
export function encodeEvent(definition: EventDefinition, event: CloudEvent): Buffer {
  if (event.type !== definition.type || !Value.Check(definition.data, event.data)) {
    throw new Error(`The data of ${definition.type} breaks its contract`)
  }
  if (!Value.Check(CloudEvent, event)) throw new Error(`${definition.type} is no CloudEvent`)
  const body = Buffer.from(JSON.stringify(event))
  if (body.length > maximumEventBytes) {
    throw new Error(`${definition.type} has ${body.length} bytes; ${maximumEventBytes} is the most`)
  }
  return body
}

/** Reads the envelope of an event. @throws {PoisonMessageError} where it is not one */
export function decodeEvent(body: Buffer): CloudEvent {
  if (body.length > maximumEventBytes) throw new PoisonMessageError('The event is too large')
  let event: unknown
  try {
    event = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (cause) {
    throw new PoisonMessageError('The body is not JSON', { cause })
  }
  if (!Value.Check(CloudEvent, event)) throw new PoisonMessageError('The body is no CloudEvent')
  return event
}

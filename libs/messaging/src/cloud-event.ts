import { CloudEvent } from '@minaintyg/contracts'
import type { EventDefinition } from '@minaintyg/contracts'
import { PoisonMessageError } from '@minaintyg/errors'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'

/** Events are notices, not documents; whoever needs more fetches it. */
export const maximumEventBytes = 8_192

const isCloudEvent = Compile(CloudEvent)
const checks = new WeakMap<TSchema, { Check: (value: unknown) => boolean }>()

/** Compiled once for each contract: every event is checked as it is written, while somebody waits. */
function keepsTo(contract: TSchema, data: unknown): boolean {
  const check = checks.get(contract) ?? Compile(contract)
  checks.set(contract, check)
  return check.Check(data)
}

/** The exact bytes of an event. @throws {Error} where the data breaks its contract or is too large */
export function encodeEvent(definition: EventDefinition, event: CloudEvent): Buffer {
  if (event.type !== definition.type || !keepsTo(definition.data, event.data)) {
    throw new Error(`The data of ${definition.type} breaks its contract`)
  }
  if (!isCloudEvent.Check(event)) throw new Error(`${definition.type} is no CloudEvent`)
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
  if (!isCloudEvent.Check(event)) throw new PoisonMessageError('The body is no CloudEvent')
  return event
}

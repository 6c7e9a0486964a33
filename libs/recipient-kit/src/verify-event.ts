import {
  CloudEvent,
  DispatchReplacedV1,
  DispatchRequestedV1,
  DispatchRevokedV1,
  signatureHeader,
} from '@minaintyg/contracts'
import type { EventData } from '@minaintyg/contracts'
import { PoisonMessageError } from '@minaintyg/errors'
import { compactVerify, createRemoteJWKSet, errors } from 'jose'
import { Value } from 'typebox/value'

/** An event whose signature and form have been checked. */
export type RecipientEvent = CloudEvent &
  (
    | { kind: 'requested'; data: EventData<typeof DispatchRequestedV1> }
    | { kind: 'revoked'; data: EventData<typeof DispatchRevokedV1> }
    | { kind: 'replaced'; data: EventData<typeof DispatchReplacedV1> }
    | { kind: 'unknown' }
  )

const definitions = {
  requested: DispatchRequestedV1,
  revoked: DispatchRevokedV1,
  replaced: DispatchReplacedV1,
} as const

/** A key that has just been taken into use may take a while to be seen; a forged one never is. */
const attemptsForAnUnknownKey = 8

/** Reads an event; whether it may be believed is another question. @throws {PoisonMessageError} */
export function parseEvent(body: Buffer): RecipientEvent {
  let event: unknown
  try {
    event = JSON.parse(body.toString('utf8'))
  } catch (cause) {
    throw new PoisonMessageError('The event is not JSON', { cause })
  }
  if (!Value.Check(CloudEvent, event)) throw new PoisonMessageError('This is no CloudEvent')
  for (const [kind, { type, data }] of Object.entries(definitions)) {
    if (type !== event.type) continue
    if (!Value.Check(data, event.data)) {
      throw new PoisonMessageError('The data of the event breaks its contract')
    }
    return { ...event, kind } as RecipientEvent
  }
  return { ...event, kind: 'unknown' }
}

/** Checks the detached JWS over the exact bytes before anything of them is believed. */
export function createEventVerifier(jwksUrl: string) {
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: 5_000,
    cooldownDuration: 5_000,
  })

  async function checkSignature(body: Buffer, jws: string, attempt: number): Promise<void> {
    const [header, payload, signature, ...rest] = jws.split('.')
    if (payload !== '' || signature === undefined || rest.length > 0) {
      throw new PoisonMessageError('The signature is no detached JWS')
    }
    try {
      const attached = `${header ?? ''}.${body.toString('base64url')}.${signature}`
      await compactVerify(attached, keys, { algorithms: ['EdDSA', 'Ed25519'] })
    } catch (cause) {
      const forged =
        cause instanceof errors.JWSSignatureVerificationFailed ||
        cause instanceof errors.JWSInvalid ||
        cause instanceof errors.JOSEAlgNotAllowed
      const unknownKey = cause instanceof errors.JWKSNoMatchingKey
      if (forged || (unknownKey && attempt >= attemptsForAnUnknownKey)) {
        throw new PoisonMessageError('The signature does not hold', { cause })
      }
      throw cause
    }
  }

  return async (message: {
    body: Buffer
    headers: Record<string, unknown>
    attempt: number
  }): Promise<RecipientEvent> => {
    const jws = message.headers[signatureHeader]
    if (typeof jws !== 'string') throw new PoisonMessageError('The event is not signed')
    await checkSignature(message.body, jws, message.attempt)
    return parseEvent(message.body)
  }
}
export type EventVerifier = ReturnType<typeof createEventVerifier>

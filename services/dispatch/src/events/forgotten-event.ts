import { DispatchRevokedV1 } from '@minaintyg/contracts'
import { encodeEvent } from '@minaintyg/messaging'
import { eventSource } from './recipient-event-repository.ts'

/** In place of an event whose dispatch was withdrawn: a reader who has not seen it learns what holds now. */
export function withdrawnEvent(forgotten: {
  id: string
  sequence: number
  dispatchId: string
  recipientId: string
  at: Date
}): Buffer {
  const { id, sequence, dispatchId, recipientId, at } = forgotten
  const time = at.toISOString()
  return encodeEvent(DispatchRevokedV1, {
    specversion: '1.0',
    id,
    source: eventSource,
    type: DispatchRevokedV1.type,
    subject: dispatchId,
    time,
    datacontenttype: 'application/json',
    data: { dispatchId, recipientId, sequence, reason: 'consent-withdrawn', revokedAt: time },
  })
}

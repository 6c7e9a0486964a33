import { AppError } from '@minaintyg/errors'
import { serviceErrors } from '@minaintyg/service'
import type { Caller } from '@minaintyg/service'
import type { Recipient, Recipients } from './recipient-model.ts'

/** The recipient that a client is. @throws {AppError} where it is none */
export function recipientOf(recipients: Recipients, caller: Caller): Recipient {
  const recipient = recipients.findByClient(caller.clientId)
  if (recipient === undefined) throw new AppError(serviceErrors.forbidden)
  return recipient
}

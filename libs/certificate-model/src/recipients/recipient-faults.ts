import { Value } from 'typebox/value'
import { recipientNames, typeRule } from '../type-rules.ts'
import { RecipientList } from './recipient.ts'
import type { Recipient } from './recipient.ts'

type Rule = (recipient: Recipient) => string | false | undefined

const isAuthority = (id: string) => Object.hasOwn(recipientNames, id)
const getsEmploymentCopy = ({ projections }: Recipient) => projections.includes('employment')

const rules: readonly Rule[] = [
  ({ kind, id }) =>
    kind === 'authority' &&
    !isAuthority(id) &&
    'no type of certificate goes to an authority so called',
  ({ kind, id }) => kind !== 'authority' && isAuthority(id) && 'has the code of an authority',
  ({ kind, accepts }) =>
    kind === 'authority'
      ? accepts !== undefined && 'what an authority accepts is said by the rules of the types'
      : accepts?.categories === undefined &&
        accepts?.types === undefined &&
        'must say which categories or types it accepts',
  ({ accepts }) =>
    accepts?.types?.some(
      (type) => !typeRule(type).shown || typeRule(type).category === undefined,
    ) && 'accepts a type that there is not, or that no patient has',
  ({ channel, clientId }) =>
    channel === 'event' && clientId === undefined && 'needs a clientId, as its channel is event',
  ({ channel, clientId, brokerUser }) =>
    channel === 'none' &&
    (clientId ?? brokerUser) !== undefined &&
    'has neither clientId nor brokerUser, as its channel is none',
  (recipient) =>
    recipient.kind === 'employer' &&
    !getsEmploymentCopy(recipient) &&
    'is an employer, who gets the projection employment and no other',
  (recipient) =>
    getsEmploymentCopy(recipient) && recipient.projections.length > 1
      ? 'gets the projection employment in place of all others'
      : !getsEmploymentCopy(recipient) &&
        !recipient.projections.includes('original') &&
        'must get the original, which is what its event has the hash of, or the projection employment',
  // The event says the type, and some types are named by a disease.
  (recipient) =>
    recipient.kind === 'employer' &&
    (recipient.accepts?.categories?.some((category) => category !== 'employment') === true ||
      recipient.accepts?.types?.some((type) => typeRule(type).category !== 'employment') ===
        true) &&
    'is an employer, who accepts the category employment and its types alone',
]

function doubles(recipients: readonly Recipient[]): string[] {
  const seen = (value: (recipient: Recipient) => string | undefined) => {
    const values = recipients.flatMap((recipient) => value(recipient) ?? [])
    return new Set(values).size < values.length
  }
  return [
    ...(seen(({ id }) => id.toLowerCase()) ? [' has two recipients of the same id'] : []),
    ...(seen(({ clientId }) => clientId) ? [' has two recipients of the same clientId'] : []),
  ]
}

/** Everything that is wrong with a list of recipients, by their places in it; no value but what must be known to mend it. */
export function faultsOfRecipients(list: unknown): string[] {
  const faults = Value.Errors(RecipientList, list).map(
    ({ instancePath, message }) =>
      `${instancePath.replace(/^\/(\d+)/, '[$1]').replace(/\//g, '.')} ${message}`,
  )
  if (faults.length > 0) return [...new Set(faults)]
  const recipients = list as Recipient[]
  return [
    ...recipients.flatMap((recipient, index) =>
      rules.flatMap((rule) => {
        const fault = rule(recipient)
        return typeof fault === 'string' ? [`[${index}] ${fault}`] : []
      }),
    ),
    ...doubles(recipients),
  ]
}

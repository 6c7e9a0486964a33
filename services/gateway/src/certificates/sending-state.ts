import type { CertificateStatus } from '@minaintyg/certificate-model'
import type { CertificateList } from '@minaintyg/contracts'

const opening = Buffer.from('{"dispatchState":"known",')
const brace = '{'.charCodeAt(0)

const stays = (status: CertificateStatus) => status !== 'notSent'

/** Without what only dispatch could vouch for: that a certificate was sent stays true, that one was not may have ceased to be. */
function withoutNotSent(list: CertificateList): CertificateList {
  const { items, facets } = list
  return {
    ...list,
    items: items.map((item) => ({
      ...item,
      statuses: item.statuses.filter(stays),
    })),
    facets: {
      ...facets,
      statuses: facets.statuses.filter(({ value }) => value !== 'notSent'),
    },
  }
}

function stated<T extends object>(body: Buffer, isKnown: boolean, known: (answer: T) => T): Buffer {
  // An object that is not empty: the usual answer is not taken apart to be put together again.
  if (isKnown && body[0] === brace) return Buffer.concat([opening, body.subarray(1)])
  const parsed = JSON.parse(body.toString('utf8')) as T
  return Buffer.from(JSON.stringify({ dispatchState: 'unknown', ...known(parsed) }))
}

/** The list of certificate-store, with how far its sending states can be believed. */
export const withDispatchState = (list: Buffer, isKnown: boolean): Buffer =>
  stated(list, isKnown, withoutNotSent)

/** One certificate, with the same. */
export const certificateWithDispatchState = (certificate: Buffer, isKnown: boolean): Buffer =>
  stated<{ statuses: CertificateStatus[] }>(certificate, isKnown, (answer) => ({
    ...answer,
    statuses: answer.statuses.filter(stays),
  }))

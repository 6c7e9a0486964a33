import type { CertificateList } from '@minaintyg/contracts'

const opening = Buffer.from('{"dispatchState":"known",')
const brace = '{'.charCodeAt(0)

/** Without what only dispatch could vouch for: that a certificate was sent stays true, that one was not may have ceased to be. */
function withoutNotSent(list: CertificateList): CertificateList {
  const { items, facets } = list
  return {
    ...list,
    items: items.map((item) => ({
      ...item,
      statuses: item.statuses.filter((status) => status !== 'notSent'),
    })),
    facets: {
      ...facets,
      statuses: facets.statuses.filter(({ value }) => value !== 'notSent'),
    },
  }
}

/** The list of certificate-store, with how far its sending states can be believed. */
export function withDispatchState(list: Buffer, isKnown: boolean): Buffer {
  // An object that is not empty: the usual list is not taken apart to be put together again.
  if (isKnown && list[0] === brace) return Buffer.concat([opening, list.subarray(1)])
  const parsed = JSON.parse(list.toString('utf8')) as CertificateList
  return Buffer.from(JSON.stringify({ dispatchState: 'unknown', ...withoutNotSent(parsed) }))
}

import type { Projection } from '@minaintyg/certificate-model'
import { AppError } from '@minaintyg/errors'
import Negotiator from 'negotiator'
import { errors } from '../errors.ts'

export const documentTypes = ['application/xml', 'application/json', 'application/pdf'] as const
export type DocumentType = (typeof documentTypes)[number]

const typeOf: Record<Projection, DocumentType> = {
  original: 'application/xml',
  structured: 'application/json',
  pdf: 'application/pdf',
  employment: 'application/json',
}

/** Of the forms that a recipient may have, the one that an `Accept` header asks for; the first where it does not say. */
export function documentType(
  accept: string | undefined,
  projections: readonly Projection[],
): DocumentType {
  const offered = documentTypes.filter((type) => projections.some((each) => typeOf[each] === type))
  const wanted = new Negotiator({ headers: { accept } }).mediaType(offered)
  const found = offered.find((each) => each === wanted)
  if (found === undefined) throw new AppError(errors.notAcceptable)
  return found
}

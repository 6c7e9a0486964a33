import { AppError } from '@minaintyg/errors'
import Negotiator from 'negotiator'
import { errors } from '../errors.ts'

export const documentTypes = ['application/xml', 'application/json', 'application/pdf'] as const
export type DocumentType = (typeof documentTypes)[number]

/** The form that an `Accept` header asks for; the original where it does not say. */
export function documentType(accept: string | undefined): DocumentType {
  const wanted = new Negotiator({ headers: { accept } }).mediaType([...documentTypes])
  const found = documentTypes.find((each) => each === wanted)
  if (found === undefined) throw new AppError(errors.notAcceptable)
  return found
}

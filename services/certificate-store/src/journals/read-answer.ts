import type { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { JournalError } from '../rivta/errors.ts'
import { readListCertificatesResponse } from '../rivta/list-certificates.ts'
import type { ParsedEntry } from '../rivta/parsed-certificate.ts'
import type { Slicer } from '../rivta/slices.ts'
import { readBounded } from './read-bounded.ts'

function discard(body: Readable): void {
  body.once('error', () => undefined)
  body.destroy()
}

const isXml = (contentType: string) => contentType === '' || /[/+]xml\b/i.test(contentType)
/** What a Content-Type says of the encoding. */
export const charsetOf = (contentType: string) =>
  /;\s*charset\s*=\s*"?([\w.:-]{1,40})/i.exec(contentType)?.[1]

/**
 * The certificates of a journal's answer. XML is read whatever it is called, as journals and what is between are not
 * careful with that; where it cannot be read, the name tells why. Redirections are not followed.
 * @throws {JournalError}
 */
export async function readAnswer(
  { statusCode, headers, body }: Pick<Dispatcher.ResponseData, 'statusCode' | 'headers' | 'body'>,
  slicer: Slicer,
): Promise<ParsedEntry[]> {
  const contentType = headers['content-type']?.toString() ?? ''
  const wrongStatus = new JournalError('http', `HTTP-${statusCode}`)
  // A fault comes with 500; every other status is no SOAP at all.
  if (statusCode !== 200 && statusCode !== 500) {
    discard(body)
    throw wrongStatus
  }
  // MTOM and SOAP with attachments; the contracts have neither.
  if (/^multipart\//i.test(contentType)) {
    discard(body)
    throw new JournalError('unreadable', 'multipart')
  }
  const bytes = await readBounded(body, headers['content-encoding']?.toString())
  try {
    const answer = readListCertificatesResponse(bytes, charsetOf(contentType))
    const { certificates } = await slicer.run(answer)
    if (statusCode !== 200) throw wrongStatus
    return certificates
  } catch (error) {
    if (!(error instanceof JournalError) || error.kind !== 'unreadable') throw error
    if (statusCode !== 200) throw wrongStatus
    throw isXml(contentType) ? error : new JournalError('unreadable', 'content-type')
  }
}

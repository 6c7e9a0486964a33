import type { Doc } from './doc.ts'

/** The document that the drawing shows, as it was received. */
export interface Attachment {
  name: string
  bytes: Uint8Array
  mediaType: 'application/xml' | 'application/jose'
  description: string
}

/** Attaches it as the source of what is drawn; both dates are given, so that the bytes stay the same. */
export function attach(doc: Doc, attachment: Attachment, at: Date): void {
  const { name, bytes, mediaType, description } = attachment
  doc.file(
    bytes as Buffer,
    {
      name,
      type: mediaType,
      description,
      creationDate: at,
      modifiedDate: at,
      // Types of pdfkit do not know it yet; PDF/A-3 asks for it.
      relationship: 'Source',
    } as object,
  )
}

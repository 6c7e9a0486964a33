import type { Doc } from './doc.ts'

/** What pdfkit's types leave out of a reference to an object. */
interface Reference {
  data: object
  end(content?: Uint8Array): void
}

/** Writes an object that a reference has been given out for. */
export function writeObject(reference: object, data: object): object {
  const { data: empty } = reference as Reference
  Object.assign(empty, data)
  ;(reference as Reference).end()
  return reference
}

export function writeStream(doc: Doc, content: string): object {
  const reference = doc.ref({}) as unknown as Reference
  reference.end(Buffer.from(`${content}\n`))
  return reference
}

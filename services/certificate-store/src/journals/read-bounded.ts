import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { maxDocumentBytes } from '../rivta/xml.ts'
import { JournalError } from '../rivta/errors.ts'

/** All of a stream, packed or not, up to what the national platform passes on; what is beyond is not read. */
export async function readBounded(body: Readable, encoding: string | undefined): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  const isPacked = encoding?.trim().toLowerCase() === 'gzip'
  const stream = isPacked ? body.pipe(createGunzip()) : body
  if (isPacked) body.once('error', (error) => stream.destroy(error))
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > maxDocumentBytes) throw new JournalError('unreadable', 'too-large')
      chunks.push(chunk)
    }
  } finally {
    body.destroy()
  }
  return Buffer.concat(chunks)
}

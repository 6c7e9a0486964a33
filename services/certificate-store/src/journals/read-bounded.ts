import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { maxDocumentBytes } from '../rivta/xml.ts'
import { JournalError } from '../rivta/errors.ts'

function unpacked(body: Readable, encoding: string | undefined): Readable {
  switch (encoding?.trim().toLowerCase() ?? '') {
    case '':
    case 'identity':
      return body
    case 'gzip':
    case 'x-gzip': {
      const stream = body.pipe(createGunzip())
      body.once('error', (error) => stream.destroy(error))
      return stream
    }
    default:
      throw new JournalError('unreadable', 'content-encoding')
  }
}

const isZlibError = (error: unknown) =>
  String((error as { code?: unknown } | null)?.code).startsWith('Z_')

/** All of a stream, packed or not, up to what the national platform passes on; what is beyond is not read. */
export async function readBounded(body: Readable, encoding: string | undefined): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of unpacked(body, encoding) as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > maxDocumentBytes) throw new JournalError('unreadable', 'too-large')
      chunks.push(chunk)
    }
  } catch (cause) {
    if (isZlibError(cause)) throw new JournalError('unreadable', 'content-encoding', { cause })
    throw cause
  } finally {
    // undici tells a body that is given up by an error that nobody waits for.
    body.once('error', () => undefined)
    body.destroy()
  }
  return Buffer.concat(chunks)
}

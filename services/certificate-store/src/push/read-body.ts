import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { maxDocumentBytes } from '../rivta/xml.ts'
import { SoapFault } from './soap.ts'

const tooLarge = () =>
  new SoapFault('Client', 'The message is larger than 15 MiB', {
    status: 413,
    headers: { connection: 'close' },
  })

/** All of a request's body, packed or not, up to what the national platform passes on. @throws {SoapFault} */
export async function readBody(body: Readable, encoding = 'identity'): Promise<Buffer> {
  const coding = encoding.trim().toLowerCase()
  if (!['identity', 'gzip', 'x-gzip'].includes(coding)) {
    throw new SoapFault('Client', 'Content-Encoding must be gzip or left out', { status: 415 })
  }
  const unpacked = coding === 'identity' ? body : body.pipe(createGunzip())
  const chunks: Buffer[] = []
  let size = 0
  return new Promise((resolve, reject) => {
    const refuse = (fault: SoapFault) => {
      unpacked.removeAllListeners('data')
      body.unpipe()
      // What still comes is not kept; to stop reading would cut the caller off from the answer.
      body.resume()
      reject(fault)
    }
    unpacked.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > maxDocumentBytes) refuse(tooLarge())
      else chunks.push(chunk)
    })
    unpacked.on('end', () => {
      resolve(Buffer.concat(chunks))
    })
    unpacked.on('error', () => {
      refuse(new SoapFault('Client', 'The message cannot be unpacked'))
    })
    body.on('error', () => {
      reject(new SoapFault('Client', 'The message was not sent to its end'))
    })
    body.on('close', () => {
      if (!body.readableEnded)
        refuse(new SoapFault('Client', 'The message was not sent to its end'))
    })
  })
}

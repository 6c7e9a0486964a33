import { UnreadableDocumentError } from './errors.ts'

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'iso-8859-1'

const byName = new Map<string, Encoding | 'utf-16'>([
  ['utf-8', 'utf-8'],
  ['utf8', 'utf-8'],
  ['us-ascii', 'utf-8'],
  ['utf-16', 'utf-16'],
  ['utf-16le', 'utf-16le'],
  ['utf-16be', 'utf-16be'],
  ['iso-8859-1', 'iso-8859-1'],
  ['latin1', 'iso-8859-1'],
])

// XML 1.0 appendix F: the byte order mark decides, else the pattern of the first characters.
function encodingOfFirstBytes(bytes: Uint8Array): Encoding | undefined {
  const [first, second, third] = bytes
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf-16le'
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return 'utf-16be'
  return undefined
}

function declaredEncoding(start: string): Encoding | 'utf-16' | undefined {
  const name = /^<\?xml[^>]*?\sencoding\s*=\s*["']([^"']{1,40})["']/.exec(start)?.[1]
  if (name === undefined) return undefined
  const encoding = byName.get(name.toLowerCase())
  if (encoding === undefined) throw new UnreadableDocumentError('unknown-encoding')
  return encoding
}

function agree(found: Encoding, declared: Encoding | 'utf-16' | undefined): boolean {
  if (declared === undefined || declared === found) return true
  return declared === 'utf-16' && found.startsWith('utf-16')
}

function decodeAs(encoding: Encoding, bytes: Uint8Array): string {
  // TextDecoder means windows-1252 when it says iso-8859-1.
  if (encoding === 'iso-8859-1') return Buffer.from(bytes).toString('latin1')
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    throw new UnreadableDocumentError('wrong-encoding')
  }
}

const isLatin1 = (charset: string | undefined) =>
  byName.get(charset?.toLowerCase() ?? '') === 'iso-8859-1'

function decodeUndeclared(bytes: Uint8Array, charset: string | undefined): string {
  try {
    return decodeAs('utf-8', bytes)
  } catch (error) {
    // Servers say ISO-8859-1 by habit, of UTF-8 as well; what is UTF-8 is never Swedish in ISO-8859-1.
    if (!isLatin1(charset)) throw error
    return decodeAs('iso-8859-1', bytes)
  }
}

/**
 * Bytes of an XML document to characters, by byte order mark and XML declaration.
 * @param charset what the message around it says; where the document says nothing
 */
export function decodeDocument(bytes: Uint8Array, charset?: string): string {
  const found = encodingOfFirstBytes(bytes)
  if (found === undefined) {
    const declared = declaredEncoding(Buffer.from(bytes.subarray(0, 200)).toString('latin1'))
    if (declared === undefined) return decodeUndeclared(bytes, charset)
    if (declared.startsWith('utf-16')) throw new UnreadableDocumentError('wrong-encoding')
    return decodeAs(declared as Encoding, bytes)
  }
  const text = decodeAs(found, bytes)
  if (!agree(found, declaredEncoding(text.slice(0, 200)))) {
    throw new UnreadableDocumentError('wrong-encoding')
  }
  return text
}

import { inflateSync } from 'node:zlib'

export class Name {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}
export class Ref {
  readonly id: number
  constructor(id: number) {
    this.id = id
  }
}
export type Dict = Record<string, unknown>
export interface Stream {
  dict: Dict
  /** Unpacked. */
  content: Buffer
}

const closes = { '[': ']', '<<': '>>' } as const
const token =
  /\s*(?:%[^\n]*\n\s*)*(<<|>>|\[|\]|<[0-9A-Fa-f\s]*>|\/[^\s<>[\]()/%]*|\((?:\\[\s\S]|[^\\()])*\)|\d+ \d+ R\b|[^\s<>[\]()/%]+)/y

/** Reads the objects that pdfkit writes: one table of offsets, nothing in object streams, nothing encrypted. */
class Reader {
  private at: number
  readonly file: string
  constructor(file: string, at = 0) {
    this.file = file
    this.at = at
  }

  next(): string | undefined {
    token.lastIndex = this.at
    const match = token.exec(this.file)
    if (match === null) return undefined
    this.at = token.lastIndex
    return match[1]
  }

  private list(end: string): unknown[] {
    const items: unknown[] = []
    for (let next = this.next(); next !== end; next = this.next()) {
      if (next === undefined) throw new Error(`${end} is missing`)
      items.push(this.value(next))
    }
    return items
  }

  value(next = this.next()): unknown {
    if (next === undefined) throw new Error('the file ends early')
    if (next === '[') return this.list(closes['['])
    if (next === '<<') {
      const items = this.list(closes['<<'])
      const pairs = Array.from({ length: items.length / 2 }, (_, index) => [
        (items[2 * index] as Name).name,
        items[2 * index + 1],
      ])
      return Object.fromEntries(pairs) as Dict
    }
    if (next.startsWith('/')) {
      return new Name(
        next
          .slice(1)
          .replace(/#([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16))),
      )
    }
    if (next.startsWith('<')) return Buffer.from(next.slice(1, -1), 'hex').toString('latin1')
    if (next.startsWith('(')) return readString(next.slice(1, -1))
    const reference = /^(\d+) \d+ R$/.exec(next)
    if (reference !== null) return new Ref(Number(reference[1]))
    if (next === 'true' || next === 'false') return next === 'true'
    return next === 'null' ? null : Number.isNaN(Number(next)) ? next : Number(next)
  }

  stream(dict: Dict): Stream | undefined {
    const start = /\s*stream\r?\n/y
    start.lastIndex = this.at
    if (!start.test(this.file)) return undefined
    const packed = this.file.slice(start.lastIndex, start.lastIndex + Number(dict['Length']))
    const bytes = Buffer.from(packed, 'latin1')
    const isPacked = dict['Filter'] instanceof Name && dict['Filter'].name === 'FlateDecode'
    return { dict, content: isPacked ? inflateSync(bytes) : bytes }
  }
}

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

function readString(written: string): string {
  const raw = written.replace(/\\([\s\S])/g, (_, sign: string) => escapes[sign] ?? sign)
  if (!raw.startsWith('\xfe\xff')) return raw
  return Buffer.from(raw.slice(2), 'latin1').swap16().toString('utf16le')
}

export interface Pdf {
  header: string
  trailer: Dict
  objects: Map<number, unknown>
  /** What a reference stands for; anything else is given back as it is. */
  resolve: (value: unknown) => unknown
  dict: (value: unknown) => Dict
  stream: (value: unknown) => Stream
}

export const isStream = (value: unknown): value is Stream =>
  typeof value === 'object' && value !== null && 'content' in value

export function readObjects(bytes: Uint8Array): Pdf {
  const file = Buffer.from(bytes).toString('latin1')
  const objects = new Map<number, unknown>()
  for (const match of file.matchAll(/(?<=\n)(\d+) 0 obj\n/g)) {
    const reader = new Reader(file, match.index + match[0].length)
    const value = reader.value()
    objects.set(Number(match[1]), reader.stream(value as Dict) ?? value)
  }
  const trailer = new Reader(file, file.lastIndexOf('trailer') + 7).value() as Dict
  const resolve = (value: unknown): unknown =>
    value instanceof Ref ? resolve(objects.get(value.id)) : value
  return {
    header: file.slice(0, 8),
    trailer,
    objects,
    resolve,
    dict: (value) => {
      const found = resolve(value)
      if (isStream(found)) return found.dict
      return typeof found === 'object' && found !== null && !Array.isArray(found)
        ? (found as Dict)
        : {}
    },
    stream: (value) => {
      const found = resolve(value)
      if (!isStream(found)) throw new Error('no stream')
      return found
    },
  }
}

/** Operators of a content stream, each with what stands before it. */
export function readOperators({ content }: Stream): { operator: string; operands: unknown[] }[] {
  const reader = new Reader(content.toString('latin1'))
  const found: { operator: string; operands: unknown[] }[] = []
  let operands: unknown[] = []
  for (let next = reader.next(); next !== undefined; next = reader.next()) {
    const value = reader.value(next)
    if (typeof value === 'string' && /^[A-Za-z*'"]/.test(next)) {
      found.push({ operator: value, operands })
      operands = []
    } else operands.push(value)
  }
  return found
}

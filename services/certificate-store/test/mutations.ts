import fc from 'fast-check'
import { childElements } from '../src/rivta/elements.ts'
import { parseXml } from '../src/rivta/xml.ts'
import type { XmlElement } from '../src/rivta/xml.ts'

/** One change of a document: where, what, and with what. The place is taken modulo what there is. */
interface Mutation {
  at: number
  other: number
  kind: (typeof kinds)[number]
  text: string
}

const kinds = [
  'remove',
  'repeat',
  'move',
  'text',
  'attribute',
  'nest',
  'rename',
  'nothing',
] as const

const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** What makes parsers, dates, databases and people stumble. */
const texts = fc
  .oneof(
    fc.constantFrom(
      ...[
        '',
        ' ',
        '\n',
        '0',
        '-1',
        '1e400',
        'NaN',
        'true',
        'null',
        '{}',
        "'; drop table x",
        '../..',
      ],
      ...['2026-02-30', '2026-03-29T02:30:00', '2026-10-25T02:30:00', '2026-13-01T25:61:61'],
      ...['0000-01-01T00:00:00', '9999-12-31T23:59:59', '2026-01-01T00:00:00+99:99', '20260101'],
      ...[
        '__proto__',
        'constructor',
        'CANCEL',
        'ERSATT',
        'DB',
        'urn:x',
        'a:b',
        '\u2028',
        '🩺',
        '\ufffd',
      ],
      ...['x'.repeat(100_000), 'å'.repeat(3_000), '<b>&amp;</b>', '191212121212', '999999999999'],
    ),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.stringMatching(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2})?$/),
  )
  .map((text) =>
    // What XML has no way to write.
    // eslint-disable-next-line no-control-regex
    text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu, ''),
  )

export const mutations = fc.array(
  fc.record<Mutation>({
    at: fc.nat(100_000),
    other: fc.nat(100_000),
    kind: fc.constantFrom(...kinds),
    text: texts,
  }),
  { minLength: 1, maxLength: 4 },
)

const descendants = (element: XmlElement): XmlElement[] =>
  childElements(element).flatMap((each) => [each, ...descendants(each)])

function replacement(
  { at, other: by, kind, text }: Mutation,
  written: string,
  other: string,
): string {
  const content = written.indexOf('>') + 1
  const end = written.lastIndexOf('</')
  const hasContent = end >= content
  switch (kind) {
    case 'remove':
      return ''
    case 'repeat':
      return written.repeat(3)
    case 'move':
      return other
    case 'text':
      return hasContent
        ? written.slice(0, content) + escape(text) + written.slice(end)
        : escape(text)
    case 'attribute':
      return written.replace(
        /^<[^\s/>]+/,
        `$& fuzz${at}-${by}="${escape(text).replaceAll('$', '')}"`,
      )
    case 'nest':
      return `${'<x>'.repeat(20)}${written}${'</x>'.repeat(20)}`
    case 'rename':
      return hasContent ? `<x>${written.slice(content, end)}</x>` : '<x/>'
    case 'nothing':
      return hasContent ? `${written.slice(0, content)}${written.slice(end)}` : written
  }
}

/** The document with its changes, each well-formed by itself. */
export function mutate(document: string, changes: readonly Mutation[]): string {
  return changes.reduce((text, change) => {
    const { root } = parseXml(Buffer.from(text))
    const all = descendants(root)
    const chosen = all[change.at % all.length]
    const other = all[change.other % all.length]
    if (chosen === undefined || other === undefined) return text
    const slice = ({ start, end }: XmlElement) => text.slice(start, end)
    const changed = replacement(change, slice(chosen), slice(other))
    return text.slice(0, chosen.start) + changed + text.slice(chosen.end)
  }, document)
}

/** Damage to the bytes of a whole answer, such as wires and proxies do it. */
interface Damage {
  at: number
  length: number
  bytes: Uint8Array
}

export const damages = fc.array(
  fc.record<Damage>({
    at: fc.nat(1_000_000),
    length: fc.nat(40),
    bytes: fc.oneof<fc.Arbitrary<Uint8Array>[]>(
      fc.uint8Array({ maxLength: 8 }),
      fc
        .constantFrom(
          '<',
          '>',
          '&',
          '&x;',
          '<!DOCTYPE a>',
          '<![CDATA[',
          '-->',
          '\0',
          '\ufeff',
          '<?xml?>',
        )
        .map((text): Uint8Array => Buffer.from(text)),
    ),
  }),
  { minLength: 1, maxLength: 3 },
)

export function damage(bytes: Buffer, all: readonly Damage[]): Buffer {
  return all.reduce<Buffer>((before, { at, length, bytes: put }) => {
    const place = at % before.length
    return Buffer.concat([before.subarray(0, place), put, before.subarray(place + length)])
  }, bytes)
}

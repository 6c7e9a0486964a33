import { textContent } from '../src/rivta/elements.ts'
import { UnreadableDocumentError } from '../src/rivta/errors.ts'
import type { UnreadableReason } from '../src/rivta/errors.ts'
import { parseXml } from '../src/rivta/xml.ts'

const parse = (text: string) => parseXml(Buffer.from(text)).root

function expectRefused(bytes: Uint8Array, reason: UnreadableReason): void {
  try {
    parseXml(bytes)
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableDocumentError)
    expect((error as UnreadableDocumentError).reason).toBe(reason)
    return
  }
  throw new Error('The document was accepted')
}

describe('parseXml', () => {
  test('names elements by namespace and local name, whatever the prefix', () => {
    const prefixed = parse('<p9:a xmlns:p9="urn:x"><p9:b c="1"/></p9:a>')
    const plain = parse('<a xmlns="urn:x"><b c="1"/></a>')
    for (const root of [prefixed, plain]) {
      expect(root).toMatchObject({ namespace: 'urn:x', name: 'a' })
      expect(root.children[0]).toMatchObject({ namespace: 'urn:x', name: 'b' })
      expect(root.children[0]).toHaveProperty('attributes.0.value', '1')
    }
  })

  test('keeps mixed content in order, with entities and CDATA as text', () => {
    const root = parse('<a>före<b/>A &amp; B &lt; C &#229;<!-- x --><![CDATA[<&>]]></a>')
    expect(root.children).toEqual([
      'före',
      expect.objectContaining({ name: 'b' }),
      'A & B < C å<&>',
    ])
  })

  test('keeps line breaks of the text', () => {
    expect(textContent(parse('<a>rad 1\r\nrad 2\n\nrad 4</a>'))).toBe('rad 1\nrad 2\n\nrad 4')
  })

  test.each([
    ['UTF-8 with a byte order mark', Buffer.from('\ufeff<a>å</a>')],
    ['ISO-8859-1', Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>å</a>', 'latin1')],
    ['UTF-16LE', Buffer.from('\ufeff<?xml version="1.0" encoding="UTF-16"?><a>å</a>', 'utf16le')],
    ['UTF-16BE', Buffer.from('\ufeff<a>å</a>', 'utf16le').swap16()],
    ['UTF-16 without a byte order mark', Buffer.from('<a>å</a>', 'utf16le')],
  ])('reads %s', (_, bytes) => {
    expect(textContent(parseXml(bytes).root)).toBe('å')
  })

  test.each<[string, string | Uint8Array, UnreadableReason]>([
    ['nothing', '', 'not-well-formed'],
    ['text', 'hello', 'not-well-formed'],
    ['a truncated document', '<a><b>', 'not-well-formed'],
    ['two roots', '<a/><a/>', 'not-well-formed'],
    ['a NUL', '<a>\0</a>', 'not-well-formed'],
    ['an undeclared prefix', '<x:a/>', 'not-well-formed'],
    ['an unknown entity', '<a>&nbsp;</a>', 'not-well-formed'],
    ['a bare doctype', '<!DOCTYPE a><a/>', 'doctype-refused'],
    [
      'an external entity',
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
      'doctype-refused',
    ],
    [
      'billion laughs',
      '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;">]><a>&y;</a>',
      'doctype-refused',
    ],
    [
      'an encoding that is not offered',
      '<?xml version="1.0" encoding="EBCDIC"?><a/>',
      'unknown-encoding',
    ],
    ['Latin-1 said to be UTF-8', Buffer.from('<a>å</a>', 'latin1'), 'wrong-encoding'],
    ['UTF-8 said to be UTF-16', '<?xml version="1.0" encoding="UTF-16"?><a/>', 'wrong-encoding'],
    ['deep nesting', '<a>'.repeat(5000) + '</a>'.repeat(5000), 'too-deep'],
    ['20 MiB', Buffer.alloc(20 * 1024 * 1024, 0x20), 'too-large'],
    ['a million elements', `<a>${'<b/>'.repeat(1_000_000)}</a>`, 'too-many-elements'],
    ['a huge namespace', `<a xmlns="${'x'.repeat(1000)}"/>`, 'not-well-formed'],
  ])('refuses %s', (_, document, reason) => {
    expectRefused(typeof document === 'string' ? Buffer.from(document) : document, reason)
  })

  test('says nothing of the content in its errors', () => {
    expect(() => parse('<a><hemligt-191212121212></a>')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('191212121212') }),
    )
  })
})

import {
  CryptoError,
  createKeyring,
  createMacKeys,
  newDataKey,
  open,
  seal,
} from '@minaintyg/crypto'

const text = Buffer.from('sjukskriven på heltid', 'utf8')
const keyText = (id: string) => `${id}:${newDataKey().toString('base64')}`

describe('seal and open', () => {
  test('what is sealed opens with the same key and context', () => {
    const key = newDataKey()
    expect(open(key, seal(key, text, 'row 1'), 'row 1')).toEqual(text)
  })

  test('the same text is never sealed twice alike', () => {
    const key = newDataKey()
    expect(seal(key, text, 'row 1')).not.toEqual(seal(key, text, 'row 1'))
  })

  test('another key, another context, a changed or cut byte do not open it', () => {
    const key = newDataKey()
    const sealed = seal(key, text, 'row 1')
    const changed = Buffer.from(sealed)
    changed[changed.length - 1] = (changed[changed.length - 1] ?? 0) ^ 1
    expect(() => open(newDataKey(), sealed, 'row 1')).toThrow(CryptoError)
    expect(() => open(key, sealed, 'row 2')).toThrow(CryptoError)
    expect(() => open(key, changed, 'row 1')).toThrow(CryptoError)
    expect(() => open(key, sealed.subarray(0, 20), 'row 1')).toThrow(CryptoError)
  })
})

describe('createKeyring', () => {
  test('what an older key sealed still opens, and is known to be old', () => {
    const [older, newer] = [keyText('2025'), keyText('2026')]
    const sealed = createKeyring(older).seal(text, 'row')
    const ring = createKeyring(`${newer},${older}`)
    expect(ring.open(sealed, 'row')).toEqual(text)
    expect(ring.isCurrent(sealed)).toBe(false)
    expect(ring.isCurrent(ring.seal(text, 'row'))).toBe(true)
  })

  test('a key that was taken out opens nothing', () => {
    const sealed = createKeyring(keyText('old')).seal(text, 'row')
    expect(() => createKeyring(keyText('new')).open(sealed, 'row')).toThrow(CryptoError)
  })

  test('a malformed key is named by its place and never shown', () => {
    expect(() => createKeyring(`${keyText('a')},b:short`)).toThrow(
      'Key 2 is not of the form id:base64 of 32 bytes',
    )
  })
})

describe('createMacKeys', () => {
  test('the first key makes codes, every key that is configured checks them', () => {
    const [old, next] = [keyText('2025'), keyText('2026')]
    const before = createMacKeys(old)
    const after = createMacKeys(`${next},${old}`)
    expect([before.currentId, after.currentId]).toEqual(['2025', '2026'])
    expect(after.mac('2025', 'text')).toEqual(before.mac('2025', 'text'))
    expect(after.mac('2026', 'text')).not.toEqual(before.mac('2025', 'text'))
    expect(before.mac('2026', 'text')).toBeUndefined()
  })

  test('refuses a key of another form without repeating it', () => {
    expect(() => createMacKeys('k1:c2VjcmV0')).toThrow(/^Key 1 is not of the form/)
  })
})

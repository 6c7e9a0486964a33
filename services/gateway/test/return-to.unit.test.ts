import fc from 'fast-check'
import { checkReturnTo } from '../src/auth/return-to.ts'

const frontEnd = 'https://intyg.example.se'
const allowed = (returnTo: string): boolean => {
  try {
    checkReturnTo(returnTo, frontEnd)
    return true
  } catch {
    return false
  }
}

/** Everything that servers and proxies on the way may make of a path. */
function decodings(text: string): string[] {
  const forms = [text]
  for (let round = 0; round < 8; round += 1) {
    const next = forms
      .at(-1)!
      .replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      )
    forms.push(next)
  }
  return forms
}

/** Where a browser comes to that is sent there, or that resolves what stands there. */
function originsOf(returnTo: string): string[] {
  const [path = ''] = returnTo.split(/[?#]/)
  const written = [`${frontEnd}${returnTo}`, ...decodings(path), returnTo]
  return written.map((each) => {
    // Browsers drop tabs and line breaks and take a backslash for a slash; so does WHATWG’s parser.
    return URL.canParse(each, frontEnd) ? new URL(each, frontEnd).origin : 'cannot be read'
  })
}

const separators = ['/', '\\', '%2f', '%2F', '%5c', '%252f', '%25255c', '\u2215', '\uff0f', '/\t/']
const hosts = [
  'evil.test',
  'evil.test:8443',
  'intyg.example.se@evil.test',
  'intyg.example.se:pw@evil.test',
  'intyg.example.se.evil.test',
  'evil。test',
  'evil\u3002test',
  'ｅvil.test',
  'intyg.example.se:444',
  '[::1]',
  '2130706433',
]
const schemes = ['', 'https:', 'http:', 'HTTPS:', 'javascript:', 'data:', 'https:%2f', '//https:']
const blanks = ['', ' ', '\t', '\n', '\r', '\0', '\u00a0', '\u200b', '%09', '%0a', '%00']
const dots = ['', '.', '..', '%2e', '%2e%2e', '%252e', './', '../', '/..', '/.', '/a/..']

const hostile = fc
  .tuple(
    fc.constantFrom(...blanks),
    fc.constantFrom(...schemes),
    fc.constantFrom(...dots),
    fc
      .array(fc.constantFrom(...separators, ...blanks), { maxLength: 5 })
      .map((all) => all.join('')),
    fc.constantFrom(...hosts),
    fc.constantFrom('', '/', '/intyg', '?a=b', '#x', '//'),
  )
  .map((parts) => parts.join(''))

test('whatever is allowed stays with the front end, however it is read', () => {
  const pieces = fc.oneof(
    hostile,
    fc.string({ unit: 'binary' }),
    fc.webUrl({ withQueryParameters: true }),
    fc
      .array(
        fc.constantFrom(...separators, ...hosts, ...dots, ...blanks, 'a', '?', '#', '@', ':'),
        {
          maxLength: 12,
        },
      )
      .map((all) => `/${all.join('')}`),
  )
  fc.assert(
    fc.property(pieces, (returnTo) => {
      if (!allowed(returnTo)) return
      expect(new Set(originsOf(returnTo))).toEqual(new Set([frontEnd]))
    }),
    { numRuns: 5_000 },
  )
})

test('another host is refused in every way that one can write it', () => {
  const lead = fc.constantFrom('//', '\\\\', '/\\', '\\/', '/%2f', '/%5c', '/%252f', '/\t/', '///')
  const anyHost = fc.constantFrom(...hosts)
  fc.assert(
    fc.property(lead, anyHost, (slashes, host) => {
      expect(allowed(`${slashes}${host}`)).toBe(false)
    }),
  )
  fc.assert(
    fc.property(
      fc.constantFrom('https://', 'http:', 'javascript:', '', '@', ' /'),
      anyHost,
      (scheme, host) => {
        expect(allowed(`${scheme}${host}`)).toBe(false)
      },
    ),
  )
})

test('an ordinary path of the front end is allowed, with its query and fragment', () => {
  const segment = fc.stringMatching(/^[a-z0-9-]{1,12}$/)
  const path = fc.array(segment, { maxLength: 5 }).map((all) => `/${all.join('/')}`)
  const query = fc.oneof(
    fc.constant(''),
    fc.tuple(segment, fc.webUrl()).map(([name, value]) => `?${name}=${encodeURIComponent(value)}`),
  )
  fc.assert(
    fc.property(path, query, fc.constantFrom('', '#top'), (first, second, third) => {
      expect(checkReturnTo(first + second + third, frontEnd)).toBe(first + second + third)
    }),
  )
})

test.each(['/@evil.test', '/intyg?next=//evil.test', '/a//b', '/intyg/%C3%A5'])(
  'what only looks odd is a path like another: %s',
  (path) => {
    expect(allowed(path)).toBe(true)
    expect(new Set(originsOf(path))).toEqual(new Set([frontEnd]))
  },
)

import { preferredLanguage } from '@minaintyg/service'

test.each([
  [undefined, 'sv'],
  ['', 'sv'],
  ['*', 'sv'],
  ['de', 'sv'],
  ['en', 'en'],
  ['en-GB,en;q=0.9,sv;q=0.3', 'en'],
  ['sv-SE,sv;q=0.9,en;q=0.8', 'sv'],
  ['en;q=0.4,sv;q=0.2', 'en'],
])('%s is answered in %s', (header, language) => {
  expect(preferredLanguage(header)).toBe(language)
})

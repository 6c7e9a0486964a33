import { consentState } from '../src/consents/consent-model.ts'
import { loadConsentTexts } from '../src/texts/consent-texts.ts'

const given = { kind: 'given', textVersion: '1.0' } as const

describe('what the last word means', () => {
  test('a consent to the text in force holds', () => {
    expect(consentState(given, { version: '1.0', earlierConsentHolds: false })).toBe('given')
  })

  test('a new text asks again', () => {
    expect(consentState(given, { version: '2.0', earlierConsentHolds: false })).toBe('none')
  })

  test('unless it says that an earlier consent holds', () => {
    expect(consentState(given, { version: '2.0', earlierConsentHolds: true })).toBe('given')
  })

  test('a withdrawal holds whatever the text', () => {
    const withdrawn = { kind: 'withdrawn', textVersion: '1.0' } as const
    expect(consentState(withdrawn, { version: '2.0', earlierConsentHolds: true })).toBe('withdrawn')
  })
})

describe('the texts', () => {
  const { languages } = loadConsentTexts().current(new Date('2026-11-01T00:00:00Z'))

  test('there is none before the first is valid', () => {
    expect(() => loadConsentTexts().current(new Date('2020-01-01'))).toThrow('No consent text')
  })

  test('say the same things in both languages', () => {
    expect(languages.sv.paragraphs).toHaveLength(languages.en.paragraphs.length)
  })

  test.each([
    ['who is responsible', /ansvarar/, /responsible/],
    ['what is fetched', /hämtar vi dina läkarintyg/, /fetch your medical certificates/],
    ['how long it is kept', /så länge du samtycker/, /as long as you consent/],
    ['that one may change one’s mind', /ångra dig när du vill/, /change your mind at any time/],
    ['that sending is one’s own choice', /eget val/, /own choice/],
    ['that e-mail is not safe', /E-post är inte ett säkert sätt/, /E-mail is not a safe way/],
  ])('tell %s', (_what, swedish, english) => {
    expect(languages.sv.paragraphs.join(' ')).toMatch(swedish)
    expect(languages.en.paragraphs.join(' ')).toMatch(english)
  })
})

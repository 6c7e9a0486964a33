import type { Language } from '@minaintyg/gateway-client'

const timeZone = 'Europe/Stockholm'
const locales: Record<Language, string> = { sv: 'sv-SE', en: 'en-GB' }

const formatsOf = (language: Language) => ({
  date: new Intl.DateTimeFormat(locales[language], { dateStyle: 'long', timeZone }),
  moment: new Intl.DateTimeFormat(locales[language], {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone,
  }),
  time: new Intl.DateTimeFormat(locales[language], { timeStyle: 'short', timeZone }),
  weekday: new Intl.DateTimeFormat(locales[language], {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone,
  }),
})
const formats = { sv: formatsOf('sv'), en: formatsOf('en') }

export const date = (value: string, language: Language) =>
  formats[language].date.format(new Date(value))
export const moment = (value: string, language: Language) =>
  formats[language].moment.format(new Date(value))
export const time = (value: string, language: Language) =>
  formats[language].time.format(new Date(value))
export const weekday = (value: string, language: Language) =>
  formats[language].weekday.format(new Date(value))

/** Of a certificate, where the doctor may have known the year or the month alone. */
export const partialDate = (value: string, language: Language) =>
  value.length === 10 ? date(value, language) : value

export const enumeration = (names: string[], language: Language) =>
  new Intl.ListFormat(locales[language]).format(names)

/** Today where the patient is, as `YYYY-MM-DD`. */
export const today = () => new Intl.DateTimeFormat('sv-SE', { timeZone }).format(new Date())

import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Language } from '@minaintyg/gateway-client'
import { english } from './english.ts'
import { swedish } from './swedish.ts'
import type { Words } from './swedish.ts'

const key = 'language'
const words: Record<Language, Words> = { sv: swedish, en: english }

function remembered(): Language {
  try {
    return localStorage.getItem(key) === 'en' ? 'en' : 'sv'
  } catch {
    return 'sv'
  }
}
let language = remembered()

export const currentLanguage = (): Language => language

export function chooseLanguage(chosen: Language): void {
  language = chosen
  document.documentElement.lang = chosen
  try {
    localStorage.setItem(key, chosen)
  } catch {
    // A browser that keeps nothing begins in Swedish again.
  }
}

export const LanguageContext = createContext<Language>('sv')
export const useLanguage = (): Language => useContext(LanguageContext)
export const useWords = (): Words => words[useLanguage()]

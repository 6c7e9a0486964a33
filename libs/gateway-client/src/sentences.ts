import type { LocalCode, ProblemCode } from './problem.ts'
import { ProblemError } from './problem.ts'
import { problemSentences } from './problem-sentences.ts'

export type Language = 'sv' | 'en'

const localSentences: Record<LocalCode, Record<Language, string>> = {
  'network.unavailable': {
    sv: 'Vi når inte tjänsten. Kontrollera din uppkoppling och försök igen.',
    en: 'We cannot reach the service. Check your connection and try again.',
  },
  'answer.unreadable': {
    sv: 'Tjänsten svarade på ett sätt som vi inte förstår. Försök igen om en stund.',
    en: 'The service answered in a way that we do not understand. Try again in a while.',
  },
}

const sentences: Record<string, Record<Language, string> | undefined> = {
  ...problemSentences,
  ...localSentences,
}

/**
 * A problem's code as a sentence that a patient understands, which says what to do next. Codes that no patient
 * meets, and those that are newer than this client, give the general one.
 */
export function sentenceOf(code: ProblemCode | LocalCode | (string & {}), language: Language) {
  return (sentences[code] ?? problemSentences['service.failed'])[language]
}

/** The same for whatever was thrown. */
export const sentenceOfError = (error: unknown, language: Language): string =>
  sentenceOf(error instanceof ProblemError ? error.code : 'service.failed', language)

import type { Label, Language } from './catalogue-model.ts'

const texts = {
  question: { sv: 'Fråga', en: 'Question' },
  otherSection: { sv: 'Övriga uppgifter', en: 'Other details' },
  diagnosis: { sv: 'Diagnos', en: 'Diagnosis' },
  diagnosisCode: { sv: 'Kod', en: 'Code' },
  period: { sv: 'Gäller perioden', en: 'Period' },
  issued: { sv: 'Intyget utfärdades', en: 'The certificate was issued' },
  yes: { sv: 'Ja', en: 'Yes' },
  no: { sv: 'Nej', en: 'No' },
  from: { sv: 'från', en: 'from' },
  until: { sv: 'till', en: 'until' },
} satisfies Record<string, Label>

/** A text of this service's own, in the language asked for. */
export function ownText(key: keyof typeof texts, language: Language): string {
  return texts[key][language]
}

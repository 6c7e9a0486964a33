import type { Certificate, CertificateSection } from '@minaintyg/certificate-model'
import type { ParsedCertificate } from '../rivta/parsed-certificate.ts'
import { groupAnswers } from './answered-questions.ts'
import { standardCatalogue } from './catalogue.ts'
import type { Catalogue, Language } from './catalogue.ts'
import { factsOf, periodOf, summaryOf } from './certificate-facts.ts'
import type { CertificateFacts } from './certificate-facts.ts'
import { elementSections } from './element-sections.ts'
import { formSections } from './form-items.ts'

export interface StructureOptions {
  language: Language
  catalogue?: Catalogue
}

export interface StructuredCertificate {
  type: Certificate['type']
  sections: CertificateSection[]
  period: Certificate['period']
  summary: Certificate['summary']
  facts: CertificateFacts
}

/** Lays labels and types on a certificate. What the catalogue does not know stands under its id. */
export function structureCertificate(
  parsed: ParsedCertificate,
  { language, catalogue = standardCatalogue() }: StructureOptions,
): StructuredCertificate {
  const context = { language, catalogue }
  const { code, displayName, wireCode } = parsed.type
  const form = parsed.format === 'intyg' ? catalogue.form(code, parsed.version) : undefined
  const answered = groupAnswers(parsed.answers)
  const sections = [
    ...(parsed.format === 'intyg' ? formSections(form, answered, context) : []),
    ...elementSections(parsed.otherContent, context),
  ]
  const period = periodOf(parsed, form, answered)
  return {
    type: {
      code,
      version: parsed.version,
      name: catalogue.typeName(code)?.[language] ?? displayName ?? wireCode,
    },
    sections,
    period,
    summary: summaryOf(form, period, sections, context),
    facts: factsOf(parsed, form, answered, context),
  }
}

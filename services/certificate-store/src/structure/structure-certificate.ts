import type { Certificate, CertificateSection } from '@minaintyg/certificate-model'
import type { ParsedCertificate } from '../rivta/parsed-certificate.ts'
import { groupAnswers } from './answered-questions.ts'
import { codeKey } from './catalogue-model.ts'
import { standardCatalogue } from './catalogue.ts'
import type { Catalogue, Form, Language } from './catalogue-model.ts'
import { factsOf, periodOf, summaryOf } from './certificate-facts.ts'
import type { CertificateFacts } from './certificate-facts.ts'
import { elementSections } from './element-sections.ts'
import { formSections } from './form-items.ts'
import { oldFormatAnswers } from './old-format-answers.ts'
import type { OldFormatAnswers } from './old-format-answers.ts'

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

/** The catalogue with the words for codes that a form has of its own. */
function withCodesOf(form: Form | undefined, catalogue: Catalogue): Catalogue {
  const codes = form?.codes
  if (codes === undefined) return catalogue
  return {
    ...catalogue,
    code: (system, code) =>
      codes.get(codeKey(catalogue.systemOf(system), code)) ?? catalogue.code(system, code),
  }
}

/** The answers of a certificate in any format, and what is no answer. */
function contentOf(parsed: ParsedCertificate, catalogue: Catalogue): OldFormatAnswers {
  const { format, type, answers, otherContent } = parsed
  if (format === 'intyg') return { answers, rest: otherContent }
  return oldFormatAnswers(otherContent, catalogue.oldFormatRules(type.code))
}

/** Lays labels and types on a certificate. What the catalogue does not know stands under its id. */
export function structureCertificate(
  parsed: ParsedCertificate,
  { language, catalogue = standardCatalogue() }: StructureOptions,
): StructuredCertificate {
  const { code, displayName, wireCode } = parsed.type
  const form = catalogue.form(code, parsed.version)
  const context = { language, catalogue: withCodesOf(form, catalogue) }
  const { answers, rest } = contentOf(parsed, catalogue)
  const answered = groupAnswers(answers)
  const sections = [...formSections(form, answered, context), ...elementSections(rest, context)]
  const period = periodOf(form, answered)
  return {
    type: {
      code,
      version: parsed.version,
      name: (form?.name ?? catalogue.typeName(code))?.[language] ?? displayName ?? wireCode,
    },
    sections,
    period,
    summary: summaryOf(form, period, sections, context),
    facts: factsOf(form, answered, context),
  }
}

import type { Certificate, CertificateItem, CertificateSection } from './certificate.ts'
import { typeRule } from './type-rules.ts'

/** Thrown where a certificate does not offer that its diagnosis is hidden. */
export class HideNotOfferedError extends Error {
  constructor() {
    super('This certificate does not offer to hide the diagnosis')
    this.name = 'HideNotOfferedError'
  }
}

const wording = {
  sv: {
    label: 'Diagnos',
    sentence: 'Patienten har valt att inte visa diagnosen i den här kopian.',
  },
  en: { label: 'Diagnosis', sentence: 'The patient chose not to show the diagnosis in this copy.' },
}
const wordingOf = ({ language }: Certificate) => (language === 'en' ? wording.en : wording.sv)

/** Item ids are those of the wire: 6, or with a part or an instance of it, 6.2 and 6[1]. */
const isPartOf = (id: string, question: string): boolean =>
  id.startsWith(question) && !/^\d/.test(id.slice(question.length))

function hideIn(
  section: CertificateSection,
  isHidden: (item: CertificateItem) => boolean,
  replacement: { label: string; sentence: string },
): CertificateSection {
  const first = section.items.findIndex(isHidden)
  if (first < 0) return section
  const item: CertificateItem = {
    id: section.items[first]?.id ?? '',
    label: replacement.label,
    value: { type: 'text', text: replacement.sentence },
  }
  const items = section.items.flatMap((each, index) =>
    index === first ? [item] : isHidden(each) ? [] : [each],
  )
  return { ...section, items }
}

function withoutDiagnosis(certificate: Certificate): Certificate {
  const { diagnosisQuestions } = typeRule(certificate.type.code)
  if (diagnosisQuestions === undefined) throw new HideNotOfferedError()
  const { answers, disclosure } = diagnosisQuestions
  const words = wordingOf(certificate)
  const isHidden = ({ id }: CertificateItem) =>
    [...answers, disclosure].some((question) => isPartOf(id, question))
  return {
    ...certificate,
    adapted: ['diagnosis'],
    summary: certificate.summary === null ? null : { label: words.label, value: words.sentence },
    sections: certificate.sections.map((section) => hideIn(section, isHidden, words)),
  }
}

/** Whether the doctor wrote down that the patient does not want the employer to know the diagnosis. */
function keptFromEmployer(certificate: Certificate): boolean {
  const { diagnosisQuestions } = typeRule(certificate.type.code)
  if (diagnosisQuestions === undefined) return false
  return certificate.sections.some(({ items }) =>
    items.some(
      ({ id, value }) =>
        isPartOf(id, diagnosisQuestions.disclosure) && value.type === 'boolean' && !value.value,
    ),
  )
}

/**
 * The certificate without its diagnosis, marked as adapted; the original is left as it is.
 * @throws {HideNotOfferedError} where `actions.hide` or the type's rule does not offer it
 */
export function adaptedCopy(certificate: Certificate): Certificate {
  const offered =
    certificate.actions.hide.includes('diagnosis') &&
    typeRule(certificate.type.code).hideDiagnosis === true
  if (!offered) throw new HideNotOfferedError()
  return withoutDiagnosis(certificate)
}

/**
 * What a saved or printed copy holds. A certificate for the employer whose patient told the doctor not to
 * disclose the diagnosis (question 100 answered no) has it hidden without asking.
 * @throws {HideNotOfferedError} as {@link adaptedCopy}
 */
export function copyOf(certificate: Certificate, hide?: 'diagnosis'): Certificate {
  if (hide === 'diagnosis') return adaptedCopy(certificate)
  return keptFromEmployer(certificate) ? withoutDiagnosis(certificate) : certificate
}

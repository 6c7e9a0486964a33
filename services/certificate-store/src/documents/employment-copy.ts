import type {
  AnswerValue,
  Certificate,
  CertificateItem,
  EmploymentCopy,
} from '@minaintyg/certificate-model'
import type { Catalogue, Form } from '../structure/catalogue-model.ts'

type Degree = EmploymentCopy['degrees'][number]

/** KV_FKMU_0003. The words that a journal may have put beside a code are not told. */
const percents: Partial<Record<string, number>> = {
  EN_FJARDEDEL: 25,
  HALFTEN: 50,
  TRE_FJARDEDEL: 75,
  HELT_NEDSATT: 100,
}

/** Only what is a degree for certain: a text in its place may say anything. */
function percentOf(value: AnswerValue | undefined): number | undefined {
  if (value?.type === 'code') {
    return Object.hasOwn(percents, value.code) ? percents[value.code] : undefined
  }
  if (value?.type !== 'quantity' || !Number.isInteger(value.value)) return undefined
  return value.value >= 0 && value.value <= 100 ? value.value : undefined
}

const wholeDate = (date: string | null) =>
  date !== null && /^\d{4}-\d{2}-\d{2}$/.test(date) ? date : null

function degreesOfTable(item: CertificateItem, degree: string, period: string | undefined) {
  if (item.value.type !== 'table') return []
  const { columns, rows } = item.value
  const at = (id: string | undefined) => columns.findIndex((column) => column.id === id)
  return rows.flatMap((row): Degree[] => {
    const percent = percentOf(row[at(degree)])
    const span = row[at(period)]
    if (percent === undefined) return []
    const [from, to] = span?.type === 'period' ? [span.from, span.to] : [null, null]
    return [{ percent, from: wholeDate(from), to: wholeDate(to) }]
  })
}

/** What the form says to be the degree: a column of a table, or an answer of its own for the whole period. */
function degreesOf({ sections, period }: Certificate, form: Form | undefined): Degree[] {
  const { degree, period: spans } = form ?? {}
  if (degree === undefined) return []
  return sections
    .flatMap(({ items }) => items)
    .flatMap((item) => {
      if (item.value.type === 'table') return degreesOfTable(item, degree, spans)
      if (item.id !== degree && `${item.id}.1` !== degree) return []
      const percent = percentOf(item.value)
      return percent === undefined
        ? []
        : [{ percent, from: period?.from ?? null, to: period?.to ?? null }]
    })
}

/** What an employer gets of a certificate; what is not named here is not told. */
export function employmentCopyOf(certificate: Certificate, catalogue: Catalogue): EmploymentCopy {
  const { id, type, issuedAt, patient, issuer, unit, period } = certificate
  return {
    id,
    issuedAt,
    patient: { name: patient.name },
    issuer: { name: issuer.name },
    unit: { name: unit.name },
    period: period === null ? null : { from: wholeDate(period.from), to: wholeDate(period.to) },
    degrees: degreesOf(certificate, catalogue.form(type.code, type.version)),
  }
}

/** Its bytes, always the same for the same certificate: a recipient is told their hash when it is sent. */
export const employmentBytes = (certificate: Certificate, catalogue: Catalogue): Buffer =>
  Buffer.from(JSON.stringify(employmentCopyOf(certificate, catalogue)))

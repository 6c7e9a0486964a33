import type { CellValue } from '@minaintyg/certificate-model'
import type { Wording } from './wording.ts'

/** ICD-10-SE under its three OIDs, KSH97P and SNOMED CT: here the code itself says something to the reader. */
const spokenSystems = /^1\.2\.752\.116\./

function codeText(value: Extract<CellValue, { type: 'code' }>): string {
  const { code, display, system } = value
  if (display === null || display === '') return code
  return spokenSystems.test(system) ? `${code} ${display}` : display
}

function periodText({ from, to }: { from: string | null; to: string | null }, wording: Wording) {
  if (from !== null && to !== null) return `${from} – ${to}`
  if (from !== null) return wording.from(from)
  return to === null ? wording.notStated : wording.until(to)
}

/** A scalar as one text; a list as one for each item. */
export function valueTexts(value: CellValue, wording: Wording, decimal: string): string[] {
  switch (value.type) {
    case 'text':
      return [value.text]
    case 'boolean':
      return [value.value ? wording.yes : wording.no]
    case 'date':
      return [value.date]
    case 'period':
      return [periodText(value, wording)]
    case 'code':
      return [codeText(value)]
    case 'quantity': {
      const number = String(value.value).replace('.', decimal)
      return [value.unit === null ? number : `${number} ${value.unit}`]
    }
    case 'notStated':
      return [wording.notStated]
    case 'list':
      return value.items.flatMap((item) => valueTexts(item, wording, decimal))
  }
}

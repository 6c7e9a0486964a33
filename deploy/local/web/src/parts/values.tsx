import type { Language, Schemas } from '@minaintyg/gateway-client'
import { useLanguage, useWords } from '../words/language.ts'
import type { Words } from '../words/swedish.ts'
import { partialDate } from './formats.ts'

type Value = Schemas['AnswerValue']
type Table = Extract<Value, { type: 'table' }>

/** ICD-10-SE and KSH97P, under whichever of their OIDs: codes that doctors and authorities go by. */
const isDiagnosis = (system: string) => system.startsWith('1.2.752.116.1.')

/** An answer that is one line of text; undefined for lists, tables and kinds that are newer than this page. */
function textOf(value: Value, words: Words, language: Language): string | undefined {
  switch (value.type) {
    case 'text':
      return value.text
    case 'boolean':
      return value.value ? words.values.yes : words.values.no
    case 'date':
      return partialDate(value.date, language)
    case 'period': {
      const [from, to] = [value.from, value.to].map((day) =>
        day === null ? null : partialDate(day, language),
      )
      return words.certificate.periodOf(from ?? null, to ?? null)
    }
    case 'code':
      if (value.display === null) return value.code
      return isDiagnosis(value.system) ? `${value.display} (${value.code})` : value.display
    case 'quantity':
      return [value.value, value.unit].filter((part) => part !== null).join(' ')
    case 'notStated':
      return words.values.notStated
    default:
      return undefined
  }
}

const Grid = ({ columns, rows, label }: Table & { label: string }) => (
  <div class="scroll" role="region" aria-label={label} tabIndex={0}>
    <table>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.id} scope="col">
              {column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells, row) => (
          <tr key={row}>
            {cells.map((cell, column) => (
              <td key={column}>
                <AnswerOf value={cell} label={label} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

/** An answer of a certificate, whatever its type; one that is not known is shown as it is: nothing is dropped. */
export function AnswerOf({ value, label }: { value: Value; label: string }) {
  const words = useWords()
  const language = useLanguage()
  if (value.type === 'table') return <Grid {...value} label={label} />
  if (value.type === 'list') {
    return (
      <ul class="plain-list">
        {value.items.map((item, index) => (
          <li key={index}>
            <AnswerOf value={item} label={label} />
          </li>
        ))}
      </ul>
    )
  }
  const text = textOf(value, words, language) ?? JSON.stringify(value)
  return <span class={value.type === 'notStated' ? 'quiet' : 'as-written'}>{text}</span>
}

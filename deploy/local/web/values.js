import { element } from './elements.js'

/** ICD-10-SE and KSH97P, under whichever of their OIDs: codes that doctors and authorities go by. */
const isDiagnosis = (system) => system.startsWith('1.2.752.116.1.')

const scalars = {
  text: ({ text }) => text,
  boolean: ({ value }) => (value ? 'Ja' : 'Nej'),
  date: (value) => value.date,
  period: ({ from, to }) => `${from ?? '…'} – ${to ?? 'tills vidare'}`,
  code({ display, code, system }) {
    if (display === null) return code
    return isDiagnosis(system) ? `${display} (${code})` : display
  },
  quantity: ({ value, unit }) => [value, unit].filter((part) => part !== null).join(' '),
  notStated: () => 'Ej angivet',
}

function table({ columns, rows }) {
  const head = columns.map(({ label }) => element('th', { scope: 'col' }, label))
  const body = rows.map((cells) =>
    element(
      'tr',
      {},
      cells.map((cell) => element('td', {}, answer(cell))),
    ),
  )
  const grid = element('table', {}, [
    element('thead', {}, element('tr', {}, head)),
    element('tbody', {}, body),
  ])
  return element('div', { class: 'scroll', tabindex: '0' }, grid)
}

/** An answer of a certificate, whatever its type; one that is not known is shown as it is. */
export function answer(value) {
  if (value.type === 'table') return table(value)
  if (value.type === 'list') {
    return element(
      'ul',
      {},
      value.items.map((item) => element('li', {}, answer(item))),
    )
  }
  const show = scalars[value.type]
  return show === undefined ? JSON.stringify(value) : show(value)
}

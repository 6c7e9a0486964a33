import type { Mode } from './behaviour.ts'
import { modes } from './behaviour.ts'
import type { Case } from './books.ts'

const characters: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escape = (text: string) => text.replace(/[&<>"]/g, (each) => characters[each] ?? each)
const cell = (text: string | number) => `<td>${escape(String(text))}</td>`

const row = (each: Case) =>
  `<tr>${cell(each.receivedAt)}${cell(each.reference)}${cell(each.type)}${cell(each.dispatchId)}${cell(
    each.receipts.join(', ') || 'inga',
  )}${cell(each.revokedAt ?? '')}</tr>`

/** A page for people; programs ask for /dispatches. */
export const page = (mode: Mode, cases: readonly Case[]): string => `<!doctype html>
<html lang="sv">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Försäkringskassan (test)</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .25rem .75rem; border-bottom: 1px solid #ccc; }
</style>
</head>
<body>
<h1>Försäkringskassan (test)</h1>
<p>Läge: <strong>${mode}</strong>. Byt med <code>POST /control {"mode": "…"}</code>: ${modes.join(', ')}.</p>
<table>
<caption>Mottagna intyg: ${cases.length}</caption>
<thead><tr><th>Mottaget</th><th>Ärende</th><th>Typ</th><th>Utskick</th><th>Kvitton</th><th>Återkallat</th></tr></thead>
<tbody>${cases.map(row).join('\n')}</tbody>
</table>
</body>
</html>
`

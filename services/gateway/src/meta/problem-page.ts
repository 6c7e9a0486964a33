import { createHash } from 'node:crypto'
import type { Language } from '@minaintyg/service'
import type { ProblemKind } from './problem-catalogue.ts'

const style =
  'body{font:1.125rem/1.6 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;color:#1f1f1f}code{background:#f1efe9;padding:.1em .3em;border-radius:.2em}dt{font-weight:600}'
const styleHash = createHash('sha256').update(style).digest('base64')

export const problemPagePolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; frame-ancestors 'none'; base-uri 'none'`

const words = {
  sv: { status: 'HTTP-status', title: 'Rubrik', what: 'Vad det betyder, och vad man gör' },
  en: { status: 'HTTP status', title: 'Title', what: 'What it means, and what to do' },
}

const escape = (text: string) =>
  text
    .replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/`([^`]+)`/g, '<code>$1</code>')

/** What a problem's `type` leads to. */
export function problemPage(kind: ProblemKind, language: Language): string {
  const { code, status, title } = kind
  const { status: statusWord, title: titleWord, what } = words[language]
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(code)} – Mina intyg</title><style>${style}</style></head>
<body><main><h1><code>${escape(code)}</code></h1>
<dl><dt>${statusWord}</dt><dd>${status}</dd><dt>${titleWord}</dt><dd lang="en">${escape(title)}</dd><dt>${what}</dt><dd>${escape(kind[language])}</dd></dl>
</main></body></html>
`
}

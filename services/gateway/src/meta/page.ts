import { createHash } from 'node:crypto'
import type { Language } from '@minaintyg/service'

const style =
  'body{font:1.125rem/1.6 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;color:#1f1f1f}code{background:#f1efe9;padding:.1em .3em;border-radius:.2em}dt{font-weight:600}dd{margin:0 0 .75rem}'
const styleHash = createHash('sha256').update(style).digest('base64')

/** Of a page that is read and nothing else. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'`

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

interface Page {
  language: Language
  title: string
  /** HTML. */
  content: string
}

/** A page for people, whole, with no script and nothing fetched. */
export const page = ({ language, title, content }: Page): string => `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)} – Mina intyg</title><style>${style}</style></head>
<body><main>${content}
</main></body></html>
`

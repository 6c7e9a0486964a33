import type { Language } from '@minaintyg/service'
import { escapeHtml, page } from './page.ts'
import type { ProblemKind } from './problem-catalogue.ts'

const words = {
  sv: {
    status: 'HTTP-status',
    title: 'Rubrik',
    what: 'Vad det betyder, och vad man gör',
    patient: 'Säg till patienten',
  },
  en: {
    status: 'HTTP status',
    title: 'Title',
    what: 'What it means, and what to do',
    patient: 'Tell the patient',
  },
}

const escape = (text: string) => escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>')

/** What a problem's `type` leads to. */
export function problemPage(kind: ProblemKind, language: Language): string {
  const { code, status, title } = kind
  const { status: statusWord, title: titleWord, what, patient: patientWord } = words[language]
  const told =
    kind.patient === null
      ? ''
      : `<dt>${patientWord}</dt><dd><q>${escape(kind.patient[language])}</q></dd>`
  return page({
    language,
    title: code,
    content: `<h1><code>${escape(code)}</code></h1>
<dl><dt>${statusWord}</dt><dd>${status}</dd><dt>${titleWord}</dt><dd lang="en">${escape(title)}</dd><dt>${what}</dt><dd>${escape(kind[language])}</dd>${told}</dl>`,
  })
}

import type { AnswerValue } from '@minaintyg/certificate-model'
import { parseCertificateDocument } from '../src/rivta/certificate-document.ts'
import type { ParsedCertificate } from '../src/rivta/parsed-certificate.ts'
import type { Language } from '../src/structure/catalogue-model.ts'
import { structureCertificate } from '../src/structure/structure-certificate.ts'
import type { StructuredCertificate } from '../src/structure/structure-certificate.ts'
import { intyg } from './documents.ts'
import type { IntygParts } from './documents.ts'

/** A certificate of one's own making, parsed. */
export function parsedOf(parts: IntygParts): ParsedCertificate {
  const [entry] = parseCertificateDocument(Buffer.from(intyg(parts)))
  if (entry?.readable !== true) throw new Error('Expected a readable certificate')
  return entry
}

export function structured(parts: IntygParts, language: Language = 'sv'): StructuredCertificate {
  return structureCertificate(parsedOf(parts), { language })
}

/** The value of an item, by its id. */
export function valueOf(
  id: string,
  parts: IntygParts,
  language: Language = 'sv',
): AnswerValue | undefined {
  const items = structured(parts, language).sections.flatMap((section) => section.items)
  return items.find((item) => item.id === id)?.value
}

import { hash } from 'node:crypto'
import { certificateActions } from '@minaintyg/certificate-model'
import type { Certificate } from '@minaintyg/certificate-model'
import { maskPersonalNumber } from '@minaintyg/personal-number'
import type { Identifier, ParsedCertificate } from '../rivta/parsed-certificate.ts'
import { structureCertificate } from './structure-certificate.ts'
import type { StructureOptions } from './structure-certificate.ts'
import { standardCatalogue } from './catalogue.ts'
import { ownText } from './texts.ts'

export interface DocumentOptions extends StructureOptions {
  id?: string
  source?: Certificate['source']
}

/** The same journal id gives the same UUID, and another id another. */
export function certificateId({ root, extension }: Identifier): string {
  const digest = hash('sha256', JSON.stringify([root, extension]), 'hex')
  // RFC 9562, version 8: custom.
  const variant = ((Number.parseInt(digest.charAt(16), 16) & 0x3) | 0x8).toString(16)
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    variant + digest.slice(17, 20),
    digest.slice(20, 32),
  ].join('-')
}

/** Journals write codes where they know no words: 203090 is shown as the title that it means. */
function titles(
  { issuer }: ParsedCertificate,
  { language, catalogue }: Required<StructureOptions>,
) {
  return issuer.titles.map(
    (title) => catalogue.code('1.2.752.129.2.2.1.4', title)?.[language] ?? title,
  )
}

/** The whole certificate of a document that stands alone, without anyone's list around it. */
export function certificateFromDocument(
  parsed: ParsedCertificate,
  options: DocumentOptions,
): Certificate {
  const { language, catalogue = standardCatalogue() } = options
  const { type, sections, period, summary, facts } = structureCertificate(parsed, options)
  const { personId, name } = parsed.patient
  const issuedAt = parsed.signedAt
  return {
    id: options.id ?? certificateId(parsed.id),
    type,
    issuedAt,
    issuer: {
      name: parsed.issuer.name,
      titles: titles(parsed, { language, catalogue }),
      specialities: parsed.issuer.specialities,
    },
    unit: parsed.unit,
    careProvider: parsed.careProvider,
    patient: {
      name,
      personalIdentityNumberMasked:
        personId === null ? null : maskPersonalNumber(personId.extension),
    },
    period,
    summary,
    statuses: [],
    archived: false,
    readable: true,
    source: options.source ?? { id: 'document', name: parsed.unit.name },
    sections,
    relations: [],
    events:
      issuedAt === null
        ? []
        : [{ kind: 'issued', at: issuedAt, text: ownText('issued', language) }],
    actions: certificateActions({
      type,
      readable: true,
      revoked: parsed.statuses.some(({ status }) => status === 'CANCEL'),
      replaced: false,
      complemented: false,
      infectionControl: facts.infectionControl,
    }),
    language,
  }
}

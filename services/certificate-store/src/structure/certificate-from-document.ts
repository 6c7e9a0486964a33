import { createHash } from 'node:crypto'
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
  const hash = createHash('sha256')
    .update(JSON.stringify([root, extension]))
    .digest()
  // RFC 9562, version 8: custom.
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80
  const hex = hash.toString('hex').slice(0, 32)
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
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

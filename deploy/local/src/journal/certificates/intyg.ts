import type { CareUnit, Doctor } from './care.ts'
import { escapeXml, namespaces, typed } from './wire.ts'

export type RelationCode = 'ERSATT' | 'KOMPLT' | 'FRLANG' | 'KOPIA'
export type StatusCode = 'RECEIV' | 'SENTTO' | 'CANCEL' | 'DELETE' | 'RESTOR'

/** A certificate of a journal, before it is put into an answer. */
export interface JournalCertificate {
  id: string
  personNumber: string
  /** In lower case, as the journals compare types. */
  type: string
  /** Swedish local time without a zone, as the wire has it. */
  signedAt: string
  relations: readonly { kind: RelationCode; id: string }[]
  statuses: readonly { part: string; status: StatusCode; at: string }[]
  /** Its element from `<` to `>`, without relations and statuses where `marker` stands for them. */
  xml: string
}

export interface IntygOptions {
  id: string
  type: { code: string; system?: string; name: string }
  version: string
  signedAt: string
  personNumber: string
  doctor: Doctor
  unit: CareUnit
  answers: string
}

/** Where an answer puts the relations and statuses: the journal's own, and changing. */
export const marker = '<!--relations-and-statuses-->'

export const kvPart = '769bb12b-bd9f-4203-a5cd-fd14f2eb3b80'
const kvStatus = '9871cd17-8755-4ed9-b894-ff3729e775a4'
const kvType = 'b64ea353-e8f6-4832-b563-fc7d46f29548'
const kvRelation = 'c2362fcd-eda0-4f9a-bd13-b3bbaf7f2146'
const personalNumberRoot = '1.2.752.129.2.1.3.1'
const coordinationNumberRoot = '1.2.752.129.2.1.3.3'
const hsa = '1.2.752.129.2.1.4.1'
// Journals know a certificate by its extension; the root of a reference may be anything.
const relationRoot = 'SE5565594230-B31'

/** An id of root and extension. @param name with its prefix */
export const identifier = (name: string, root: string, extension: string): string =>
  `<${name}><t:root>${root}</t:root><t:extension>${escapeXml(extension)}</t:extension></${name}>`
const field = (name: string, value: string) => `<c:${name}>${escapeXml(value)}</c:${name}>`
const coded = (name: string, value: string, codeSystem: string, displayName?: string) =>
  typed('cv', { code: value, codeSystem, displayName })
    .replace('<t:cv>', `<c:${name}>`)
    .replace('</t:cv>', `</c:${name}>`)

export const personRoot = (number: string): string =>
  Number(number.slice(6, 8)) > 60 ? coordinationNumberRoot : personalNumberRoot

/** Journals send the patient's name and address empty; whoever needs them has them from elsewhere. */
const patientXml = (number: string) =>
  `<c:patient>${identifier('c:person-id', personRoot(number), number)}` +
  ['fornamn', 'efternamn', 'postadress', 'postnummer', 'postort']
    .map((name) => `<c:${name}/>`)
    .join('') +
  '</c:patient>'

const unitXml = (unit: CareUnit) =>
  `<c:enhet>${identifier('c:enhets-id', hsa, unit.id)}` +
  identifier('c:arbetsplatskod', '1.2.752.29.4.71', unit.workplaceCode) +
  field('enhetsnamn', unit.name) +
  field('postadress', unit.address) +
  field('postnummer', unit.postalCode) +
  field('postort', unit.city) +
  field('telefonnummer', unit.telephone) +
  field('epost', unit.email) +
  `<c:vardgivare>${identifier('c:vardgivare-id', hsa, unit.provider.id)}` +
  `${field('vardgivarnamn', unit.provider.name)}</c:vardgivare></c:enhet>`

/** A doctor at a unit. @param name of the element, with its prefix */
export const staffXml = (name: string, doctor: Doctor, unit: CareUnit): string =>
  `<${name}>${identifier('c:personal-id', hsa, doctor.id)}` +
  field('fullstandigtNamn', doctor.name) +
  field('forskrivarkod', '0000000') +
  coded('befattning', doctor.position.code, '1.2.752.129.2.2.1.4', doctor.position.name) +
  unitXml(unit) +
  doctor.specialities
    .map(
      (speciality) =>
        `<c:specialistkompetens><t:code>N/A</t:code><t:displayName>${escapeXml(speciality)}</t:displayName></c:specialistkompetens>`,
    )
    .join('') +
  `</${name}>`

/** A certificate in the present model, as an element that stands alone. */
export function intygXml(options: IntygOptions): string {
  const { type, unit } = options
  return [
    `<c:intyg ${namespaces}>`,
    identifier('c:intygs-id', unit.id, options.id),
    coded('typ', type.code, type.system ?? kvType, type.name),
    field('version', options.version),
    field('signeringstidpunkt', options.signedAt),
    field('skickatTidpunkt', options.signedAt),
    patientXml(options.personNumber),
    staffXml('c:skapadAv', options.doctor, unit),
    marker,
    options.answers,
    '</c:intyg>',
  ].join('\n')
}

/** Relations and statuses as the model has them, in place of the {@link marker}. */
export function journalFacts({ relations, statuses }: JournalCertificate): string {
  return [
    ...relations.map(
      ({ kind, id }) =>
        `<c:relation ${namespaces}>${coded('typ', kind, kvRelation)}${identifier('c:intygs-id', relationRoot, id)}</c:relation>`,
    ),
    ...statuses.map(
      ({ part, status, at }) =>
        `<c:status ${namespaces}>${coded('part', part, kvPart)}${coded('status', status, kvStatus)}` +
        `${field('tidpunkt', at)}</c:status>`,
    ),
  ].join('\n')
}

import type { WireRelationKind } from '../database.ts'
import type { ParsedCertificate } from '../rivta/parsed-certificate.ts'

const relationKinds: Record<string, WireRelationKind> = {
  ERSATT: 'replaces',
  KOMPLT: 'complements',
  FRLANG: 'extends',
  KOPIA: 'copyOf',
}

export interface CopyRelation {
  kind: WireRelationKind
  toJournalId: string
}

/** What a certificate says about older ones; the wire points from new to old alone. */
export function relationsOf({ relations }: ParsedCertificate): CopyRelation[] {
  const known = relations.flatMap(({ kind, id }) => {
    const name = relationKinds[kind.toUpperCase()]
    return name === undefined ? [] : [{ kind: name, toJournalId: id.extension }]
  })
  const unique = new Map(known.map((each) => [`${each.kind} ${each.toJournalId}`, each]))
  return [...unique.values()]
}

const authorities = new Set(['FKASSA', 'TRANSP', 'AF'])

/** When the journal revoked it; a revocation without a time counts from when it was seen. */
export function revokedAt({ statuses }: ParsedCertificate, seenAt: Date): Date | null {
  const revocation = statuses.find(({ status }) => status === 'CANCEL')
  if (revocation === undefined) return null
  return revocation.at === null ? seenAt : new Date(revocation.at)
}

/** When care sent it to an authority itself, before or beside Mina intyg. */
export function sentByCareAt({ statuses, sentAt }: ParsedCertificate, seenAt: Date): Date | null {
  const sending = statuses.find(
    ({ status, part }) => status === 'SENTTO' && authorities.has(part.toUpperCase()),
  )
  if (sending === undefined) return null
  return new Date(sending.at ?? sentAt ?? seenAt)
}

/** Whether a certificate is about the patient who was asked for, where it says so at all. */
export function isAbout({ patient }: ParsedCertificate, personNumbers: readonly string[]): boolean {
  if (patient.personId === null) return true
  return personNumbers.includes(patient.personId.extension.replaceAll(/\D/g, ''))
}

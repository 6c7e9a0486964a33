import type { Language } from '@minaintyg/service'
import { recipientName } from '../certificates/texts.ts'
import { standardCatalogue } from '../structure/catalogue.ts'
import type { LoggedAccess } from './access-log-repository.ts'

type Texts = Record<LoggedAccess['action'], string>

const certificateOf = (typeCode: string | null, language: Language): string => {
  const name = typeCode === null ? undefined : standardCatalogue().typeName(typeCode)?.[language]
  if (name === undefined) return language === 'sv' ? 'ett intyg' : 'a certificate'
  return language === 'sv' ? `intyget ”${name}”` : `the certificate “${name}”`
}

const swedish = (what: string, recipient: string, journal: string): Texts => ({
  list: 'Du såg listan över dina intyg.',
  read: `Du läste ${what}.`,
  save: `Du sparade ${what}.`,
  print: `Du skrev ut ${what}.`,
  send: `Du begärde att få skicka ${what}.`,
  handOver: `${recipient} hämtade ${what} som du hade skickat.`,
  archive: `Du arkiverade ${what}.`,
  restore: `Du flyttade tillbaka ${what} från arkivet.`,
  erase: 'Mina intyg raderade sina kopior av dina intyg.',
  fetch: `Mina intyg hämtade nya uppgifter om dina intyg från ${journal}.`,
})

const english = (what: string, recipient: string, journal: string): Texts => ({
  list: 'You saw the list of your certificates.',
  read: `You read ${what}.`,
  save: `You saved ${what}.`,
  print: `You printed ${what}.`,
  send: `You asked to send ${what}.`,
  handOver: `${recipient} fetched ${what} that you had sent.`,
  archive: `You archived ${what}.`,
  restore: `You moved ${what} back from the archive.`,
  erase: 'Mina intyg erased its copies of your certificates.',
  fetch: `Mina intyg fetched news about your certificates from ${journal}.`,
})

const refused: Record<Language, string> = {
  sv: ' Det gick inte att lämna ut det.',
  en: ' It could not be given.',
}

/** What happened, in one or two sentences for the patient. */
export function accessText(
  access: LoggedAccess,
  { language, sourceName }: { language: Language; sourceName: (id: string) => string },
): string {
  const what = certificateOf(access.typeCode, language)
  const recipient = recipientName(access.actorId)
  const journal = access.sourceId === null ? '' : sourceName(access.sourceId)
  const text = (language === 'sv' ? swedish : english)(what, recipient, journal)[access.action]
  return access.outcome === 'refused' ? text + refused[language] : text
}

/** Who did it, by a name that the patient knows. */
export function actorName({ actorKind, actorId }: LoggedAccess, language: Language): string {
  if (actorKind === 'patient') return language === 'sv' ? 'Du' : 'You'
  return actorKind === 'recipient' ? recipientName(actorId) : 'Mina intyg'
}

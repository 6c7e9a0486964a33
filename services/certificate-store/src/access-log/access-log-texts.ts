import type { Language } from '@minaintyg/service'
import { standardCatalogue } from '../structure/catalogue.ts'
import type { LoggedAccess } from './access-log-repository.ts'

type Texts = Record<LoggedAccess['action'], string>

const certificateOf = (typeCode: string | null, language: Language): string => {
  const name = typeCode === null ? undefined : standardCatalogue().typeName(typeCode)?.[language]
  if (name === undefined) return language === 'sv' ? 'ett intyg' : 'a certificate'
  return language === 'sv' ? `intyget ”${name}”` : `the certificate “${name}”`
}

interface Names {
  what: string
  recipient: string
  journal: string
}

const done: Record<Language, (names: Names) => Texts> = {
  sv: ({ what, recipient, journal }) => ({
    list: 'Du såg listan över dina intyg.',
    read: `Du läste ${what}.`,
    save: `Du sparade ${what}.`,
    print: `Du skrev ut ${what}.`,
    recipients: `Du såg vart ${what} kan skickas.`,
    send: `Du begärde att få skicka ${what}.`,
    handOver: `${recipient} hämtade ${what} som du hade skickat.`,
    verify: `Någon som har en kopia av ${what} kontrollerade att den är äkta. Innehållet visades inte.`,
    archive: `Du arkiverade ${what}.`,
    restore: `Du flyttade tillbaka ${what} från arkivet.`,
    erase: 'Mina intyg raderade sina kopior av dina intyg.',
    fetch: `Mina intyg hämtade nya uppgifter om dina intyg från ${journal}.`,
    receive: `${journal} skickade ${what} till Mina intyg.`,
    revoke: `${journal} makulerade ${what}.`,
  }),
  en: ({ what, recipient, journal }) => ({
    list: 'You saw the list of your certificates.',
    read: `You read ${what}.`,
    save: `You saved ${what}.`,
    print: `You printed ${what}.`,
    recipients: `You saw where ${what} can be sent.`,
    send: `You asked to send ${what}.`,
    handOver: `${recipient} fetched ${what} that you had sent.`,
    verify: `Someone who has a copy of ${what} checked that it is genuine. What it says was not shown.`,
    archive: `You archived ${what}.`,
    restore: `You moved ${what} back from the archive.`,
    erase: 'Mina intyg erased its copies of your certificates.',
    fetch: `Mina intyg fetched news about your certificates from ${journal}.`,
    receive: `${journal} sent ${what} to Mina intyg.`,
    revoke: `${journal} revoked ${what}.`,
  }),
}

/** What was refused was only tried: nothing was shown or given out. */
const tried: Record<Language, (names: Names) => Texts> = {
  sv: ({ what, recipient, journal }) => ({
    list: 'Du försökte se listan över dina intyg',
    read: `Du försökte läsa ${what}`,
    save: `Du försökte spara ${what}`,
    print: `Du försökte skriva ut ${what}`,
    recipients: `Du försökte se vart ${what} kan skickas`,
    send: `Du försökte skicka ${what}`,
    handOver: `${recipient} försökte hämta ${what}`,
    verify: `Någon som har en kopia av ${what} försökte kontrollera att den är äkta`,
    archive: `Du försökte arkivera ${what}`,
    restore: `Du försökte flytta tillbaka ${what} från arkivet`,
    erase: 'Mina intyg försökte radera sina kopior av dina intyg',
    fetch: `Mina intyg försökte hämta uppgifter om dina intyg från ${journal}`,
    receive: `${journal} försökte skicka ${what} till Mina intyg`,
    revoke: `${journal} försökte makulera ${what}`,
  }),
  en: ({ what, recipient, journal }) => ({
    list: 'You tried to see the list of your certificates',
    read: `You tried to read ${what}`,
    save: `You tried to save ${what}`,
    print: `You tried to print ${what}`,
    recipients: `You tried to see where ${what} can be sent`,
    send: `You tried to send ${what}`,
    handOver: `${recipient} tried to fetch ${what}`,
    verify: `Someone who has a copy of ${what} tried to check that it is genuine`,
    archive: `You tried to archive ${what}`,
    restore: `You tried to move ${what} back from the archive`,
    erase: 'Mina intyg tried to erase its copies of your certificates',
    fetch: `Mina intyg tried to fetch news about your certificates from ${journal}`,
    receive: `${journal} tried to send ${what} to Mina intyg`,
    revoke: `${journal} tried to revoke ${what}`,
  }),
}

const because: Record<string, Record<Language, string>> = {
  'consent.required': {
    sv: ', men det fanns inget samtycke från dig.',
    en: ', but there was no consent from you.',
  },
  'certificate.not-found': {
    sv: ', men det fanns inte bland dina intyg.',
    en: ', but it was not among your certificates.',
  },
  'certificate.revoked': {
    sv: ', men det är makulerat av vården.',
    en: ', but it is revoked by the care unit.',
  },
}
const refused: Record<Language, string> = {
  sv: ', men det gick inte.',
  en: ', but it could not be done.',
}

/** Of journals and recipients, by their ids. */
export interface AccessNames {
  sourceName: (id: string) => string
  recipientName: (id: string) => string
}

/** What happened, in a sentence for the patient. */
export function accessText(
  access: LoggedAccess,
  { language, sourceName, recipientName }: AccessNames & { language: Language },
): string {
  const names = {
    what: certificateOf(access.typeCode, language),
    recipient: recipientName(access.actorId),
    journal: access.sourceId === null ? '' : sourceName(access.sourceId),
  }
  if (access.outcome === 'allowed') return done[language](names)[access.action]
  const reason = access.reason ?? (access.action === 'receive' ? 'consent.required' : '')
  const why = because[reason]?.[language] ?? refused[language]
  return tried[language](names)[access.action] + why
}

/** Who did it, by a name that the patient knows. */
export function actorName(
  { actorKind, actorId }: LoggedAccess,
  { language, recipientName }: Pick<AccessNames, 'recipientName'> & { language: Language },
): string {
  if (actorKind === 'patient') return language === 'sv' ? 'Du' : 'You'
  if (actorKind === 'holder') {
    return language === 'sv' ? 'Någon som har en kopia' : 'Someone who has a copy'
  }
  return actorKind === 'recipient' ? recipientName(actorId) : 'Mina intyg'
}

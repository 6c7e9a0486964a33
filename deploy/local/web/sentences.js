const sentences = {
  'network.unavailable': 'Vi når inte tjänsten. Kontrollera din uppkoppling och försök igen.',
  'session.expired': 'Du har loggats ut. Logga in igen för att fortsätta.',
  'login.cancelled': 'Du avbröt inloggningen.',
  'login.expired': 'Inloggningen tog för lång tid. Börja om.',
  'login.loa-too-low': 'Din e-legitimation har inte tillräckligt hög tillitsnivå. Använd en annan.',
  'login.too-young': 'Du kan logga in från den dag du fyller 16 år.',
  'login.provider-unavailable': 'E-legitimationen svarar inte just nu. Försök igen om en stund.',
  'certificate.not-found': 'Det här intyget finns inte.',
  'certificate.revoked': 'Vården har tagit tillbaka det här intyget.',
  'certificate.replaced': 'Ett nyare intyg har ersatt det här.',
  'certificate.complemented': 'Läkaren har kompletterat det här i ett nyare intyg.',
  'certificate.unreadable': 'Intyget går inte att visa. Vänd dig till vården.',
  'certificate.version-too-old': 'Mottagaren tar inte längre emot den här versionen.',
  'recipient.none': 'Det här intyget har ingen mottagare som du kan skicka till härifrån.',
  'dispatch.already-sent': 'Du har redan skickat intyget dit.',
  'dispatch.not-cancellable': 'Mottagaren har redan fått intyget. Det går inte att ta tillbaka.',
  'dispatch.busy': 'Intyget lämnas just nu. Försök igen om några sekunder.',
  'consent.text-outdated': 'Texten har ändrats. Läs den nya texten.',
  'request.too-many': 'Det blev många anrop på kort tid. Vänta en stund.',
}

/** A problem's code as a sentence that a patient understands. */
export function sentence(code) {
  if (sentences[code] !== undefined) return sentences[code]
  if (/unavailable|overloaded|timeout/.test(code)) {
    return 'Den här delen svarar inte just nu. Försök igen om en stund.'
  }
  if (code?.startsWith('login.')) return 'Inloggningen lyckades inte. Försök igen.'
  return 'Något gick fel. Försök igen om en stund.'
}

export const statuses = {
  new: 'Nytt',
  sent: 'Skickat',
  notSent: 'Inte skickat',
  replaced: 'Ersatt',
  revoked: 'Makulerat',
}
export const states = {
  queued: 'På väg',
  delivered: 'Lämnat till mottagaren',
  received: 'Mottaget',
  accepted: 'Godtaget',
  rejected: 'Avvisat',
  completionRequested: 'Mottagaren har en fråga',
  cancelled: 'Inte skickat',
  parked: 'Försenat',
  revoked: 'Återkallat',
}

import type { CertificateEvent, CertificateStatus } from '@minaintyg/certificate-model'
import type { Language } from '@minaintyg/service'

export const statusNames: Record<Language, Record<CertificateStatus, string>> = {
  sv: {
    new: 'Nytt',
    sent: 'Skickat',
    notSent: 'Inte skickat',
    replaced: 'Ersatt',
    revoked: 'Makulerat',
  },
  en: {
    new: 'New',
    sent: 'Sent',
    notSent: 'Not sent',
    replaced: 'Replaced',
    revoked: 'Revoked',
  },
}

/** One sentence about an event, for the patient. */
export function eventText(
  kind: CertificateEvent['kind'],
  language: Language,
  recipient = '',
): string {
  const sentences: Record<Language, Record<CertificateEvent['kind'], string>> = {
    sv: {
      issued: 'Intyget utfärdades.',
      sent: recipient === '' ? 'Vården skickade intyget.' : `Intyget skickades till ${recipient}.`,
      received: `${recipient} tog emot intyget.`,
      replaced: 'Intyget ersattes av ett nytt.',
      complemented: 'Intyget kompletterades av ett nytt.',
      archived: 'Du arkiverade intyget.',
      restored: 'Du flyttade tillbaka intyget från arkivet.',
      revoked: 'Vården makulerade intyget.',
    },
    en: {
      issued: 'The certificate was issued.',
      sent:
        recipient === ''
          ? 'Your care provider sent the certificate.'
          : `The certificate was sent to ${recipient}.`,
      received: `${recipient} received the certificate.`,
      replaced: 'The certificate was replaced by a new one.',
      complemented: 'The certificate was complemented by a new one.',
      archived: 'You archived the certificate.',
      restored: 'You moved the certificate back from the archive.',
      revoked: 'Your care provider revoked the certificate.',
    },
  }
  return sentences[language][kind]
}

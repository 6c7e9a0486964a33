import type { CertificateChange, DispatchState } from './dispatch-model.ts'

export type Language = 'sv' | 'en'

interface Facts {
  recipient: string
  /** What the recipient wrote, or why it ended without the patient. */
  note: string | null
  /** The document had been handed out before it ended. */
  fetched: boolean
}
type Texts = Record<DispatchState, (facts: Facts) => string>

const swedish: Texts = {
  queued: ({ recipient }) => `Du har skickat intyget till ${recipient}. Det är på väg.`,
  delivered: ({ recipient }) =>
    `Intyget har lämnats till ${recipient}. Vi väntar på att de bekräftar att de har tagit emot det.`,
  received: ({ recipient }) => `${recipient} har tagit emot intyget.`,
  accepted: ({ recipient }) => `${recipient} har godtagit intyget.`,
  rejected: ({ recipient, note }) =>
    `${recipient} har inte godtagit intyget.${note === null ? '' : ` De skriver: ”${note}”`}`,
  completionRequested: ({ recipient, note }) =>
    `${recipient} behöver fler uppgifter från vården.${note === null ? '' : ` De skriver: ”${note}”`}`,
  cancelled: ({ recipient, fetched, note }) =>
    note === 'certificate-replaced'
      ? `Intyget skickades inte till ${recipient}, för vården har ersatt det med ett nytt. Skicka det nya intyget i stället.`
      : note === 'certificate-revoked'
        ? `Intyget skickades inte till ${recipient}, för vården har makulerat det. Kontakta vården om du behöver ett nytt.`
        : fetched
          ? `Intyget skickas inte till ${recipient}. De hade redan hämtat det när det avbröts.`
          : `Intyget skickas inte till ${recipient}. De har inte fått det.`,
  parked: ({ recipient }) =>
    `Vi har försökt flera gånger men inte kunnat lämna intyget till ${recipient}. ` +
    'Du kan vänta medan vi löser det, eller ta tillbaka det och skicka på nytt.',
  revoked: ({ recipient, note }) =>
    note === 'certificate-revoked'
      ? `Vården har makulerat intyget. ${recipient} kan inte längre hämta det. Kontakta vården om du behöver ett nytt.`
      : `Intyget har dragits tillbaka. ${recipient} kan inte längre hämta det.`,
}

const english: Texts = {
  queued: ({ recipient }) => `You have sent the certificate to ${recipient}. It is on its way.`,
  delivered: ({ recipient }) =>
    `The certificate has been handed to ${recipient}. We are waiting for them to confirm that they have it.`,
  received: ({ recipient }) => `${recipient} has received the certificate.`,
  accepted: ({ recipient }) => `${recipient} has accepted the certificate.`,
  rejected: ({ recipient, note }) =>
    `${recipient} has not accepted the certificate.${note === null ? '' : ` They write: “${note}”`}`,
  completionRequested: ({ recipient, note }) =>
    `${recipient} needs more information from your caregiver.${note === null ? '' : ` They write: “${note}”`}`,
  cancelled: ({ recipient, fetched, note }) =>
    note === 'certificate-replaced'
      ? `The certificate was not sent to ${recipient}, as your caregiver has replaced it with a new one. Send the new certificate instead.`
      : note === 'certificate-revoked'
        ? `The certificate was not sent to ${recipient}, as your caregiver has revoked it. Contact your caregiver if you need a new one.`
        : fetched
          ? `The certificate is not sent to ${recipient}. They had already fetched it when it was stopped.`
          : `The certificate is not sent to ${recipient}. They have not received it.`,
  parked: ({ recipient }) =>
    `We have tried several times but could not hand the certificate to ${recipient}. ` +
    'You can wait while we solve this, or take it back and send it again.',
  revoked: ({ recipient, note }) =>
    note === 'certificate-revoked'
      ? `Your caregiver has revoked the certificate. ${recipient} can no longer fetch it. Contact your caregiver if you need a new one.`
      : `The certificate has been withdrawn. ${recipient} can no longer fetch it.`,
}

const texts: Record<Language, Texts> = { sv: swedish, en: english }

/** One sentence or two for the patient about a step of a dispatch. */
export const timelineText = (language: Language, state: DispatchState, facts: Facts): string =>
  texts[language][state](facts)

const changes: Record<Language, Record<CertificateChange, (recipient: string) => string>> = {
  sv: {
    'certificate-replaced': (recipient) =>
      `Vården har ersatt intyget med ett nytt. ${recipient} har det gamla och får veta att det är ersatt, men får inte det nya av sig själv. Skicka det nya intyget till ${recipient}.`,
    'certificate-revoked': (recipient) =>
      `Vården har makulerat intyget, så det gäller inte längre. ${recipient} hade redan fått det och får veta att det är makulerat. Kontakta vården om du behöver ett nytt, och skicka det nya till ${recipient}.`,
  },
  en: {
    'certificate-replaced': (recipient) =>
      `Your caregiver has replaced the certificate with a new one. ${recipient} has the old one and is told that it is replaced, but does not get the new one by itself. Send the new certificate to ${recipient}.`,
    'certificate-revoked': (recipient) =>
      `Your caregiver has revoked the certificate, so it no longer counts. ${recipient} had already got it and is told that it is revoked. Contact your caregiver if you need a new one, and send the new one to ${recipient}.`,
  },
}

/** What became of a certificate that has been handed over, and what to do next. */
export const changeText = (
  language: Language,
  change: CertificateChange,
  recipient: string,
): string => changes[language][change](recipient)

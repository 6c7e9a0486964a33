import type { swedishSending } from './swedish-sending.ts'

export const englishSending: typeof swedishSending = {
  sending: {
    title: (name) => `Send the certificate to ${name}?`,
    what: (type, name) => `${type} is sent to ${name}, with everything that it says.`,
    own: 'It is your own choice. You can change your mind until the recipient has the certificate, but not after that.',
    apply: 'Sending the certificate is not an application. You apply for benefit at the recipient.',
    yes: 'Yes, send the certificate',
  },
  dispatches: {
    title: 'Sent certificates',
    none: 'You have not sent any certificate.',
    noneText: 'When you send a certificate you can follow it here.',
    back: 'To sent certificates',
    pageTitle: (type, name) => `${type} to ${name}`,
    follow: 'The page updates by itself.',
    toCertificate: 'Show the certificate',
    cancel: 'Take it back',
    cancelTitle: 'Take it back?',
    cancelText: 'The certificate is then not handed to the recipient. You can send it again later.',
    cancelYes: 'Yes, take it back',
  },
  states: {
    queued: 'On its way',
    delivered: 'Handed to the recipient',
    received: 'Received',
    accepted: 'Accepted',
    rejected: 'Not accepted',
    completionRequested: 'The recipient needs more from your care provider',
    cancelled: 'Not sent',
    parked: 'Delayed',
    revoked: 'Withdrawn',
  },
  nextStep: {
    rejected:
      'Read what the recipient writes. Contact the recipient if you wonder, or your care provider if the certificate needs to change.',
    completionRequested:
      'You need not do anything now. The recipient asks your care provider, who writes a new certificate. It is shown here.',
    parked: 'We are trying again. If it is urgent you can save the certificate and hand it over.',
  },
}

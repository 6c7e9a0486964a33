import type { Language } from '@minaintyg/service'

interface Text {
  title: string
  text: string
}

const texts = {
  'apply-and-send': {
    sv: {
      title: 'Ansök och skicka intyget',
      text: 'Ansök om sjukpenning hos Försäkringskassan, och skicka intyget dit härifrån. Är du anställd gör du det först om du är sjuk längre än 14 dagar.',
    },
    en: {
      title: 'Apply, and send the certificate',
      text: 'Apply for sickness benefit (sjukpenning) at Försäkringskassan, and send the certificate there from here. If you are employed, do so only if you are ill for more than 14 days.',
    },
  },
  'see-guide': {
    sv: {
      title: 'Se vad du gör vilken dag',
      text: 'Guiden visar dag för dag vad du behöver göra när du är sjukskriven.',
    },
    en: {
      title: 'See what to do on which day',
      text: 'The guide shows what you need to do when you are on sick leave, day by day.',
    },
  },
  extend: {
    sv: {
      title: 'Om du behöver vara sjukskriven längre',
      text: 'Kontakta din mottagning innan intyget går ut. Förlängningen sköter du sedan hos Försäkringskassan.',
    },
    en: {
      title: 'If you need to be on sick leave for longer',
      text: 'Contact your care unit before the certificate runs out. The extension is then done at Försäkringskassan.',
    },
  },
  send: {
    sv: { title: 'Skicka intyget', text: 'Du kan skicka intyget härifrån till {recipient}.' },
    en: { title: 'Send the certificate', text: 'You can send it from here to {recipient}.' },
  },
  follow: {
    sv: {
      title: 'Se hur det går',
      text: 'Intyget är skickat. Under Skickat ser du om det har kommit fram.',
    },
    en: {
      title: 'See how it goes',
      text: 'The certificate has been sent. Among what you have sent you see whether it has arrived.',
    },
  },
  'sent-by-care': {
    sv: {
      title: 'Intyget är redan skickat',
      text: 'Din mottagning har skickat det. Du behöver inte skicka det själv.',
    },
    en: {
      title: 'The certificate has been sent already',
      text: 'Your care unit has sent it. You need not send it yourself.',
    },
  },
  'give-to-employer': {
    sv: {
      title: 'Lämna intyget till arbetsgivaren',
      text: 'Spara eller skriv ut det och lämna det själv, när du har varit sjuk i mer än sju dagar. Skicka det inte med e-post.',
    },
    en: {
      title: 'Give the certificate to your employer',
      text: 'Save or print it and hand it over yourself, once you have been ill for more than seven days. Do not send it by e-mail.',
    },
  },
  'give-to-employer-adapted': {
    sv: {
      title: 'Lämna intyget till arbetsgivaren',
      text: 'Spara eller skriv ut det och lämna det själv, när du har varit sjuk i mer än sju dagar. Du kan välja att inte visa diagnosen. Skicka det inte med e-post.',
    },
    en: {
      title: 'Give the certificate to your employer',
      text: 'Save or print it and hand it over yourself, once you have been ill for more than seven days. You can leave the diagnosis out. Do not send it by e-mail.',
    },
  },
  'keep-copy': {
    sv: {
      title: 'Spara eller skriv ut intyget',
      text: 'Det här intyget kan inte skickas härifrån. Lämna en kopia själv till den som ska ha det.',
    },
    en: {
      title: 'Save or print the certificate',
      text: 'This certificate cannot be sent from here. Hand a copy yourself to whoever is to have it.',
    },
  },
  'ask-for-new-version': {
    sv: {
      title: 'Be om ett nytt intyg',
      text: 'Mottagaren tar inte längre emot den här sortens intyg digitalt. Fråga din mottagning om ett nytt.',
    },
    en: {
      title: 'Ask for a new certificate',
      text: 'The recipient no longer takes certificates of this kind electronically. Ask your care unit for a new one.',
    },
  },
  'open-newer': {
    sv: {
      title: 'Öppna det nya intyget',
      text: 'Det här intyget gäller inte längre. Använd det nya i stället.',
    },
    en: {
      title: 'Open the new certificate',
      text: 'This certificate no longer counts. Use the new one instead.',
    },
  },
  'look-for-newer': {
    sv: {
      title: 'Fråga efter det nya intyget',
      text: 'Det här intyget gäller inte längre, och det nya finns inte här. Fråga din mottagning.',
    },
    en: {
      title: 'Ask for the new certificate',
      text: 'This certificate no longer counts, and the new one is not here. Ask your care unit.',
    },
  },
  'ask-care': {
    sv: {
      title: 'Fråga din mottagning',
      text: 'Intyget kom i en form som inte går att visa. Be mottagningen som skrev det om en kopia.',
    },
    en: {
      title: 'Ask your care unit',
      text: 'The certificate came in a form that cannot be shown. Ask the care unit that wrote it for a copy.',
    },
  },
} satisfies Record<string, Record<Language, Text>>
export type NextStepId = keyof typeof texts

export function nextStepText(id: NextStepId, language: Language, recipient: string): Text {
  const { title, text } = texts[id][language]
  return { title, text: text.replace('{recipient}', recipient) }
}

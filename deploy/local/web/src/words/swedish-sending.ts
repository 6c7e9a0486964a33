export const swedishSending = {
  sending: {
    title: (name: string) => `Skicka intyget till ${name}?`,
    what: (type: string, name: string) => `${type} skickas till ${name}, med allt som står i det.`,
    own: 'Det är ditt eget val. Du kan ångra dig tills mottagaren har fått intyget, men inte efter det.',
    apply: 'Att skicka intyget är inte en ansökan. Ersättning söker du hos mottagaren.',
    yes: 'Ja, skicka intyget',
  },
  dispatches: {
    title: 'Skickade intyg',
    none: 'Du har inte skickat något intyg.',
    noneText: 'När du skickar ett intyg kan du följa det här.',
    back: 'Till skickade intyg',
    pageTitle: (type: string, name: string) => `${type} till ${name}`,
    follow: 'Sidan uppdateras av sig själv.',
    toCertificate: 'Visa intyget',
    cancel: 'Ångra sändningen',
    cancelTitle: 'Ångra sändningen?',
    cancelText: 'Intyget lämnas då inte till mottagaren. Du kan skicka det på nytt senare.',
    cancelYes: 'Ja, ångra',
  },
  states: {
    queued: 'På väg',
    delivered: 'Lämnat till mottagaren',
    received: 'Mottaget',
    accepted: 'Godtaget',
    rejected: 'Inte godtaget',
    completionRequested: 'Mottagaren behöver mer från vården',
    cancelled: 'Inte skickat',
    parked: 'Försenat',
    revoked: 'Tillbakadraget',
  },
  nextStep: {
    rejected:
      'Läs vad mottagaren skriver. Kontakta mottagaren om du undrar, eller vården om intyget behöver ändras.',
    completionRequested:
      'Du behöver inte göra något nu. Mottagaren frågar vården, som skriver ett nytt intyg. Det visas här.',
    parked: 'Vi försöker igen. Är det bråttom kan du spara intyget och lämna det själv.',
  } as Record<string, string>,
}

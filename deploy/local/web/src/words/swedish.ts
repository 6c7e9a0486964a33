import { swedishHelp } from './swedish-help.ts'
import { swedishSending } from './swedish-sending.ts'

export const swedish = {
  brand: 'Mina intyg',
  skip: 'Hoppa till innehållet',
  menu: 'Meny',
  mainMenu: 'Huvudmeny',
  otherLanguage: 'In English',
  loading: 'Hämtar …',
  tryAgain: 'Försök igen',
  logIn: 'Logga in',
  logOut: 'Logga ut',
  cancel: 'Avbryt',
  more: 'Visa fler',
  traceId: (id: string) => `Felnummer: ${id}`,
  unknownDate: 'Okänt datum',
  footer: {
    title: 'Bra att veta',
    responsibility:
      'Du ansvarar själv för vem du ger ett intyg till. E‑post är inte ett säkert sätt att skicka intyg.',
    sandbox: 'Det här är en testmiljö. Alla personer och intyg är påhittade.',
    testPersons: 'Testpersoner',
  },
  nav: {
    certificates: 'Intyg',
    dispatches: 'Skickat',
    accessLog: 'Åtkomstlogg',
    consent: 'Samtycke',
    sessions: 'Inloggningar',
    help: 'Hjälp',
  },
  start: {
    title: 'Dina läkarintyg på ett ställe',
    lead: 'Läs dina intyg från vården, spara eller skriv ut dem, och skicka dem säkert till den myndighet som behöver dem.',
    logIn: 'Logga in med e-legitimation',
    age: 'Du behöver ha fyllt 16 år.',
    points: [
      [
        'Du bestämmer',
        'Inget visas förrän du har sagt ja, och inget skickas utan att du själv gör det.',
      ],
      ['Du ser vad som händer', 'Följ ett intyg hela vägen, och se vem som har öppnat det.'],
      ['Du kan ångra dig', 'Ta tillbaka ditt samtycke när du vill. Då raderas dina kopior.'],
    ],
    helpTitle: 'Läs mer innan du loggar in',
  },
  logInFirst: {
    title: 'Logga in för att fortsätta',
    text: 'Sidan visar uppgifter om dig. När du har loggat in kommer du direkt dit.',
  },
  signedOut: {
    title: 'Du har loggats ut',
    text: 'Det gick en stund utan att du gjorde något, eller så avslutades inloggningen på ett annat ställe. Inget har försvunnit. Logga in igen så kommer du tillbaka hit.',
    again: 'Logga in igen',
  },
  logInError: { title: 'Du är inte inloggad', start: 'Till startsidan' },
  session: {
    title: 'Du loggas snart ut',
    text: (minutes: number) =>
      minutes <= 1
        ? 'Om mindre än en minut loggas du ut, för att ingen annan ska se dina uppgifter.'
        : `Om ${minutes} minuter loggas du ut, för att ingen annan ska se dina uppgifter.`,
    last: 'Du har varit inloggad så länge som går. Logga in igen för att fortsätta.',
    stay: 'Fortsätt vara inloggad',
  },
  notFound: {
    title: 'Sidan finns inte',
    text: 'Adressen kan vara felskriven, eller så har sidan flyttat.',
    link: 'Till startsidan',
  },
  list: {
    title: 'Dina intyg',
    count: (n: number) => (n === 1 ? '1 intyg' : `${n} intyg`),
    none: 'Du har inga intyg här ännu',
    noneText:
      'När en läkare skriver ett intyg åt dig visas det här. Det kan ta en stund. Saknar du ett intyg, fråga den vårdgivare som skrev det.',
    noMatch: 'Inget intyg passar dina val.',
    filter: 'Filtrera och sortera',
    show: 'Visa intyg',
    clear: 'Ta bort alla val',
    remove: (name: string) => `Ta bort valet ${name}`,
    types: 'Typ av intyg',
    units: 'Vårdenhet',
    years: 'År',
    statuses: 'Status',
    archive: 'Arkiv',
    archived: 'Visa bara arkiverade',
    sort: 'Sortera',
    newest: 'Nyast först',
    oldest: 'Äldst först',
    unavailable: (name: string) =>
      `${name} svarar inte just nu. Listan kan sakna intyg därifrån. Försök igen om en stund.`,
    stale: (name: string) => `Vi hämtar nya uppgifter från ${name} …`,
    sendingUnknown:
      'Vi kan inte se just nu vilka intyg som inte är skickade. Du kan läsa dem ändå.',
    refresh: 'Uppdatera listan',
    unreadable: 'Intyget går inte att visa här. Vänd dig till vården.',
    archivedTag: 'Arkiverat',
  },
  statuses: {
    new: 'Nytt',
    sent: 'Skickat',
    notSent: 'Inte skickat',
    replaced: 'Ersatt',
    revoked: 'Makulerat',
  } as Record<string, string>,
  certificate: {
    back: 'Till dina intyg',
    issued: 'Utfärdat',
    by: 'Av',
    unit: 'Vårdenhet',
    period: 'Gäller',
    periodOf: (from: string | null, to: string | null) =>
      `${from ?? 'öppet datum'} till ${to ?? 'tills vidare'}`,
    whatToDo: 'Vad vill du göra?',
    send: (name: string) => `Skicka till ${name}`,
    sentBefore: (name: string, at: string) => `Du skickade intyget till ${name} ${at}.`,
    followSent: 'Se hur det går',
    save: 'Spara som PDF',
    print: 'Skriv ut',
    saved: 'Intyget är sparat. Det ligger bland dina hämtade filer.',
    printed: 'Intyget öppnas i en ny flik. Skriv ut det därifrån.',
    hide: 'Utelämna diagnosen i kopian',
    hideText: 'För en kopia till arbetsgivaren. Den som får kopian ser att något är utelämnat.',
    cannotSend: 'Kan inte skickas',
    cannotSave: 'Kan inte sparas eller skrivas ut',
    dispatchesUnknown:
      'Vi kan inte se just nu om intyget redan är skickat. Inget har försvunnit, och du kan läsa och spara intyget ändå. Titta här igen om en stund.',
    care: 'Du bestämmer själv vem som får se din kopia. Skicka den inte med e-post.',
    newer: 'Det finns ett nyare intyg.',
    relations: {
      replacedBy: 'Läkaren har ersatt det här intyget. Använd det nya.',
      complementedBy: 'Läkaren har kompletterat det här i ett nyare intyg. Använd det.',
      replaces: 'Det här intyget ersätter ett tidigare.',
      complements: 'Det här intyget kompletterar ett tidigare.',
      extends: 'Det här intyget förlänger ett tidigare.',
      extendedBy: 'Det finns ett intyg som förlänger det här.',
      copyOf: 'Det här intyget bygger på ett tidigare.',
    } as Record<string, string>,
    showOther: 'Visa det intyget',
    nextSteps: 'Det här kan du göra nu',
    stepLinks: {
      follow: 'Se hur det går',
      guide: 'När du blir sjukskriven',
      open: 'Visa det intyget',
    } as Record<string, string>,
    content: 'Det här står i intyget',
    events: 'Vad som har hänt',
    archive: 'Flytta till arkivet',
    restore: 'Flytta tillbaka från arkivet',
    archiveText: 'Arkiverade intyg finns kvar men syns inte i listan.',
  },
  values: { yes: 'Ja', no: 'Nej', notStated: 'Ej angivet', open: 'tills vidare' },
  ...swedishSending,
  accessLog: {
    title: 'Vem har öppnat dina intyg?',
    lead: 'Allt som görs med dina intyg antecknas här, också det du gör själv.',
    none: 'Ingen har öppnat något intyg ännu.',
    refused: 'Nekades',
    showCertificate: 'Visa intyget',
  },
  sessions: {
    title: 'Dina inloggningar',
    lead: 'Här är du inloggad just nu. Ser du något som du inte känner igen, avsluta det.',
    current: 'Den här inloggningen',
    other: 'Annan inloggning',
    began: 'Började',
    lastSeen: 'Senast använd',
    end: 'Avsluta inloggningen',
    endAll: 'Avsluta alla andra',
    ended: 'Inloggningen är avslutad.',
    onlyThis: 'Du är inte inloggad någon annanstans.',
  },
  consent: {
    given: (at: string) => `Du sa ja ${at}.`,
    withdrawn: (at: string) => `Du tog tillbaka ditt samtycke ${at}.`,
    yes: 'Ja, jag samtycker',
    no: 'Nej, logga ut',
    voluntary: 'Det är frivilligt. Din vård påverkas inte av vad du svarar.',
    newText: 'Texten har ändrats sedan du sa ja. Läs den nya texten och välj igen.',
    history: 'Vad du har sagt',
    historyGiven: 'Du sa ja',
    historyWithdrawn: 'Du tog tillbaka',
    version: (version: string) => `version ${version}`,
    proof: 'Spara ett bevis som PDF',
    withdraw: 'Ta tillbaka samtycket',
    withdrawTitle: 'Vill du ta tillbaka ditt samtycke?',
    withdrawMeans: 'Det här händer då:',
    withdrawPoints: [
      'Vi slutar genast att hämta och visa dina intyg.',
      'Dina kopior här raderas. Intygen finns kvar i din journal hos vården.',
      'Intyg som är på väg till en mottagare stoppas, om mottagaren inte redan har hämtat dem.',
      'Det som en mottagare redan har fått kan vi inte ta tillbaka.',
    ],
    withdrawYes: 'Ja, ta tillbaka',
    withdrawnTitle: 'Ditt samtycke är tillbakataget',
    erased: (n: number | null) =>
      n === null
        ? 'Dina kopior raderas nu.'
        : n === 1
          ? '1 intyg raderades här.'
          : `${n} intyg raderades här.`,
    cancelled: (n: number | null) =>
      n === null
        ? 'Sändningar som är på väg stoppas nu.'
        : n === 1
          ? '1 sändning stoppades.'
          : `${n} sändningar stoppades.`,
    giveAgain: 'Du kan säga ja igen när du vill.',
  },
  testPersons: {
    title: 'Testpersoner',
    lead: 'Välj någon av dem på e-legitimationens sida när du loggar in. Alla är påhittade.',
    name: 'Namn',
    number: 'Nummer',
    shows: 'Visar',
    noName: 'Namn saknas',
  },
  helpPages: swedishHelp,
}

export type Words = typeof swedish

import type { Language } from '@minaintyg/service'

type Standing = 'valid' | 'replaced' | 'revoked'

export interface Words {
  title: string
  standing: Record<Standing, { heading: string; text: string }>
  facts: { type: string; issued: string; unit: string; copy: string }
  whole: string
  adapted: string
  notSaid: string
  compare: { heading: string; text: string }
  limits: string
  unknown: { heading: string; text: string; advice: string }
  failed: Record<'off' | 'tooMany' | 'later', { heading: string; text: string }>
}

const sv: Words = {
  title: 'Kontrollera en utskrift',
  standing: {
    valid: {
      heading: 'Koden är äkta och intyget gäller',
      text: 'Så vitt vi vet har vården varken ersatt eller makulerat intyget. Vilken tid det handlar om står på papperet.',
    },
    replaced: {
      heading: 'Koden är äkta, men intyget är ersatt',
      text: 'Vården har utfärdat ett nyare intyg som ersätter eller kompletterar det här. Fråga efter det nya.',
    },
    revoked: {
      heading: 'Koden är äkta, men intyget är makulerat',
      text: 'Vården har tagit tillbaka intyget. Det gäller inte längre.',
    },
  },
  facts: { type: 'Typ av intyg', issued: 'Utfärdat', unit: 'Vårdenhet', copy: 'Den här kopian' },
  whole: 'Hela intyget. Patienten har inte utelämnat något.',
  adapted:
    'Anpassad: diagnosen är utelämnad, eftersom patienten har valt det. Allt annat är som i intyget.',
  notSaid: 'Inte angivet',
  compare: {
    heading: 'Jämför med papperet',
    text: 'Typ, datum och vårdenhet ska vara desamma på papperet. Om något skiljer sig åt är papperet inte det som koden hör till.',
  },
  limits:
    'Här visas aldrig vem intyget gäller eller vad som står i det. Därför syns det inte här om något annat på papperet har ändrats. Är du osäker, fråga den som gav dig papperet. Patienten kan se att intyget har kontrollerats, men inte av vem.',
  unknown: {
    heading: 'Utskriften kan inte kontrolleras',
    text: 'Vi kan inte säga något om den här koden. Adressen kan vara fel avskriven, utskriften kan komma från något annat ställe, eller så går den inte längre att kontrollera. Det betyder inte att papperet är falskt, och inte heller att det är äkta.',
    advice: 'Läs av koden en gång till, eller be den som gav dig papperet om en ny utskrift.',
  },
  failed: {
    off: {
      heading: 'Här kontrolleras inga utskrifter',
      text: 'Fråga den som gav dig papperet om du är osäker på det.',
    },
    tooMany: {
      heading: 'För många kontroller på kort tid',
      text: 'Vänta en minut och försök igen.',
    },
    later: {
      heading: 'Det går inte att kontrollera just nu',
      text: 'Det säger ingenting om papperet. Försök igen om en stund.',
    },
  },
}

const en: Words = {
  title: 'Check a print',
  standing: {
    valid: {
      heading: 'The code is genuine and the certificate stands',
      text: 'As far as we know, the care unit has neither replaced nor revoked the certificate. The dates that it covers are on the paper.',
    },
    replaced: {
      heading: 'The code is genuine, but the certificate is replaced',
      text: 'The care unit has issued a newer certificate that replaces or complements this one. Ask for the new one.',
    },
    revoked: {
      heading: 'The code is genuine, but the certificate is revoked',
      text: 'The care unit has taken the certificate back. It no longer holds.',
    },
  },
  facts: { type: 'Type of certificate', issued: 'Issued', unit: 'Care unit', copy: 'This copy' },
  whole: 'The whole certificate. The patient has left nothing out.',
  adapted:
    'Adapted: the diagnosis is left out, because the patient chose so. All else is as in the certificate.',
  notSaid: 'Not stated',
  compare: {
    heading: 'Compare it with the paper',
    text: 'Type, date and care unit must be the same on the paper. If anything differs, it is not the paper that the code belongs to.',
  },
  limits:
    'This page never shows whom the certificate is about or what it says. So it cannot show whether anything else on the paper was changed. If you are not sure, ask the one who gave you the paper. The patient can see that the certificate was checked, but not by whom.',
  unknown: {
    heading: 'This print cannot be checked',
    text: 'We cannot say anything about this code. The address may have been copied wrongly, the print may come from somewhere else, or it can no longer be checked. That does not mean that the paper is false, nor that it is genuine.',
    advice: 'Scan the code again, or ask the one who gave you the paper for a new print.',
  },
  failed: {
    off: {
      heading: 'No prints are checked here',
      text: 'Ask the one who gave you the paper if you are not sure of it.',
    },
    tooMany: {
      heading: 'Too many checks in a short time',
      text: 'Wait a minute and try again.',
    },
    later: {
      heading: 'It cannot be checked just now',
      text: 'That says nothing about the paper. Try again in a while.',
    },
  },
}

export const verificationWords: Record<Language, Words> = { sv, en }

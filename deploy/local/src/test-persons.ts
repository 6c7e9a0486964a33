/** Levels of assurance that a test person's e-legitimation can have. */
export const loa = {
  loa2: 'http://id.elegnamnden.se/loa/1.0/loa2',
  loa3: 'http://id.elegnamnden.se/loa/1.0/loa3',
  loa4: 'http://id.elegnamnden.se/loa/1.0/loa4',
  uncertifiedLoa3: 'http://id.swedenconnect.se/loa/1.0/uncertified-loa3',
} as const

/** How one journal answers whoever asks about this person. */
export interface JournalTrouble {
  readonly source: 'region-norr' | 'intygstjansten'
  readonly mode: 'slow' | 'error-result'
}

/** A made-up person. Both the e-legitimation and the journals know these. */
export interface TestPerson {
  /** 12 digits that hold. Birth numbers 980–999 are kept free for tests by Skatteverket. */
  readonly number: string
  readonly kind: 'personalIdentityNumber' | 'coordinationNumber'
  /** A coordination number from before, under which journals have certificates too. */
  readonly previousNumber?: string
  /** null: the e-legitimation gives no name claim. */
  readonly name: { readonly given: string; readonly family: string } | null
  readonly protectedIdentity: boolean
  readonly loa: string
  readonly ageCase: 'adult' | 'under16'
  /** How many certificates the journals should hold. */
  readonly certificates: 'many' | 'some' | 'none'
  readonly trouble?: JournalTrouble
  /** What the demo does in this person's name, as nothing but the patient can bring it about. */
  readonly prepared?: 'everything-sent' | 'consent-withdrawn'
  /** What one sees as this person, for the log-in page. */
  readonly shows: { readonly sv: string; readonly en: string }
}

const ordinary = {
  kind: 'personalIdentityNumber',
  protectedIdentity: false,
  loa: loa.loa3,
  ageCase: 'adult',
  certificates: 'some',
} as const
const person = (
  number: string,
  name: `${string} ${string}` | null,
  shows: TestPerson['shows'],
  differs: Partial<TestPerson> = {},
): TestPerson => {
  const [given = '', family = ''] = name?.split(' ') ?? []
  return { ...ordinary, number, name: name === null ? null : { given, family }, shows, ...differs }
}

/** The first is the one that demonstrations use. */
export const testPersons: readonly TestPerson[] = [
  person(
    '191212121212',
    'Tolvan Tolvansson',
    {
      sv: 'Många intyg av alla slag, från två journaler',
      en: 'Many certificates of every kind, from two journals',
    },
    { certificates: 'many' },
  ),
  person('198503179809', 'Maja Lindqvist', {
    sv: 'Anställd, med intyg till arbetsgivaren och till Arbetsförmedlingen',
    en: 'Employed, with certificates for the employer and for Arbetsförmedlingen',
  }),
  person('197908239820', 'Amir Haddad', {
    sv: 'Egenföretagare, med ett intyg som har ersatts',
    en: 'Self-employed, with a certificate that has been replaced',
  }),
  person(
    '196201059810',
    'Gun-Britt Åkerström',
    {
      sv: 'E-legitimation på tillitsnivå 4, intyg för Transportstyrelsen',
      en: 'E-identification of level 4, certificates for Transportstyrelsen',
    },
    { loa: loa.loa4 },
  ),
  person(
    '200311019889',
    'Elsa Öberg',
    { sv: 'Inga intyg alls', en: 'No certificates at all' },
    { certificates: 'none' },
  ),
  person(
    '197402199868',
    'Sara Nyström',
    { sv: 'Skyddade personuppgifter', en: 'Protected identity' },
    { protectedIdentity: true },
  ),
  person(
    '198809759874',
    'Mateusz Kowalski',
    { sv: 'Samordningsnummer', en: 'A coordination number' },
    { kind: 'coordinationNumber' },
  ),
  person('199106309835', null, {
    sv: '150 intyg, och e-legitimationen lämnar inget namn',
    en: '150 certificates, and an e-identification that gives no name',
  }),
  person(
    '201504129840',
    'Nova Bergman',
    { sv: 'Under 16 år: får inte logga in', en: 'Under 16: may not log in' },
    { ageCase: 'under16', certificates: 'none' },
  ),
  person(
    '199902289892',
    'Liam Sandberg',
    {
      sv: 'E-legitimation på tillitsnivå 2: räcker inte',
      en: 'E-identification of level 2: is not enough',
    },
    { loa: loa.loa2, certificates: 'none' },
  ),
  person(
    '195307149855',
    'Kerstin Hallgren',
    {
      sv: 'E-legitimation på en nivå som bara liknar 3: räcker inte',
      en: 'E-identification of a level that only looks like 3: is not enough',
    },
    { loa: loa.uncertifiedLoa3, certificates: 'none' },
  ),
  person(
    '199011239887',
    'Viktor Tallroth',
    {
      sv: 'En journal svarar inte: listan är ofullständig och säger det',
      en: 'One journal does not answer: the list is incomplete, and says so',
    },
    { trouble: { source: 'region-norr', mode: 'error-result' } },
  ),
  person(
    '197703309919',
    'Leila Solhjelm',
    {
      sv: 'En journal är långsam: listan dröjer ett par sekunder första gången',
      en: 'One journal is slow: the list takes a few seconds the first time',
    },
    { trouble: { source: 'region-norr', mode: 'slow' } },
  ),
  person(
    '198308129850',
    'Johan Hedenskog',
    { sv: 'Allt som kan skickas är skickat', en: 'Everything that can be sent has been sent' },
    { prepared: 'everything-sent' },
  ),
  person('199501279823', 'Ida Fjällgren', {
    sv: 'Ett intyg som vården har makulerat, och ett som gäller',
    en: 'One certificate that care has revoked, and one that stands',
  }),
  person('197112049908', 'Bo Ekestubbe', {
    sv: 'Smittskydd: diagnosen kan inte döljas för arbetsgivaren',
    en: 'Infection control: the diagnosis cannot be hidden from the employer',
  }),
  person(
    '196407189874',
    'Anna-Lisa Granlycke',
    {
      sv: 'Samtycket är återkallat: inga intyg visas förrän det ges igen',
      en: 'Consent is withdrawn: no certificates are shown until it is given anew',
    },
    { prepared: 'consent-withdrawn' },
  ),
  person('200102119831', 'Omar Sjöhammar', {
    sv: 'Ett intyg som inte går att visa, och ett som gör det',
    en: 'One certificate that cannot be shown, and one that can',
  }),
  person(
    '198606219866',
    'Elif Rönnberger',
    {
      sv: 'Har bytt från samordningsnummer till personnummer, med intyg under båda',
      en: 'Has changed from a coordination number to a personal identity number, with certificates under both',
    },
    { previousNumber: '198606819889' },
  ),
]

/** Levels of assurance that a test person's e-legitimation can have. */
export const loa = {
  loa2: 'http://id.elegnamnden.se/loa/1.0/loa2',
  loa3: 'http://id.elegnamnden.se/loa/1.0/loa3',
  loa4: 'http://id.elegnamnden.se/loa/1.0/loa4',
  uncertifiedLoa3: 'http://id.swedenconnect.se/loa/1.0/uncertified-loa3',
} as const

/** A made-up person. Both the e-legitimation and the journals know these. */
export interface TestPerson {
  /** 12 digits that hold. Birth numbers 980–999 are kept free for tests by Skatteverket. */
  readonly number: string
  readonly kind: 'personalIdentityNumber' | 'coordinationNumber'
  /** null: the e-legitimation gives no name claim. */
  readonly name: { readonly given: string; readonly family: string } | null
  readonly protectedIdentity: boolean
  readonly loa: string
  readonly ageCase: 'adult' | 'under16'
  /** How many certificates the journals should hold. */
  readonly certificates: 'many' | 'some' | 'none'
  /** What one sees as this person, for the log-in page. */
  readonly shows: string
}

const ordinary = {
  kind: 'personalIdentityNumber',
  protectedIdentity: false,
  loa: loa.loa3,
  ageCase: 'adult',
  certificates: 'some',
} as const

/** The first is the one that demonstrations use. */
export const testPersons: readonly TestPerson[] = [
  {
    ...ordinary,
    number: '191212121212',
    name: { given: 'Tolvan', family: 'Tolvansson' },
    certificates: 'many',
    shows: 'Många intyg av alla slag, från två journaler',
  },
  {
    ...ordinary,
    number: '198503179809',
    name: { given: 'Maja', family: 'Lindqvist' },
    shows: 'Anställd, med intyg till arbetsgivaren och till Arbetsförmedlingen',
  },
  {
    ...ordinary,
    number: '197908239820',
    name: { given: 'Amir', family: 'Haddad' },
    shows: 'Egenföretagare, med ett intyg som har ersatts',
  },
  {
    ...ordinary,
    number: '196201059810',
    name: { given: 'Gun-Britt', family: 'Åkerström' },
    loa: loa.loa4,
    shows: 'E-legitimation på tillitsnivå 4, intyg för Transportstyrelsen',
  },
  {
    ...ordinary,
    number: '200311019889',
    name: { given: 'Elsa', family: 'Öberg' },
    certificates: 'none',
    shows: 'Inga intyg alls',
  },
  {
    ...ordinary,
    number: '197402199868',
    name: { given: 'Sara', family: 'Nyström' },
    protectedIdentity: true,
    shows: 'Skyddade personuppgifter',
  },
  {
    ...ordinary,
    number: '198809759874',
    kind: 'coordinationNumber',
    name: { given: 'Mateusz', family: 'Kowalski' },
    shows: 'Samordningsnummer',
  },
  {
    ...ordinary,
    number: '199106309835',
    name: null,
    shows: 'E-legitimationen lämnar inget namn',
  },
  {
    ...ordinary,
    number: '201504129840',
    name: { given: 'Nova', family: 'Bergman' },
    ageCase: 'under16',
    certificates: 'none',
    shows: 'Under 16 år: får inte logga in',
  },
  {
    ...ordinary,
    number: '199902289892',
    name: { given: 'Liam', family: 'Sandberg' },
    loa: loa.loa2,
    certificates: 'none',
    shows: 'E-legitimation på tillitsnivå 2: räcker inte',
  },
  {
    ...ordinary,
    number: '195307149855',
    name: { given: 'Kerstin', family: 'Hallgren' },
    loa: loa.uncertifiedLoa3,
    certificates: 'none',
    shows: 'E-legitimation på en nivå som bara liknar 3: räcker inte',
  },
]

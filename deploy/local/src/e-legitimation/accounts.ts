import { createHmac, randomBytes } from 'node:crypto'
import { parsePersonalNumber } from '@minaintyg/personal-number'
import { loa, testPersons } from '../test-persons.ts'
import type { TestPerson } from '../test-persons.ts'

/** Claims and scopes of the Swedish OpenID Connect profile, and one that is agreed for protected identity. */
export const swedish = {
  scopes: {
    number: 'https://id.oidc.se/scope/naturalPersonNumber',
    info: 'https://id.oidc.se/scope/naturalPersonInfo',
  },
  claims: {
    personalIdentityNumber: 'https://id.oidc.se/claim/personalIdentityNumber',
    coordinationNumber: 'https://id.oidc.se/claim/coordinationNumber',
    /** In no scope: given to those who ask for it by name. */
    previousCoordinationNumber: 'https://id.oidc.se/claim/previousCoordinationNumber',
    protectedIdentity: 'https://minaintyg.se/claim/protectedIdentity',
  },
} as const

export interface Account {
  /** Opaque: `sub`. */
  readonly id: string
  readonly person: TestPerson
}

export interface Accounts {
  /** A test person, or anyone with a number that holds; undefined for what is no number. */
  choose(number: string): Account | undefined
  find(id: string): Account | undefined
}

function anyone(number: string): TestPerson | undefined {
  const parsed = parsePersonalNumber(number)
  if (parsed === undefined) return undefined
  return {
    number,
    kind: parsed.kind,
    name: { given: 'Test', family: 'Testsson' },
    protectedIdentity: false,
    loa: loa.loa3,
    ageCase: 'adult',
    certificates: 'none',
    shows: { sv: '', en: '' },
  }
}

/** Remembers who has logged in, so that `sub` needs not hold the number. */
export function createAccounts(): Accounts {
  const key = randomBytes(32)
  const byId = new Map<string, Account>()
  return {
    choose(number) {
      const person = testPersons.find((each) => each.number === number) ?? anyone(number)
      if (person === undefined) return undefined
      const id = createHmac('sha256', key).update(number).digest('base64url')
      const account = { id, person }
      byId.set(id, account)
      return account
    },
    find: (id) => byId.get(id),
  }
}

export function toClaims({ id, person }: Account): { sub: string; [claim: string]: unknown } {
  const { name, number, kind, previousNumber, protectedIdentity } = person
  const birthdate = parsePersonalNumber(number)?.birthDate
  return {
    sub: id,
    [swedish.claims[kind]]: number,
    ...(previousNumber === undefined
      ? {}
      : { [swedish.claims.previousCoordinationNumber]: previousNumber }),
    ...(birthdate === undefined ? {} : { birthdate }),
    ...(name === null
      ? {}
      : { name: `${name.given} ${name.family}`, given_name: name.given, family_name: name.family }),
    ...(protectedIdentity ? { [swedish.claims.protectedIdentity]: true } : {}),
  }
}

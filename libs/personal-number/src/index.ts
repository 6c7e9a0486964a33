/** A Swedish personal identity number or coordination number of 12 digits, checked. */
export interface PersonalNumber {
  /** 12 digits, YYYYMMDDNNNC. */
  readonly number: string
  readonly kind: 'personalIdentityNumber' | 'coordinationNumber'
  /** YYYY-MM-DD; for a coordination number the day with 60 taken off. */
  readonly birthDate: string
}

// SKV 704: the day of a coordination number is the day of birth plus 60.
const coordinationDayOffset = 60

function luhnHolds(tenDigits: string): boolean {
  const sum = Array.from(tenDigits).reduce((total, digit, index) => {
    const product = Number(digit) * (index % 2 === 0 ? 2 : 1)
    return total + (product > 9 ? product - 9 : product)
  }, 0)
  return sum % 10 === 0
}

function isCalendarDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && day > 0
}

/**
 * Parses 12 digits (SKV 704 personnummer, SKV 707 samordningsnummer): Luhn check digit and a date that exists.
 * @returns undefined for anything else, ten digits and dashes too
 */
export function parsePersonalNumber(value: string): PersonalNumber | undefined {
  if (!/^\d{12}$/.test(value) || !luhnHolds(value.slice(2))) return undefined
  const year = Number(value.slice(0, 4))
  const month = Number(value.slice(4, 6))
  const dayDigits = Number(value.slice(6, 8))
  const isCoordination = dayDigits > coordinationDayOffset
  const day = isCoordination ? dayDigits - coordinationDayOffset : dayDigits
  if (year < 1850 || !isCalendarDate(year, month, day)) return undefined
  return {
    number: value,
    kind: isCoordination ? 'coordinationNumber' : 'personalIdentityNumber',
    birthDate: `${value.slice(0, 6).replace(/(\d{4})(\d{2})/, '$1-$2')}-${String(day).padStart(2, '0')}`,
  }
}

/** Full years on a day, both YYYY-MM-DD. */
export function ageOn(birthDate: string, today: string): number {
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4))
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years
}

/** For people to recognise their own number by: `19121212-••••`. */
export function maskPersonalNumber(number: string): string {
  return `${number.slice(0, 8)}-••••`
}

// With or without century and sign; bounded by non-digits so that longer numbers are left alone.
const inText =
  /(?<![\d])(?:(?:18|19|20)\d{2}|\d{2})(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]|6[1-9]|[78]\d|9[01])(?:(?<=\d{8})[-+]?|[-+])\d{4}(?!\d)/g

/** Blots out whatever looks like a personal number in a text, as a last line of defence for logs. */
export function redactPersonalNumbers(text: string): string {
  return text.replace(inText, '[personnummer]')
}

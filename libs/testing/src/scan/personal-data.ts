import { parsePersonalNumber } from '@minaintyg/personal-number'

/** Something that tells who someone is, where it must not stand; never told whole. */
export interface PersonalData {
  kind: 'number' | 'name'
  /** What stands around it, with every digit and the name made unreadable. */
  around: string
}

const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi
/** Cheap, and passes by nearly every text. */
const maybe = /\d{6}[-+]?\d{4}/
/** Not within hexadecimal digits, decimals or longer numbers. */
const twelve = /(?<![0-9a-fA-F]|\d\.)(?:18|19|20)\d{6}[-+]?\d{4}(?![0-9a-fA-F]|\.\d)/g
const ten = /(?<![0-9A-Za-z]|\d\.)\d{6}[-+]?\d{4}(?![0-9A-Za-z]|\.\d)/g

/** Ten digits between 2020 and 2036 in seconds since 1970 are taken for a time: nobody of those years of birth logs in. */
const isTime = (digits: string) => Number(digits) >= 1.58e9 && Number(digits) < 2.1e9

function isPersonalNumber(found: string): boolean {
  const digits = found.replace(/[-+]/, '')
  if (digits.length === 12) return parsePersonalNumber(digits) !== undefined
  if (found.length === 10 && isTime(digits)) return false
  return ['19', '20'].some((century) => parsePersonalNumber(century + digits) !== undefined)
}

function decoded(text: string): string {
  if (!text.includes('%')) return text
  return text.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}

const beside = 60
function mask(text: string, at: number, length: number): string {
  const before = text.slice(Math.max(0, at - beside), at)
  const after = text.slice(at + length, at + length + beside)
  return `${before}${'•'.repeat(length)}${after}`.replaceAll(/\d/g, '•')
}

/** Finds personal identity numbers (12 and 10 digits, with a sign or without, of a date and check digit that hold) and names. */
export function createPersonalDataFinder(names: readonly string[] = []) {
  const escaped = names.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const anyName =
    names.length === 0
      ? undefined
      : new RegExp(`(?<!\\p{L})(?:${escaped.join('|')})(?!\\p{L})`, 'u')

  return (given: string): PersonalData | undefined => {
    const name = anyName?.exec(given)
    if (name) return { kind: 'name', around: mask(given, name.index, name[0].length) }
    const plain = decoded(given)
    if (!maybe.test(plain)) return undefined
    const text = plain.replaceAll(uuids, '')
    for (const pattern of [twelve, ten]) {
      for (const { 0: found, index } of text.matchAll(pattern)) {
        if (isPersonalNumber(found))
          return { kind: 'number', around: mask(text, index, found.length) }
      }
    }
    return undefined
  }
}
export type PersonalDataFinder = ReturnType<typeof createPersonalDataFinder>

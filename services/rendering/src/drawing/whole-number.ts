import { parsePersonalNumber } from '@minaintyg/personal-number'

const digits = /(?<!\d)\d{12}(?!\d)/g

/**
 * The patient's whole number, for paper that must say who is meant. It is taken from the original document where
 * just one number in it fits the mask; undefined where none does, or more than one.
 */
export function wholeNumber(original: Uint8Array, masked: string | null): string | undefined {
  const born = /^\d{8}/.exec(masked ?? '')?.[0]
  if (born === undefined) return undefined
  const numbers = new Set(
    Buffer.from(original.buffer, original.byteOffset, original.byteLength)
      .toString('latin1')
      .match(digits)
      ?.filter((number) => number.startsWith(born) && parsePersonalNumber(number) !== undefined),
  )
  const [number, ...others] = numbers
  if (number === undefined || others.length > 0) return undefined
  return `${number.slice(0, 8)}-${number.slice(8)}`
}

/** Crockford's base32: no letter is taken for a digit, for those who type what stands on paper. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** 128 bits of a code as they stand on paper: 26 signs. */
export function toVerificationId(code: Buffer): string {
  let bits = BigInt(`0x${code.subarray(0, 16).toString('hex')}`)
  let id = ''
  for (let sign = 0; sign < 26; sign += 1) {
    id = alphabet.charAt(Number(bits & 31n)) + id
    bits >>= 5n
  }
  return id
}

/** As it was given out, however it was typed; undefined for what cannot be one. */
export function readVerificationId(typed: string): string | undefined {
  const id = typed.toLowerCase().replaceAll('o', '0').replaceAll(/[il]/g, '1').replaceAll('-', '')
  return /^[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(id) ? id : undefined
}

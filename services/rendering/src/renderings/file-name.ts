/** Letters that have no base letter to fall back on. */
const ascii: Record<string, string> = { æ: 'ae', ø: 'o', đ: 'd', ł: 'l', ß: 'ss' }

const tidy = (text: string) =>
  text
    .replace(/[^\p{L}\p{N} ._-]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 80)

const encodeExtended = (text: string) =>
  encodeURIComponent(text).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )

export interface NamedDocument {
  /** The first that holds anything a file can be named is taken. */
  names: readonly string[]
  issuedAt: string | null
}

/** Of a safe name for every client, and the real one for those that know RFC 6266. No one's data is in it. */
export function contentDisposition(
  disposition: 'inline' | 'attachment',
  { names, issuedAt }: NamedDocument,
): string {
  const words = names.map(tidy).find((each) => each !== '') ?? 'intyg'
  const date = tidy((issuedAt ?? '').slice(0, 10))
  const name = `${words}${date === '' ? '' : ` ${date}`}.pdf`
  const safe = name
    .replace(/[æøđłß]/gi, (letter) => ascii[letter.toLowerCase()] ?? '')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/-{2,}/g, '-')
    .toLowerCase()
  return `${disposition}; filename="${safe}"; filename*=UTF-8''${encodeExtended(name)}`
}

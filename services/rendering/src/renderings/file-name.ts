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

/** Of a safe name for every client, and the real one for those that know RFC 6266. No one's data is in it. */
export function contentDisposition(
  disposition: 'inline' | 'attachment',
  certificate: { type: { name: string; code: string }; issuedAt: string | null },
): string {
  const date = certificate.issuedAt === null ? '' : ` ${certificate.issuedAt.slice(0, 10)}`
  const name = `${tidy(certificate.type.name) || tidy(certificate.type.code) || 'intyg'}${tidy(date) === '' ? '' : ` ${tidy(date)}`}.pdf`
  const safe = name
    .replace(/[æøđłß]/gi, (letter) => ascii[letter.toLowerCase()] ?? '')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/-{2,}/g, '-')
    .toLowerCase()
  return `${disposition}; filename="${safe}"; filename*=UTF-8''${encodeExtended(name)}`
}

/** Languages that patients are spoken to in. */
export type Language = 'sv' | 'en'

function weightOf(part: string): { language: string; weight: number } {
  const [range = '', ...parameters] = part.trim().toLowerCase().split(';')
  const q = parameters.map((each) => /^\s*q=([\d.]+)\s*$/.exec(each)?.[1]).find(Boolean)
  const weight = q === undefined ? 1 : Number(q)
  return { language: range.trim().split('-')[0] ?? '', weight: Number.isNaN(weight) ? 0 : weight }
}

/** The better of Swedish and English for an `Accept-Language` header; Swedish where it does not say. */
export function preferredLanguage(header: string | undefined): Language {
  const wanted = (header ?? '').slice(0, 500).split(',').map(weightOf)
  const weight = (language: Language) =>
    Math.max(0, ...wanted.filter((each) => each.language === language).map((each) => each.weight))
  return weight('en') > weight('sv') ? 'en' : 'sv'
}

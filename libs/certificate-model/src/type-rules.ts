/** Code of the receiving authority in KV_PART. */
export type RecipientId = 'FKASSA' | 'TRANSP' | 'AF'

/** What a certificate is for; recipients beside the authorities say which of these they take. */
export const certificateCategories = [
  'socialInsurance',
  'employment',
  'driving',
  'labourMarket',
] as const
export type CertificateCategory = (typeof certificateCategories)[number]

export interface TypeRule {
  /** Codes that the wire uses for it, in upper case; the first is the one this project says. */
  codes: readonly string[]
  category?: CertificateCategory
  /** Certificates about a child or a death are never shown to a patient. */
  shown: boolean
  recipient: RecipientId | null
  /** The oldest major version that the recipient still takes. */
  sendableFromMajor?: number
  /** No longer sent, whatever the version. */
  sendingEnded?: boolean
  hideDiagnosis?: boolean
  /** Questions that hold the diagnosis, and whether the patient wants to tell it. */
  diagnosisQuestions?: { answers: readonly string[]; disclosure: string }
}

export const recipientNames: Record<RecipientId, string> = {
  FKASSA: 'Försäkringskassan',
  TRANSP: 'Transportstyrelsen',
  AF: 'Arbetsförmedlingen',
}

export const typeRules: readonly TypeRule[] = [
  { codes: ['LISJP', 'FK7804'], category: 'socialInsurance', shown: true, recipient: 'FKASSA' },
  { codes: ['LUSE'], category: 'socialInsurance', shown: true, recipient: 'FKASSA' },
  { codes: ['LUAE_NA'], category: 'socialInsurance', shown: true, recipient: 'FKASSA' },
  { codes: ['LUAE_FS'], category: 'socialInsurance', shown: true, recipient: 'FKASSA' },
  { codes: ['IGRAV', 'FK7210'], category: 'socialInsurance', shown: true, recipient: 'FKASSA' },
  { codes: ['LUNSP', 'FK3226'], category: 'socialInsurance', shown: true, recipient: 'FKASSA' },
  { codes: ['LUMEK', 'FK7809'], category: 'socialInsurance', shown: true, recipient: 'FKASSA' },
  { codes: ['LUAS', 'FK7810'], category: 'socialInsurance', shown: true, recipient: 'FKASSA' },
  {
    codes: ['FK7263'],
    category: 'socialInsurance',
    shown: true,
    recipient: 'FKASSA',
    sendingEnded: true,
  },
  {
    codes: ['AG7804'],
    category: 'employment',
    shown: true,
    recipient: null,
    hideDiagnosis: true,
    diagnosisQuestions: { answers: ['6'], disclosure: '100' },
  },
  {
    codes: ['AG1-14', 'AG114'],
    category: 'employment',
    shown: true,
    recipient: null,
    hideDiagnosis: true,
    diagnosisQuestions: { answers: ['4'], disclosure: '3' },
  },
  {
    codes: ['TSTRK1007', 'TS-BAS'],
    category: 'driving',
    shown: true,
    recipient: 'TRANSP',
    sendableFromMajor: 7,
  },
  {
    codes: ['TSTRK1031', 'TSTRK1031-002', 'TS-DIABETES'],
    category: 'driving',
    shown: true,
    recipient: 'TRANSP',
    sendableFromMajor: 4,
  },
  {
    codes: ['TS8071'],
    category: 'driving',
    shown: true,
    recipient: 'TRANSP',
    sendableFromMajor: 2,
  },
  { codes: ['TSTRK1062'], category: 'driving', shown: true, recipient: 'TRANSP' },
  { codes: ['TSTRK1009'], category: 'driving', shown: true, recipient: null },
  { codes: ['AF00213'], category: 'labourMarket', shown: true, recipient: 'AF' },
  { codes: ['AF00251'], category: 'labourMarket', shown: true, recipient: 'AF' },
  { codes: ['LU_OMV_MEK', 'FK3221'], shown: false, recipient: null },
  { codes: ['LU_TFP_ASB18', 'FK7426'], shown: false, recipient: null },
  { codes: ['LU_TFP_B12_16', 'FK7427'], shown: false, recipient: null },
  { codes: ['ITFP', 'FK7472'], shown: false, recipient: null },
  { codes: ['DB'], shown: false, recipient: null },
  { codes: ['DOI'], shown: false, recipient: null },
]

const unknownType: TypeRule = { codes: [], shown: true, recipient: null }
const byCode = new Map(typeRules.flatMap((rule) => rule.codes.map((code) => [code, rule] as const)))

/** The code as this project writes it: trimmed, upper case, one name for each type. */
export function canonicalTypeCode(code: string): string {
  const upper = code.trim().toUpperCase()
  return byCode.get(upper)?.codes[0] ?? upper
}

/** The rule of a type; an unknown type is shown, is sent nowhere and hides nothing. */
export function typeRule(code: string): TypeRule {
  return byCode.get(canonicalTypeCode(code)) ?? unknownType
}

export interface Wording {
  yes: string
  no: string
  notStated: string
  from: (date: string) => string
  until: (date: string) => string
  issued: string
  issuer: string
  unit: string
  careProvider: string
  patient: string
  certificateId: string
  telephone: string
  kind: (code: string, version: string) => string
  page: (number: number, of: number) => string
  foot: (issuer: string, at: string | undefined) => string
  adapted: string
  adaptedNotice: string
  noAnswers: string
  originalDocument: string
  timeline: (rows: readonly string[]) => string
  verify: string
  verificationMark: string
  running: (type: string, at: string | undefined) => string
  producer: string
}

const sv: Wording = {
  yes: 'Ja',
  no: 'Nej',
  notStated: 'Inget svar angivet',
  from: (date) => `från och med ${date}`,
  until: (date) => `till och med ${date}`,
  issued: 'Utfärdat',
  issuer: 'Utfärdat av',
  unit: 'Vårdenhet',
  careProvider: 'Vårdgivare',
  patient: 'Patient',
  certificateId: 'Intygets id',
  telephone: 'Telefon',
  kind: (code, version) => `Läkarintyg · ${code}${version === '' ? '' : ` · version ${version}`}`,
  page: (number, of) => `Sida ${number} av ${of}`,
  foot: (issuer, at) =>
    `Utskrivet från ett elektroniskt intyg, elektroniskt undertecknat av ${issuer}${at === undefined ? '' : ` den ${at}`}.`,
  adapted: 'Anpassad kopia: patienten har valt att inte visa diagnosen.',
  adaptedNotice:
    'Anpassad kopia: patienten har valt att inte visa diagnosen. Allt annat är som i intyget.',
  noAnswers: 'Intyget innehåller inga svar.',
  originalDocument: 'Intyget som det kom från vården',
  timeline: (rows) => `Tidslinje. ${rows.join('. ')}.`,
  verify: 'Kontrollera att utskriften är äkta och att intyget gäller',
  verificationMark: 'QR-kod med en länk till en sida där utskriften kan kontrolleras',
  running: (type, at) => (at === undefined ? type : `${type}, utfärdat ${at}`),
  producer: 'Mina intyg',
}

const en: Wording = {
  yes: 'Yes',
  no: 'No',
  notStated: 'No answer given',
  from: (date) => `from ${date}`,
  until: (date) => `until ${date}`,
  issued: 'Issued',
  issuer: 'Issued by',
  unit: 'Care unit',
  careProvider: 'Care provider',
  patient: 'Patient',
  certificateId: 'Certificate id',
  telephone: 'Telephone',
  kind: (code, version) =>
    `Medical certificate · ${code}${version === '' ? '' : ` · version ${version}`}`,
  page: (number, of) => `Page ${number} of ${of}`,
  foot: (issuer, at) =>
    `Printed from an electronic certificate, signed electronically by ${issuer}${at === undefined ? '' : ` on ${at}`}.`,
  adapted: 'Adapted copy: the patient chose not to show the diagnosis.',
  adaptedNotice:
    'Adapted copy: the patient chose not to show the diagnosis. All else is as in the certificate.',
  noAnswers: 'The certificate holds no answers.',
  originalDocument: 'The certificate as it came from care',
  timeline: (rows) => `Timeline. ${rows.join('. ')}.`,
  verify: 'Check that this print is genuine and the certificate valid',
  verificationMark: 'QR code with a link to a page where this print can be checked',
  running: (type, at) => (at === undefined ? type : `${type}, issued ${at}`),
  producer: 'Mina intyg',
}

export const wordingFor = (language: string): Wording => (language === 'en' ? en : sv)

const clock = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Stockholm',
  dateStyle: 'short',
  timeStyle: 'short',
})

/** Swedish local time, as the doctor's clock showed it; what is no time is left as it stands. */
export function localTime(instant: string | null): string | undefined {
  if (instant === null) return undefined
  const at = new Date(instant)
  return Number.isNaN(at.getTime()) ? instant : clock.format(at)
}

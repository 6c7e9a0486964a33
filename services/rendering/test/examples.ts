import { adaptedCopy } from '@minaintyg/certificate-model'
import type { AnswerValue, Certificate, CertificateSection } from '@minaintyg/certificate-model'
import type { DrawingOptions } from '../src/drawing/index.ts'
import { certificate, code, date, employerCertificate, sickLeave, text } from './certificates.ts'

type Example = { certificate: Certificate } & Partial<DrawingOptions>

const yes = { type: 'boolean', value: true } as const
const no = { type: 'boolean', value: false } as const
const notStated = { type: 'notStated' } as const

function section(heading: string, answers: Record<string, AnswerValue>): CertificateSection {
  const items = Object.entries(answers).map(([label, value]) => ({ id: label, label, value }))
  return { id: heading, heading, items }
}

const table = (labels: string[], rows: (typeof notStated | AnswerValue)[][]): AnswerValue => ({
  type: 'table',
  columns: labels.map((label) => ({ id: label, label })),
  rows: rows as never,
})

const basis = section('Grund för intyget', {
  'Intyget är baserat på': table(
    ['Underlag', 'Datum', 'Vad'],
    [
      [code('UNDERSOKNING', 'Fysiskt vårdmöte', 'KV_FKMU_0001'), date('2026-03-02'), notStated],
      [
        code('ANNAT', 'Annat', 'KV_FKMU_0001'),
        date('2026-02'),
        text('Remissvar från ryggmottagningen'),
      ],
    ],
  ),
})
const diagnosis = section('Diagnos', {
  'Diagnoser som gör att arbetsförmågan är nedsatt': table(
    ['Kod', 'Beskrivning'],
    [
      [code('M545', 'Lumbago'), text('Ländryggssmärta')],
      [code('F438A', 'Utmattningssyndrom'), text('Långvarig belastning')],
    ],
  ),
})
const work = section('Arbetsförmåga', {
  'Hur mycket arbetsförmågan är nedsatt': sickLeave(),
  'Arbetstiden kan förläggas på annat sätt': yes,
  'Varför det behövs': text(
    'Kortare pass med paus varannan timme.\n\n– inga lyft över 5 kg\n– växla mellan att sitta, stå och gå',
  ),
})
const treatment = section('Behandling', {
  'Pågående behandling': text(
    'Fysioterapi två gånger i veckan. Paracetamol vid behov, högst 4 g/dygn. '.repeat(6).trim(),
  ),
  'Planerad behandling': {
    type: 'list',
    items: [text('Ryggskola, start v. 12'), text('Återbesök 2026-04-01')],
  },
  'Kontakt med Försäkringskassan önskas': no,
  Övrigt: notStated,
})
const history = section('Bakgrund', {
  'Sjukdomens förlopp': text(
    Array.from(
      { length: 26 },
      (_, week) =>
        `Vecka ${week + 1}: smärtan ${week % 3 === 0 ? 'oförändrad, sömnen störd av värk när hon vänder sig i sängen' : 'något bättre, går längre sträckor'}.`,
    ).join('\n'),
  ),
})

const driving = certificate({
  type: { code: 'TSTRK1007', version: '7.0', name: 'Läkarintyg om körkort, högre behörighet' },
  sections: [
    section('Synfunktioner', {
      Synskärpa: table(
        ['Öga', 'Utan korrektion', 'Med korrektion'],
        [
          [
            text('Höger'),
            { type: 'quantity', value: 0.8, unit: null },
            { type: 'quantity', value: 1, unit: null },
          ],
          [text('Vänster'), { type: 'quantity', value: 0.7, unit: null }, notStated],
        ],
      ),
      Synfältsdefekter: no,
    }),
    section('Diabetes', {
      'Har diabetes': yes,
      Diabetestyp: code('E10', 'Diabetes mellitus typ 1'),
    }),
  ],
})
const unknown = certificate({
  type: { code: 'XYZ-1', version: '', name: 'XYZ-1' },
  issuer: { name: 'Łucja Öhrn-Šimić', titles: [], specialities: [] },
  patient: { name: null, personalIdentityNumberMasked: null },
  sections: [
    {
      id: '9',
      heading: '',
      items: [{ id: '9.1', label: '', value: text('☒ ja  ☐ nej  →  CRP ↓ 中') }],
    },
  ],
})

/** Certificates of people and illnesses that never were, each of another look. */
export const examples: Record<string, Example> = {
  'sick-leave': { certificate: certificate({ sections: [basis, diagnosis, work, treatment] }) },
  'many-pages': { certificate: certificate({ sections: [history, diagnosis, work, history] }) },
  employer: { certificate: employerCertificate() },
  adapted: { certificate: adaptedCopy(employerCertificate()) },
  driving: { certificate: driving },
  unknown: {
    certificate: unknown,
    verification: { url: 'https://intyg.example/verify/Zk3w9yQ7Tn2bXvR5uP1sLg' },
  },
}

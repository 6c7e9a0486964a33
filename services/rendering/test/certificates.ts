import type { AnswerValue, Certificate, CertificateSection } from '@minaintyg/certificate-model'

export const text = (words: string) => ({ type: 'text' as const, text: words })
export const code = (value: string, display: string | null, system = '1.2.752.116.1.1.1') => ({
  type: 'code' as const,
  code: value,
  display,
  system,
})
export const date = (day: string) => ({ type: 'date' as const, date: day })

export const sectionOf = (...values: AnswerValue[]): CertificateSection => ({
  id: '1',
  heading: 'Bedömning',
  items: values.map((value, index) => ({
    id: String(index + 200),
    label: `Fråga ${index + 1}`,
    value,
  })),
})

const degree = (value: string, display: string) => code(value, display, 'KV_FKMU_0003')

/** Four periods of sick leave that follow one another, each of less. */
export const sickLeave = (): Extract<AnswerValue, { type: 'table' }> => ({
  type: 'table',
  columns: [
    { id: '32.1', label: 'Nedsättningsgrad' },
    { id: '32.2', label: 'Period' },
  ],
  rows: [
    [
      degree('HELT_NEDSATT', '100 procent'),
      { type: 'period', from: '2026-03-01', to: '2026-03-14' },
    ],
    [
      degree('TRE_FJARDEDEL', '75 procent'),
      { type: 'period', from: '2026-03-15', to: '2026-03-31' },
    ],
    [degree('HALFTEN', '50 procent'), { type: 'period', from: '2026-04-01', to: '2026-04-20' }],
    [
      degree('EN_FJARDEDEL', '25 procent'),
      { type: 'period', from: '2026-04-21', to: '2026-05-17' },
    ],
  ],
})

const allowed = { allowed: true }

/** A certificate of a made-up person, of a type that never was. */
export function certificate(changes: Partial<Certificate> = {}): Certificate {
  return {
    id: '7b1d3c8e-5f0a-4d0e-9d6b-2f2c4a1b9e10',
    type: { code: 'LISJP', version: '1.3', name: 'Läkarintyg för sjukpenning' },
    issuedAt: '2026-03-02T09:15:00Z',
    issuer: { name: 'Ajla Doktor', titles: ['Läkare'], specialities: ['Allmänmedicin'] },
    unit: {
      id: 'SE0000000000-1X01',
      name: 'Vårdcentralen Ekbacken',
      address: 'Storgatan 12',
      postalCode: '123 45',
      city: 'Ekby',
      telephone: '0123-456 78',
      email: 'ekbacken@example.se',
    },
    careProvider: { id: 'SE0000000000-1X00', name: 'Region Exempel' },
    patient: { name: 'Alva Provsson', personalIdentityNumberMasked: '19121212-••••' },
    period: null,
    summary: null,
    statuses: ['new'],
    archived: false,
    readable: true,
    source: { id: 'a', name: 'Journal A' },
    sections: [],
    relations: [],
    events: [],
    actions: {
      read: allowed,
      save: allowed,
      print: allowed,
      send: { allowed: true, recipients: [] },
      hide: [],
    },
    language: 'sv',
    ...changes,
  }
}

/** A certificate for the employer, with a diagnosis wherever one may stand. */
export function employerCertificate(changes: Partial<Certificate> = {}): Certificate {
  const plain = certificate()
  return certificate({
    type: { code: 'AG7804', version: '1.2', name: 'Läkarintyg till arbetsgivaren' },
    actions: { ...plain.actions, hide: ['diagnosis'] },
    summary: { label: 'Diagnos', value: 'M545 Ländryggssmärta' },
    sections: [
      {
        id: 'diagnosis',
        heading: 'Diagnos',
        items: [
          { id: '100', label: 'Får arbetsgivaren veta?', value: { type: 'boolean', value: true } },
          {
            id: '6',
            label: 'Diagnos',
            value: {
              type: 'table',
              columns: [
                { id: '6.2', label: 'Kod' },
                { id: '6.1', label: 'Beskrivning' },
              ],
              rows: [
                [code('M545', 'Lumbago'), text('Ländryggssmärta')],
                [code('F438A', 'Utmattningssyndrom'), text('Långvarig stress')],
              ],
            },
          },
        ],
      },
      {
        id: 'work',
        heading: 'Arbete',
        items: [{ id: '1', label: 'Sysselsättning', value: text('Snickare') }],
      },
    ],
    ...changes,
  })
}
export const employerDiagnoses = [
  'M545',
  'Lumbago',
  'Ländryggssmärta',
  'F438A',
  'Utmattningssyndrom',
  'Långvarig stress',
  'Får arbetsgivaren veta',
]

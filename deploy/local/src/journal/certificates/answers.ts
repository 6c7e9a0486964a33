import type { Calendar } from './calendar.ts'
import { code, period, rows, svar, text, yesNo } from './wire.ts'

export const icd10 = '1.2.752.116.1.1.1'
/** Still written by forms that were made before the identifier was put right. */
export const icd10Legacy = '1.2.752.116.1.1.1.1.3'
export const icd10Faulty = '1.2.752.116.1.1.1.1.8'

export interface Diagnosis {
  code: string
  name: string
}

export const diagnoses = {
  lumbago: { code: 'M545', name: 'Lumbago' },
  sciatica: { code: 'M544', name: 'Lumbago med ischias' },
  exhaustion: { code: 'F438A', name: 'Utmattningssyndrom' },
  depression: { code: 'F321', name: 'Medelsvår depressiv episod' },
  wristFracture: { code: 'S525', name: 'Fraktur på nedre delen av radius' },
  pneumonia: { code: 'J189', name: 'Pneumoni, ospecificerad' },
  migraine: { code: 'G431', name: 'Migrän med aura' },
  covid: { code: 'U071', name: 'Covid-19, virus påvisat' },
  pelvicPain: { code: 'O267', name: 'Subluxation av symfysen vid graviditet' },
  ms: { code: 'G35', name: 'Multipel skleros' },
  arthritis: { code: 'M059', name: 'Seropositiv reumatoid artrit' },
  stroke: { code: 'I693', name: 'Sena effekter av hjärninfarkt' },
  diabetes: { code: 'E109', name: 'Diabetes mellitus typ 1 utan komplikationer' },
  adhd: { code: 'F900B', name: 'Uppmärksamhetsstörning med hyperaktivitet' },
} satisfies Record<string, Diagnosis>

const basisNames: Record<string, string> = {
  UNDERSOKNING: 'Min undersökning av patienten',
  FYSISKUNDERSOKNING: 'Min undersökning vid fysiskt vårdmöte',
  DIGITALUNDERSOKNING: 'Min undersökning vid digitalt vårdmöte',
  TELEFONKONTAKT: 'Min telefonkontakt med patienten',
  JOURNALUPPGIFTER: 'Journaluppgifter från den',
  ANHORIG: 'Anhörigs beskrivning av patienten',
  ANNAT: 'Annat',
}

export interface Basis {
  kind: string
  date: string
  what?: string
}

/** What the certificate is based on: a row of kind and date each. */
export const basedOn = (id: number, bases: readonly Basis[]): string =>
  rows(
    id,
    bases.map(({ kind, date, what }) => ({
      1: code('KV_FKMU_0001', kind, basisNames[kind]),
      2: text(date),
      3: kind === 'ANNAT' && what !== undefined ? text(what) : undefined,
      4: kind === 'ANHORIG' && what !== undefined ? text(what) : undefined,
    })),
  )

/** One svar with pairs of text and code: 6.1 and 6.2, 6.3 and 6.4 … */
export function unifiedDiagnoses(id: number, list: readonly Diagnosis[], system = icd10): string {
  const parts = list.flatMap(({ code: value, name }, index) => [
    [2 * index + 1, text(name)] as const,
    [2 * index + 2, code(system, value, name)] as const,
  ])
  return svar(id, Object.fromEntries(parts))
}

/** A svar for each diagnosis. */
export const diagnosisRows = (id: number, list: readonly Diagnosis[], system = icd10): string =>
  rows(
    id,
    list.map(({ code: value, name }) => ({ 1: text(name), 2: code(system, value, name) })),
  )

const degreeNames = {
  EN_FJARDEDEL: '25%',
  HALFTEN: '50%',
  TRE_FJARDEDEL: '75%',
  HELT_NEDSATT: '100%',
}
export type Degree = keyof typeof degreeNames

export interface SickLeave {
  degree: Degree
  from: string
  to: string
}

export const sickLeavePeriods = (periods: readonly SickLeave[]): string =>
  rows(
    32,
    periods.map(({ degree, from, to }) => ({
      1: code('KV_FKMU_0003', degree, degreeNames[degree]),
      2: period(from, to),
    })),
  )

export const freeText = (id: number, value: string): string => svar(id, { 1: text(value) })

/** A question answered yes or no, with the text that a yes asks for. */
export const yesOrNo = (id: number, value: boolean, explanation?: string): string =>
  svar(id, { 1: yesNo(value), 2: explanation === undefined ? undefined : text(explanation) })

const investigationNames: Record<string, string> = {
  NEUROPSYKIATRISKT: 'Neuropsykiatriskt utlåtande',
  FYSIOTERAPEUT: 'Underlag från fysioterapeut',
  PSYKOLOG: 'Underlag från psykolog',
  SPECIALISTKLINIK: 'Utredning av annan specialistklinik',
}

/** Other investigations: what, when, and where they can be had. */
export const investigations = (calendar: Calendar, kinds: readonly string[]): string =>
  yesOrNo(3, true) +
  rows(
    4,
    kinds.map((kind, index) => ({
      1: code('KV_FKMU_0005', kind, investigationNames[kind]),
      2: text(calendar.day(-90 - 30 * index)),
      3: text('Bifogas, eller skickas efter på begäran'),
    })),
  )

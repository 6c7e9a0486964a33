import { diagnoses } from './answers.ts'
import type { Diagnosis } from './answers.ts'
import type { Calendar } from './calendar.ts'
import { doctors, units } from './care.ts'
import type { CareUnit, Doctor } from './care.ts'
import { fk3221, fk7809, fk7810, luaeNa, luse } from './disability.ts'
import { tsBas, tsDiabetes, tstrk1062, unknownForm } from './driving.ts'
import { af00213, af00251, fk3226, fk7210 } from './other-forms.ts'
import { ag114, ag7804, fk7804, lisjp1 } from './sick-leave.ts'
import type { SickLeaveFacts } from './sick-leave.ts'

export interface Form {
  type: { code: string; system?: string; name: string }
  version: string
  doctor: Doctor
  unit: CareUnit
  answers: (calendar: Calendar, variant: FormVariant) => string
}

/** What differs between two certificates of one form. */
export interface FormVariant {
  /** Days from today on which it was signed. */
  signed: number
  diagnoses?: readonly Diagnosis[]
  mental?: boolean
  infectionControl?: boolean
  disclosed?: boolean
}

const olderSystem = 'f6fb361a-e31d-48b8-8657-99b63912dd9b'
const at = {
  healthCentre: { doctor: doctors.general, unit: units.healthCentre },
  hospital: { doctor: doctors.orthopaedist, unit: units.hospital },
  psychiatry: { doctor: doctors.psychiatrist, unit: units.psychiatry },
  occupational: { doctor: doctors.occupational, unit: units.occupational },
}

function sickLeave(calendar: Calendar, variant: FormVariant): SickLeaveFacts {
  const { signed } = variant
  return {
    diagnoses: variant.diagnoses ?? [diagnoses.lumbago],
    periods: [
      { degree: 'HELT_NEDSATT', from: calendar.day(signed), to: calendar.day(signed + 13) },
      { degree: 'HALFTEN', from: calendar.day(signed + 14), to: calendar.day(signed + 27) },
    ],
    examined: signed,
    ...variant,
  }
}

const sickness =
  (answers: (calendar: Calendar, facts: SickLeaveFacts) => string): Form['answers'] =>
  (calendar, variant) =>
    answers(calendar, sickLeave(calendar, variant))

const lasting =
  (
    answers: (calendar: Calendar, list: readonly Diagnosis[]) => string,
    usual: Diagnosis,
  ): Form['answers'] =>
  (calendar, variant) =>
    answers(calendar, variant.diagnoses ?? [usual])

const form = (
  code: string,
  version: string,
  name: string,
  place: { doctor: Doctor; unit: CareUnit },
  answers: Form['answers'],
  system?: string,
): Form => ({
  type: { code, name, ...(system === undefined ? {} : { system }) },
  version,
  ...place,
  answers,
})

/** Every form that these journals write. */
export const forms = {
  lisjp: form('LISJP', '1.3', 'Läkarintyg för sjukpenning', at.healthCentre, sickness(lisjp1)),
  fk7804: form('LISJP', '2.0', 'Läkarintyg sjukpenning', at.healthCentre, sickness(fk7804)),
  ag7804: form(
    'AG7804',
    '2.0',
    'Läkarintyg om arbetsförmåga – arbetsgivaren',
    at.occupational,
    sickness(ag7804),
  ),
  ag114: form(
    'AG1-14',
    '2.0',
    'Läkarintyg om arbetsförmåga – sjuklöneperioden',
    at.occupational,
    sickness(ag114),
  ),
  luse: form(
    'LUSE',
    '1.3',
    'Läkarutlåtande för sjukersättning',
    at.hospital,
    lasting(luse, diagnoses.ms),
  ),
  luaeNa: form(
    'luae_na',
    '1.2',
    'Läkarutlåtande för aktivitetsersättning vid nedsatt arbetsförmåga',
    at.psychiatry,
    lasting(luaeNa, diagnoses.exhaustion),
  ),
  fk7809: form(
    'LUMEK',
    '1.0',
    'Läkarutlåtande för merkostnadsersättning',
    at.hospital,
    lasting(fk7809, diagnoses.arthritis),
  ),
  fk7810: form(
    'LUAS',
    '1.0',
    'Läkarutlåtande för assistansersättning',
    at.hospital,
    lasting(fk7810, diagnoses.stroke),
  ),
  fk7210: form('IGRAV', '1.0', 'Intyg om graviditet', at.healthCentre, fk7210),
  fk3226: form(
    'LUNSP',
    '1.0',
    'Läkarutlåtande för närståendepenning',
    at.hospital,
    lasting(fk3226, diagnoses.stroke),
  ),
  fk3221: form(
    'LU_OMV_MEK',
    '1.0',
    'Läkarutlåtande för omvårdnadsbidrag',
    at.healthCentre,
    lasting(fk3221, diagnoses.adhd),
  ),
  tsBas: form(
    'TSTRK1007',
    '7.0',
    'Transportstyrelsens läkarintyg',
    at.healthCentre,
    tsBas,
    olderSystem,
  ),
  tsDiabetes: form(
    'TSTRK1031',
    '4.2',
    'Transportstyrelsens läkarintyg, diabetes',
    at.healthCentre,
    tsDiabetes,
  ),
  tstrk1062: form(
    'TSTRK1062',
    '1.0',
    'Transportstyrelsens läkarintyg, ADHD',
    at.psychiatry,
    lasting(tstrk1062, diagnoses.adhd),
  ),
  af00213: form(
    'AF00213',
    '1.0',
    'Arbetsförmedlingens medicinska utlåtande',
    at.healthCentre,
    af00213,
  ),
  af00251: form('AF00251', '1.0', 'Läkarintyg för deltagare i program', at.healthCentre, af00251),
  unknown: form(
    'XY9999',
    '3.0',
    'Läkarintyg på ny blankett',
    at.psychiatry,
    lasting(unknownForm, diagnoses.migraine),
  ),
  /** As no journal should write it: what it is, nobody can tell. */
  typeless: form('', '1.0', '', at.psychiatry, lasting(unknownForm, diagnoses.migraine)),
} satisfies Record<string, Form>

export type FormName = keyof typeof forms

import { diagnoses } from './answers.ts'
import type { FormName, FormVariant } from './forms.ts'
import type { RelationCode, StatusCode } from './intyg.ts'

/** The journals of this simulator: one that speaks version 4 of the contract, one that speaks 3. */
export type SourceId = 'region-norr' | 'intygstjansten'

export interface Entry {
  form: FormName
  variant: FormVariant
  /** Name within the person, for relations; else its number. */
  name?: string
  source?: SourceId
  relation?: { kind: RelationCode; to: string }
  statuses?: readonly { part: string; status: StatusCode; day: number }[]
}

const norr = 'region-norr' as const
const sent = (day: number) => ({ part: 'FKASSA', status: 'SENTTO', day }) as const

const everything: Entry[] = [
  { form: 'fk7804', variant: { signed: -2, diagnoses: [diagnoses.sciatica, diagnoses.lumbago] } },
  { form: 'ag7804', variant: { signed: -2, diagnoses: [diagnoses.sciatica] } },
  { form: 'ag114', variant: { signed: -9, diagnoses: [diagnoses.pneumonia] }, source: norr },
  {
    form: 'lisjp',
    variant: { signed: -45, diagnoses: [diagnoses.lumbago] },
    name: 'first',
    source: norr,
  },
  {
    form: 'lisjp',
    variant: { signed: -40, diagnoses: [diagnoses.lumbago] },
    source: norr,
    relation: { kind: 'ERSATT', to: 'first' },
    statuses: [sent(-40)],
  },
  { form: 'luse', variant: { signed: -200 }, source: norr },
  { form: 'luaeNa', variant: { signed: -260, mental: true }, source: norr },
  { form: 'tsBas', variant: { signed: -20 } },
  { form: 'fk7210', variant: { signed: -6 } },
  { form: 'af00213', variant: { signed: -300 }, source: norr },
  { form: 'unknown', variant: { signed: -3 } },
  { form: 'fk3221', variant: { signed: -15 } },
  {
    form: 'lisjp',
    variant: { signed: -100, diagnoses: [diagnoses.wristFracture] },
    statuses: [{ part: 'HSVARD', status: 'CANCEL', day: -98 }],
  },
  {
    form: 'ag7804',
    variant: { signed: -30, diagnoses: [diagnoses.covid], infectionControl: true },
  },
  {
    form: 'lisjp',
    variant: { signed: -800, diagnoses: [diagnoses.migraine] },
    statuses: [{ part: 'INVANA', status: 'DELETE', day: -700 }],
  },
]

const longSickLeave: Entry[] = [
  {
    form: 'lisjp',
    variant: { signed: -120, mental: true, diagnoses: [diagnoses.exhaustion] },
    name: 'a',
  },
  {
    form: 'lisjp',
    variant: { signed: -92, mental: true, diagnoses: [diagnoses.exhaustion] },
    name: 'b',
    relation: { kind: 'FRLANG', to: 'a' },
    statuses: [sent(-92)],
  },
  {
    form: 'lisjp',
    variant: { signed: -80, mental: true, diagnoses: [diagnoses.exhaustion, diagnoses.depression] },
    name: 'c',
    relation: { kind: 'KOMPLT', to: 'b' },
  },
  {
    form: 'fk7804',
    variant: { signed: -64, mental: true, diagnoses: [diagnoses.depression] },
    name: 'd',
  },
  {
    form: 'fk7804',
    variant: { signed: -63, mental: true, diagnoses: [diagnoses.depression] },
    name: 'e',
    relation: { kind: 'ERSATT', to: 'd' },
  },
  {
    form: 'fk7804',
    variant: { signed: -8, mental: true, diagnoses: [diagnoses.depression] },
    relation: { kind: 'FRLANG', to: 'e' },
  },
]

const employed: Entry[] = [
  {
    form: 'ag7804',
    variant: { signed: -5, disclosed: false, mental: true, diagnoses: [diagnoses.depression] },
  },
  {
    form: 'ag7804',
    variant: { signed: -11, infectionControl: true, diagnoses: [diagnoses.covid] },
  },
  { form: 'ag114', variant: { signed: -1, diagnoses: [diagnoses.migraine] }, source: norr },
  { form: 'af00251', variant: { signed: -4 }, source: norr },
]

const driver: Entry[] = [
  { form: 'tsBas', variant: { signed: -7 } },
  { form: 'tsDiabetes', variant: { signed: -18 }, source: norr },
  { form: 'tstrk1062', variant: { signed: -400 } },
]

const disabled: Entry[] = [
  { form: 'fk7809', variant: { signed: -25 }, source: norr },
  { form: 'fk7810', variant: { signed: -33 }, source: norr },
  { form: 'fk3226', variant: { signed: -4 } },
  { form: 'luse', variant: { signed: -90 } },
]

const few: Entry[] = [
  { form: 'fk7804', variant: { signed: -4, diagnoses: [diagnoses.pelvicPain] } },
  { form: 'lisjp', variant: { signed: -410, diagnoses: [diagnoses.pneumonia] }, source: norr },
]

const cycle = ['lisjp', 'fk7804', 'ag7804', 'ag114', 'tsBas', 'luse', 'af00213'] as const
const illnesses = Object.values(diagnoses)

const many: Entry[] = Array.from({ length: 150 }, (_, index) => {
  const illness = illnesses[index % illnesses.length]
  return {
    form: cycle[index % cycle.length] ?? 'lisjp',
    variant: {
      signed: -1 - index * 11,
      ...(illness === undefined ? {} : { diagnoses: [illness] }),
    },
    ...(index % 2 === 0 ? { source: norr } : {}),
  }
})

const oneSourceAway: Entry[] = [
  { form: 'fk7804', variant: { signed: -6, diagnoses: [diagnoses.lumbago] } },
  { form: 'lisjp', variant: { signed: -60, diagnoses: [diagnoses.pneumonia] }, source: norr },
]

const allForForsakringskassan: Entry[] = [
  { form: 'fk7804', variant: { signed: -5, diagnoses: [diagnoses.wristFracture] } },
  { form: 'fk7210', variant: { signed: -16 }, source: norr },
  {
    form: 'lisjp',
    variant: { signed: -70, diagnoses: [diagnoses.wristFracture] },
    statuses: [sent(-70)],
  },
]

const revoked: Entry[] = [
  {
    form: 'fk7804',
    variant: { signed: -12, diagnoses: [diagnoses.migraine] },
    statuses: [{ part: 'HSVARD', status: 'CANCEL', day: -10 }],
  },
  { form: 'fk7804', variant: { signed: -10, diagnoses: [diagnoses.migraine] }, source: norr },
]

const infection: Entry[] = [
  {
    form: 'ag7804',
    variant: { signed: -3, infectionControl: true, diagnoses: [diagnoses.covid] },
  },
]

const unreadable: Entry[] = [
  { form: 'typeless', variant: { signed: -9, diagnoses: [diagnoses.migraine] }, source: norr },
  { form: 'fk7804', variant: { signed: -20, diagnoses: [diagnoses.migraine] } },
]

/** By number, also one from before. Whoever is not named here has none. */
export const entriesByPerson: Record<string, readonly Entry[]> = {
  '191212121212': everything,
  '198503179809': employed,
  '197908239820': longSickLeave,
  '196201059810': driver,
  '197402199868': disabled,
  '198809759874': few,
  '199106309835': many,
  '199011239887': oneSourceAway,
  '197703309919': oneSourceAway,
  '198308129850': allForForsakringskassan,
  '199501279823': revoked,
  '197112049908': infection,
  '196407189874': few,
  '200102119831': unreadable,
  '198606219866': infection,
  '198606819889': few,
}

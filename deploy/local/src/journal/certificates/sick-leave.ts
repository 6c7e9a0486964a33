import {
  basedOn,
  freeText,
  icd10Legacy,
  sickLeavePeriods,
  unifiedDiagnoses,
  yesOrNo,
} from './answers.ts'
import type { Diagnosis, SickLeave } from './answers.ts'
import type { Calendar } from './calendar.ts'
import { texts } from './texts.ts'
import { code, period, quantity, rows, svar, text, yesNo } from './wire.ts'

export interface SickLeaveFacts {
  diagnoses: readonly Diagnosis[]
  periods: readonly SickLeave[]
  /** Days from today on which the doctor met the patient. */
  examined: number
  mental?: boolean
  infectionControl?: boolean
  /** Whether the patient lets the employer know the diagnosis. */
  disclosed?: boolean
}

const work = (mental: boolean) =>
  rows(28, [{ 1: code('KV_FKMU_0002', 'NUVARANDE_ARBETE', 'Nuvarande arbete') }]) +
  freeText(29, mental ? texts.occupationOffice : texts.occupation)

const consequences = (mental: boolean) =>
  freeText(35, mental ? texts.findingsMind : texts.findings) +
  freeText(17, mental ? texts.limitsMind : texts.limits)

const infection = (facts: SickLeaveFacts) =>
  facts.infectionControl === true ? svar(27, { 1: yesNo(true) }) : ''

/** LISJP 1.x, läkarintyg för sjukpenning (FK 7804 of before 2025). */
export function lisjp1(calendar: Calendar, facts: SickLeaveFacts): string {
  const { mental = false } = facts
  return [
    infection(facts),
    basedOn(1, [
      { kind: 'UNDERSOKNING', date: calendar.day(facts.examined) },
      { kind: 'TELEFONKONTAKT', date: calendar.day(facts.examined - 9) },
      { kind: 'ANNAT', date: calendar.day(facts.examined - 20), what: 'Brev från företagshälsan' },
    ]),
    work(mental),
    unifiedDiagnoses(6, facts.diagnoses, icd10Legacy),
    consequences(mental),
    freeText(19, texts.treatment),
    freeText(20, texts.planned),
    sickLeavePeriods(facts.periods),
    freeText(37, texts.longer),
    svar(34, { 1: yesNo(true) }),
    yesOrNo(33, true, texts.schedule),
    svar(39, {
      1: code(
        'KV_FKMU_0006',
        'ATER_X_ANTAL_DGR',
        'Patienten kommer med stor sannolikhet att återgå helt i nuvarande sysselsättning efter x antal dagar',
      ),
      3: code('KV_FKMU_0007', 'SEXTIO_DGR', '60 dagar'),
    }),
    rows(40, [
      { 1: code('KV_FKMU_0004', 'ARBETSTRANING', 'Arbetsträning') },
      { 1: code('KV_FKMU_0004', 'ERGONOMISK', 'Ergonomisk bedömning') },
    ]),
    freeText(44, texts.measures),
    freeText(25, texts.other),
    yesOrNo(26, true, 'Vill stämma av planen för återgång i arbete.'),
  ].join('\n')
}

const prognosis = svar(39, {
  1: code(
    'KV_FKMU_0006',
    'STOR_SANNOLIKHET',
    'Patienten kommer med stor sannolikhet att återgå helt i nuvarande sysselsättning efter denna sjukskrivning',
  ),
})

/** LISJP 2.x, which the form FK 7804 of 2025 became: another model under the same code. */
export function fk7804(calendar: Calendar, facts: SickLeaveFacts): string {
  const { mental = false } = facts
  return [
    infection(facts),
    basedOn(1, [
      { kind: 'FYSISKUNDERSOKNING', date: calendar.day(facts.examined) },
      { kind: 'JOURNALUPPGIFTER', date: calendar.day(facts.examined - 30) },
    ]),
    work(mental),
    unifiedDiagnoses(6, facts.diagnoses),
    consequences(mental),
    freeText(19, `${texts.treatment}\n${texts.planned}`),
    sickLeavePeriods(facts.periods),
    prognosis,
    freeText(44, texts.measures),
    freeText(25, texts.other),
  ].join('\n')
}

/** AG7804: the same to the employer, who learns the diagnosis only if the patient wants it. */
export function ag7804(calendar: Calendar, facts: SickLeaveFacts): string {
  const { mental = false, disclosed = true } = facts
  return [
    infection(facts),
    basedOn(1, [{ kind: 'DIGITALUNDERSOKNING', date: calendar.day(facts.examined) }]),
    work(mental),
    svar(100, { 1: yesNo(disclosed) }),
    disclosed ? unifiedDiagnoses(6, facts.diagnoses) : '',
    consequences(mental),
    sickLeavePeriods(facts.periods),
    prognosis,
    freeText(44, texts.measures),
    freeText(25, facts.infectionControl === true ? texts.infection : texts.employer),
    svar(103, { 1: yesNo(true), 2: text('Ring mottagningen, fråga efter rehabkoordinatorn.') }),
  ].join('\n')
}

/** AG1-14 2.0: for the employer's sick pay of the first two weeks. */
export function ag114(calendar: Calendar, facts: SickLeaveFacts): string {
  const [first] = facts.periods
  const { disclosed = true } = facts
  return [
    basedOn(10, [{ kind: 'TELEFONKONTAKT', date: calendar.day(facts.examined) }]),
    freeText(1, texts.occupationOffice),
    svar(3, { 1: yesNo(disclosed) }),
    disclosed ? unifiedDiagnoses(4, facts.diagnoses) : '',
    freeText(5, texts.limits),
    yesOrNo(6, true, texts.employer),
    svar(7, {
      1: quantity(50, '%'),
      2: first === undefined ? undefined : period(first.from, first.to),
    }),
    freeText(8, texts.other),
    svar(9, { 1: yesNo(false) }),
  ].join('\n')
}

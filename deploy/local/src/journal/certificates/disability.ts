import {
  basedOn,
  diagnosisRows,
  freeText,
  icd10Faulty,
  icd10Legacy,
  investigations,
  unifiedDiagnoses,
  yesOrNo,
} from './answers.ts'
import type { Diagnosis } from './answers.ts'
import type { Calendar } from './calendar.ts'
import { texts } from './texts.ts'
import { code, svar, text, yesNo } from './wire.ts'

const functions = [
  freeText(8, texts.intellect),
  freeText(9, texts.psychosocial),
  freeText(10, texts.attention),
  freeText(12, texts.senses),
  freeText(13, texts.balance),
  freeText(14, texts.body),
].join('\n')

const treatments = [
  freeText(18, 'Interferon i två år, avslutat på grund av biverkningar.'),
  freeText(19, texts.treatment),
  freeText(20, texts.planned),
  freeText(21, 'Inga andra läkemedel eller substanser.'),
].join('\n')

/** LUSE (sjukersättning) and, with question 24, LUAE_NA (aktivitetsersättning). */
function lastingInability(calendar: Calendar, list: readonly Diagnosis[], easing: string): string {
  return [
    basedOn(1, [
      { kind: 'UNDERSOKNING', date: calendar.day(-12) },
      { kind: 'ANHORIG', date: calendar.day(-12), what: 'Make' },
    ]),
    freeText(2, calendar.day(-1200)),
    investigations(calendar, ['NEUROPSYKIATRISKT', 'FYSIOTERAPEUT']),
    unifiedDiagnoses(6, list, icd10Legacy),
    freeText(7, 'Neurologiska kliniken, Norrskenets sjukhus, för tre år sedan'),
    yesOrNo(45, false),
    freeText(5, texts.history),
    functions,
    freeText(17, texts.limits),
    treatments,
    freeText(22, texts.prospects),
    freeText(23, texts.ability),
    easing,
    freeText(25, texts.other),
    // Questions that Försäkringskassan adds for a time: numbers that no form lists.
    freeText(9001, 'Patienten har provat arbetsträning vid två tillfällen utan att lyckas.'),
  ].join('\n')
}

export const luse = (calendar: Calendar, list: readonly Diagnosis[]): string =>
  lastingInability(calendar, list, '')

export const luaeNa = (calendar: Calendar, list: readonly Diagnosis[]): string =>
  lastingInability(
    calendar,
    list,
    freeText(24, 'Kortare dagar, lugn miljö & en fast kontaktperson.'),
  )

/** LUMEK (FK 7809, merkostnadsersättning). */
export const fk7809 = (calendar: Calendar, list: readonly Diagnosis[]): string =>
  [
    basedOn(1, [{ kind: 'UNDERSOKNING', date: calendar.day(-40) }]),
    investigations(calendar, ['SPECIALISTKLINIK']),
    diagnosisRows(58, list, icd10Faulty),
    freeText(5, texts.history),
    functions,
    freeText(17, texts.limits),
    svar(50, { 1: text(texts.treatment), 2: text('Neurologen, var tredje månad') }),
    freeText(51, 'Funktionsnedsättningen väntas bestå & gradvis öka.'),
  ].join('\n')

/** LUAS (FK 7810, assistansersättning). */
export const fk7810 = (calendar: Calendar, list: readonly Diagnosis[]): string =>
  [
    basedOn(1, [{ kind: 'FYSISKUNDERSOKNING', date: calendar.day(-33) }]),
    svar(2, { 2: code('KV_FKMU_0010', 'MER_AN_ETT_AR', 'Kännedom i mer än ett år') }),
    investigations(calendar, ['FYSIOTERAPEUT']),
    diagnosisRows(58, list),
    freeText(5, texts.history),
    functions,
    freeText(64, 'Andfådd vid ansträngning, ingen andningshjälp.'),
    freeText(67, texts.balance),
    freeText(68, 'Behöver hjälp med dusch & påklädning varje dag.'),
    svar(39, { 2: text('Långsam försämring är att vänta.') }),
    svar(70, {
      1: yesNo(true),
      2: text('Sondmatning en gång per dygn'),
      3: yesNo(true),
      4: text('Läkemedel ur dosett, morgon & kväll'),
    }),
  ].join('\n')

/** LU_OMV_MEK (FK 3221): about a child, and so never shown to the one who is logged in. */
export const fk3221 = (calendar: Calendar, list: readonly Diagnosis[]): string =>
  [
    basedOn(1, [{ kind: 'FYSISKUNDERSOKNING', date: calendar.day(-21) }]),
    diagnosisRows(58, list),
    freeText(5, 'Barnet har följts sedan treårskontrollen.'),
    freeText(17, 'Behöver ständig tillsyn för att inte springa ut i trafiken.'),
  ].join('\n')

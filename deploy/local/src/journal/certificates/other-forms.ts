import { basedOn, diagnosisRows, freeText, icd10Faulty, yesOrNo } from './answers.ts'
import type { Diagnosis } from './answers.ts'
import type { Calendar } from './calendar.ts'
import { texts } from './texts.ts'
import { code, period, quantity, rows, svar, text, yesNo } from './wire.ts'

/** IGRAV (FK 7210): the day on which the child is expected. */
export const fk7210 = (calendar: Calendar): string => freeText(54, calendar.day(142))

/** LUNSP (FK 3226, närståendepenning). */
export const fk3226 = (calendar: Calendar, list: readonly Diagnosis[]): string =>
  [
    basedOn(1, [{ kind: 'UNDERSOKNING', date: calendar.day(-5) }]),
    diagnosisRows(58, list, icd10Faulty),
    svar(52, {
      1: code('KV_FKMU_0009', 'AKUT_LIVSHOTANDE', 'Akut livshotande tillstånd'),
      3: text(calendar.day(-6)),
      4: text('Vårdas på intensivvårdsavdelning efter stor hjärninfarkt.'),
      5: yesNo(true),
      6: text(calendar.day(30)),
    }),
    svar(53, { 1: yesNo(true) }),
  ].join('\n')

/** AF00213: what Arbetsförmedlingen should know. */
export const af00213 = (): string =>
  [
    yesOrNo(1, true, texts.limits),
    yesOrNo(2, true, texts.limitsMind),
    yesOrNo(3, true, texts.planned),
    yesOrNo(4, false),
    freeText(5, texts.other),
  ].join('\n')

/** AF00251: absence from a labour market programme. */
export const af00251 = (calendar: Calendar): string =>
  [
    rows(1, [
      {
        1: code('FKMU_0001', 'UNDERSOKNING', 'Min undersökning av patienten'),
        2: text(calendar.day(-4)),
      },
    ]),
    svar(2, {
      1: text('Jobbsökarkurs & praktik på lager'),
      2: code('1.2.752.129.5.1.2', 'DELTID', 'Deltid'),
      3: quantity(20, 'h'),
    }),
    freeText(3, texts.findings),
    freeText(4, texts.limits),
    svar(5, { 1: yesNo(true) }),
    rows(6, [{ 1: quantity(50, '%'), 2: period(calendar.day(-3), calendar.day(18)) }]),
    yesOrNo(7, true, texts.measures),
    svar(8, {
      1: code('1.2.752.129.5.1.3', 'ATERGA_MED_ANPASSNING', 'Patienten kan återgå med anpassning'),
      2: text(texts.measures),
    }),
  ].join('\n')

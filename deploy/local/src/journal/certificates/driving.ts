import { diagnosisRows, freeText, icd10Legacy } from './answers.ts'
import type { Diagnosis } from './answers.ts'
import type { Calendar } from './calendar.ts'
import { code, rows, svar, text, year, yesNo } from './wire.ts'

const purposes = '24c41b8d-258a-46bf-a08a-b90738b28770'
const licences = 'e889fa20-1dee-4f79-8b37-03853e75a9f8'
const identityChecks = 'e7cc8f30-a353-4c42-b17a-a189b6876647'
const careLevels = '1.2.752.129.5.1.28'

const identity = svar(2, { 1: code(identityChecks, 'IDK1', 'ID-kort') })
const noes = (...ids: number[]) => ids.map((id) => svar(id, { 1: yesNo(false) })).join('\n')

/** TSTRK1007 7.0 (ts-bas). Visual acuity has a decimal comma. */
export const tsBas = (calendar: Calendar): string =>
  [
    rows(1, [{ 1: code(purposes, 'IAV3', 'C') }, { 1: code(purposes, 'IAV9', 'Taxi') }]),
    identity,
    noes(3, 4, 5, 6, 7),
    svar(8, {
      1: yesNo(false),
      2: text('0,8'),
      3: text('0,7'),
      4: text('1,0'),
      5: text('1,0'),
      6: text('0,9'),
      7: text('1,2'),
      8: yesNo(false),
      9: yesNo(false),
    }),
    noes(10, 11, 12, 13, 14, 15, 16, 17, 20, 21, 22, 23, 24),
    svar(25, { 1: yesNo(false), 2: yesNo(false) }),
    noes(26, 27, 28, 29),
    svar(30, {
      1: yesNo(true),
      2: text(calendar.year(-400)),
      3: text('Norrskenets sjukhus, ögonkliniken & kirurgen'),
      4: text('Operation av grå starr'),
    }),
    svar(31, { 1: yesNo(true), 2: text('Enalapril 5 mg × 1') }),
    freeText(32, 'Väl inställt blodtryck, < 140/90 vid upprepade mätningar.'),
    rows(33, [{ 1: code(licences, 'VAR3', 'C') }, { 1: code(licences, 'VAR9', 'Taxi') }]),
  ].join('\n')

/** TSTRK1031 4.2 (ts-diabetes): numbers that mean other things in version 3. */
export const tsDiabetes = (calendar: Calendar): string =>
  [
    rows(1, [{ 1: code(licences, 'VAR16', 'B') }, { 1: code(licences, 'VAR3', 'C') }]),
    identity,
    svar(205, { 1: code(careLevels, 'VN1', 'Primärvård') }),
    svar(35, { 1: year(calendar.year(-4000)) }),
    svar(18, { 1: code(icd10Legacy, 'E109', 'Diabetes mellitus typ 1') }),
    svar(207, { 1: yesNo(true) }),
    svar(208, { 1: yesNo(true) }),
    svar(209, { 1: yesNo(true), 2: yesNo(false), 3: yesNo(false) }),
    svar(210, { 1: year(calendar.year(-3900)) }),
    ...[200, 201, 110, 202].map((id) => svar(id, { 1: yesNo(true) })),
    noes(106, 107, 203),
    svar(204, { 1: yesNo(true) }),
    svar(206, { 1: yesNo(false) }),
    rows(33, [{ 1: code(licences, 'VAR16', 'B') }, { 1: code(licences, 'VAR3', 'C') }]),
    freeText(32, 'Kontrollerar blodsockret före & under längre körning (> 2 timmar).'),
  ].join('\n')

/** TSTRK1062 (ADHD and the like). */
export const tstrk1062 = (calendar: Calendar, list: readonly Diagnosis[]): string =>
  [
    rows(1, [{ 1: code(purposes, 'IAV15', 'B') }]),
    identity,
    rows(
      51,
      list.map(({ code: value, name }) => ({
        1: code(icd10Legacy, value, name),
        2: text(name),
        3: year(calendar.year(-2000)),
      })),
    ),
    svar(53, { 1: yesNo(true) }),
    svar(54, { 1: yesNo(true) }),
    freeText(55, 'Metylfenidat 36 mg × 1'),
    ...[56, 57, 58].map((id) => svar(id, { 1: yesNo(true) })),
    freeText(
      60,
      'Symtomen är lindriga med medicin.\nSkoter & bil fungerar väl enligt patient och anhörig.',
    ),
    svar(61, { 1: yesNo(true) }),
    rows(33, [{ 1: code(licences, 'VAR16', 'B') }]),
  ].join('\n')

/** A type that no catalogue knows yet. */
export const unknownForm = (calendar: Calendar, list: readonly Diagnosis[]): string =>
  [
    freeText(
      1,
      'Ny blankett som ännu inte finns i någon katalog.\nText & <tecken> ska ändå visas.',
    ),
    svar(2, { 1: text(calendar.day(-3)), 2: yesNo(true) }),
    diagnosisRows(3, list),
  ].join('\n')

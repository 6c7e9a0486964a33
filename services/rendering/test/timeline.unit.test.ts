import type { CellValue } from '@minaintyg/certificate-model'
import { timelineOf } from '../src/drawing/timeline.ts'
import { wordingFor } from '../src/drawing/wording.ts'
import { code, sickLeave, text } from './certificates.ts'

const wording = wordingFor('sv')
const half = code('HALFTEN', '50 procent', 'KV_FKMU_0003')
const period = (from: string | null, to: string | null) => ({ type: 'period' as const, from, to })
const table = (...rows: CellValue[][]) => ({ type: 'table' as const, columns: [], rows })

describe('the timeline of a table', () => {
  test('has a bar for each row, filled by the degree, whose last day counts', () => {
    const bars = timelineOf(sickLeave(), wording)
    expect(bars?.map(({ share }) => share)).toEqual([1, 0.75, 0.5, 0.25])
    expect(bars?.map(({ from, to }) => to - from)).toEqual([14, 17, 20, 27])
    expect(bars?.[0]).toMatchObject({ label: '100 procent', period: '2026-03-01 – 2026-03-14' })
  })

  test('fills the bar of a degree that it does not know', () => {
    const unknown = table([code('NYTT', 'Nytt'), period('2026-03-01', '2026-03-01')])
    expect(timelineOf(unknown, wording)).toMatchObject([{ share: 1 }])
  })

  test.each<[string, CellValue[][]]>([
    ['there is no row', []],
    ['a period has no end', [[half, period('2026-03-01', null)]]],
    ['a date is but a month', [[half, period('2026-03', '2026-04-01')]]],
    ['a date does not exist', [[half, period('2026-02-31', '2026-99-01')]]],
    ['a period ends before it begins', [[half, period('2026-03-02', '2026-03-01')]]],
    ['one row is of another kind', [[half, period('2026-03-01', '2026-03-02')], [text('x')]]],
    ['it would span decades', [[half, period('1990-01-01', '2026-03-01')]]],
    ['rows are many', Array<CellValue[]>(13).fill([half, period('2026-03-01', '2026-03-02')])],
  ])('is none where %s', (_why, rows) => {
    expect(timelineOf(table(...rows), wording)).toBeUndefined()
  })
})

import type { Situation } from '../src/guides/guide-schemas.ts'
import { dateOfDay, sickLeaveGuide } from '../src/guides/sick-leave-model.ts'

const situations = ['employed', 'self-employed', 'job-seeker', 'student', 'parental-leave'] as const

describe('the date of a day of the sick leave', () => {
  test.each([
    ['the first is the day itself', '2026-11-23', 1, '2026-11-23'],
    ['within a month', '2026-11-02', 15, '2026-11-16'],
    ['over the end of a month of 30', '2026-11-23', 15, '2026-12-07'],
    ['over the end of a month of 31', '2026-12-20', 8, '2026-12-27'],
    ['over the end of a year', '2026-12-28', 8, '2027-01-04'],
    ['over a 28 February', '2026-02-25', 8, '2026-03-04'],
    ['over a 29 February', '2028-02-25', 8, '2028-03-03'],
    ['on a 29 February', '2028-02-15', 15, '2028-02-29'],
    ['from a 29 February', '2028-02-29', 15, '2028-03-14'],
    ['over the night that loses an hour', '2026-03-28', 8, '2026-04-04'],
    ['over the night that gains one', '2026-10-24', 15, '2026-11-07'],
    ['in a year of a century that leaps', '2000-02-22', 8, '2000-02-29'],
  ])('%s', (_what, from, day, date) => {
    expect(dateOfDay(from, day)).toBe(date)
  })

  test('moves by one with every day of four years', () => {
    const days = Array.from({ length: 1461 }, (_, index) => dateOfDay('2026-01-01', index + 1))
    expect(new Set(days).size).toBe(1461)
    expect(days).toEqual(days.toSorted())
    expect(days.at(-1)).toBe('2029-12-31')
  })
})

describe('the guide', () => {
  const daysOf = (situation: Situation) =>
    sickLeaveGuide(situation, '2028-02-20', 'sv').steps.map(({ id, day, date }) => [id, day, date])

  test('has an employee report on day 1, need a certificate after day 7, and apply from day 15', () => {
    expect(daysOf('employed')).toEqual([
      ['report-to-employer', 1, '2028-02-20'],
      ['certificate-to-employer', 8, '2028-02-27'],
      ['apply-for-sickness-benefit', 15, '2028-03-05'],
    ])
  })

  test.each(situations.slice(1))('has others (%s) report to Försäkringskassan', (situation) => {
    expect(daysOf(situation)).toEqual([
      ['report-to-forsakringskassan', 1, '2028-02-20'],
      ['apply-and-send', 8, '2028-02-27'],
    ])
  })

  test('says something of its own for each situation, in both languages', () => {
    for (const language of ['sv', 'en'] as const) {
      const texts = situations.map((situation) => {
        const guide = sickLeaveGuide(situation, '2026-11-02', language)
        expect(guide).toMatchObject({ situation, from: '2026-11-02', language })
        return JSON.stringify(guide.steps)
      })
      expect(new Set(texts).size).toBe(situations.length)
    }
    const [sv, en] = (['sv', 'en'] as const).map((language) =>
      sickLeaveGuide('student', '2026-11-02', language).steps.map(({ title }) => title),
    )
    expect(sv?.[0]).toBe('Sjukanmäl dig till Försäkringskassan')
    expect(en?.[0]).toBe('Report sick to Försäkringskassan')
  })
})

import { isCalendarDate, swedishTimeToUtc } from '../src/rivta/swedish-time.ts'

test.each([
  ['winter', '2026-01-15T12:00:00', '2026-01-15T11:00:00.000Z'],
  ['summer', '2026-07-15T12:00:00', '2026-07-15T10:00:00.000Z'],
  ['the second before spring forward', '2026-03-29T01:59:59', '2026-03-29T00:59:59.000Z'],
  ['the hour that spring skips', '2026-03-29T02:30:00', '2026-03-29T01:30:00.000Z'],
  ['the second after spring forward', '2026-03-29T03:00:00', '2026-03-29T01:00:00.000Z'],
  ['the hour that autumn has twice', '2026-10-25T02:30:00', '2026-10-25T00:30:00.000Z'],
  ['the hour after it', '2026-10-25T03:00:00', '2026-10-25T02:00:00.000Z'],
  ['fractions', '2026-01-15T12:00:00.123', '2026-01-15T11:00:00.000Z'],
  ['a zone that is written', '2026-01-15T12:00:00Z', '2026-01-15T12:00:00.000Z'],
  ['an offset that is written', '2026-01-15T12:00:00+02:00', '2026-01-15T10:00:00.000Z'],
  ['a date alone', '2026-01-15', '2026-01-14T23:00:00.000Z'],
])('reads %s', (_, local, utc) => {
  expect(swedishTimeToUtc(local)).toBe(utc)
})

test.each([
  '2026-02-31T10:00:00',
  '2026-13-01T10:00:00',
  '2026-01-01T25:00:00',
  '2026-01-01T10:00:00+99:99',
  '0000-01-01T00:00:00',
  '2026-02-30',
  'i går',
  '',
  null,
])('gives null for %p', (local) => {
  expect(swedishTimeToUtc(local)).toBeNull()
})

test('knows which dates there are', () => {
  expect(isCalendarDate('2024-02-29')).toBe(true)
  expect(isCalendarDate('2025-02-29')).toBe(false)
  expect(isCalendarDate('2025-2-9')).toBe(false)
})

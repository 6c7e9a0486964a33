const local =
  /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}):(\d{2})(\.\d+)?)?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?$/

const stockholm = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Stockholm',
  timeZoneName: 'longOffset',
})

function formattedOffset(at: number): number {
  const name = stockholm.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign, hours, minutes] = /GMT([+-])(\d{2}):(\d{2})/.exec(name) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0))
}

const day = 86_400_000
const offsetsAtMidnight = new Map<number, number>()
const mostDays = 20_000

function offsetAtMidnight(date: number): number {
  const before = offsetsAtMidnight.get(date)
  if (before !== undefined) return before
  const offset = formattedOffset(date * day)
  if (offsetsAtMidnight.size >= mostDays) offsetsAtMidnight.clear()
  offsetsAtMidnight.set(date, offset)
  return offset
}

/** Minutes before UTC in Sweden at an instant. Intl is slow, and only two days of a year have two offsets. */
function offsetMinutes(at: number): number {
  const date = Math.floor(at / day)
  const offset = offsetAtMidnight(date)
  return offset === offsetAtMidnight(date + 1) ? offset : formattedOffset(at)
}

const calendarDate = /^(\d{4})-(\d{2})-(\d{2})$/
const longMonths = new Set([1, 3, 5, 7, 8, 10, 12])

function daysOf(year: number, month: number): number {
  if (month < 1 || month > 12) return 0
  if (month !== 2) return longMonths.has(month) ? 31 : 30
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}

/** Whether a YYYY-MM-DD stands in the calendar. */
export function isCalendarDate(value: string): boolean {
  const match = value.length === 10 ? calendarDate.exec(value) : null
  if (match === null) return false
  const day = Number(match[3])
  return day >= 1 && day <= daysOf(Number(match[1]), Number(match[2]))
}

/**
 * RIVTA writes Swedish local time without a zone; this gives the UTC instant.
 * The hour that autumn has twice is taken as its first, the one that spring skips as an hour later.
 * @returns null for what is no time
 */
export function swedishTimeToUtc(value: string | null): string | null {
  const match = local.exec(value?.trim() ?? '')
  if (match === null) return null
  const [, year, month, day, hour = '00', minute = '00', second = '00', , zone] = match
  const date = `${String(year)}-${String(month)}-${String(day)}`
  const utc = Date.parse(`${date}T${hour}:${minute}:${second}Z`)
  // Nobody signed anything before there was a standard time in Sweden.
  if (!isCalendarDate(date) || Number.isNaN(utc) || date < '1900' || date > '9000') return null
  if (zone !== undefined)
    return new Date(`${date}T${hour}:${minute}:${second}${zone}`).toISOString()
  const candidates = [offsetMinutes(utc - 86_400_000), offsetMinutes(utc + 86_400_000)]
    .map((offset) => ({ offset, at: utc - offset * 60_000 }))
    .sort((a, b) => a.at - b.at)
  const right = candidates.find(({ offset, at }) => offsetMinutes(at) === offset) ?? candidates[1]
  return right === undefined ? null : new Date(right.at).toISOString()
}

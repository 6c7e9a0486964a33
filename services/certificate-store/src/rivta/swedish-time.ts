const local = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}):(\d{2})(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/

const stockholm = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Stockholm',
  timeZoneName: 'longOffset',
})

function offsetMinutes(at: number): number {
  const name = stockholm.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign, hours, minutes] = /GMT([+-])(\d{2}):(\d{2})/.exec(name) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0))
}

/** Whether a YYYY-MM-DD stands in the calendar. */
export function isCalendarDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  const date = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)
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
  if (!isCalendarDate(date) || Number.isNaN(utc)) return null
  if (zone !== undefined)
    return new Date(`${date}T${hour}:${minute}:${second}${zone}`).toISOString()
  const candidates = [offsetMinutes(utc - 86_400_000), offsetMinutes(utc + 86_400_000)]
    .map((offset) => ({ offset, at: utc - offset * 60_000 }))
    .sort((a, b) => a.at - b.at)
  const right = candidates.find(({ offset, at }) => offsetMinutes(at) === offset) ?? candidates[1]
  return right === undefined ? null : new Date(right.at).toISOString()
}

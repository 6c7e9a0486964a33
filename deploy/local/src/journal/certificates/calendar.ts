/** Days and times around the day on which the journal is started. */
export interface Calendar {
  /** YYYY-MM-DD, so many days from today. */
  day(offset: number): string
  /** Swedish local time of that day without a zone. */
  time(offset: number, clock?: string): string
  /** The year of that day. */
  year(offset: number): string
}

const dayLength = 86_400_000

/** @param today any time of the day that counts as today */
export function createCalendar(today: Date): Calendar {
  const day = (offset: number) =>
    new Date(today.getTime() + offset * dayLength).toISOString().slice(0, 10)
  return {
    day,
    time: (offset, clock = '09:12:45') => `${day(offset)}T${clock}`,
    year: (offset) => day(offset).slice(0, 4),
  }
}

import { createCounter, createMeasured } from '@minaintyg/telemetry'

const fetches = createCounter({
  name: 'minaintyg_journal_fetches_total',
  help: 'Times that all certificates of a patient were asked for, by what came of it',
  labels: ['journal', 'outcome'],
})

/** 1 while a journal is left alone after failure upon failure. */
export const openBreakers = createMeasured({
  name: 'minaintyg_journal_breaker_open',
  help: 'Whether a journal is left alone, as it has failed again and again',
  labels: ['journal'],
})

export function countFetch(journal: string, outcome: string): void {
  fetches.inc({ journal, outcome })
}

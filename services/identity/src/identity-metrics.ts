import { createCounter } from '@minaintyg/telemetry'

const logIns = createCounter({
  name: 'minaintyg_log_ins_total',
  help: 'Log-ins that came back from the e-legitimation: succeeded, or the code of why not',
  labels: ['outcome'],
})
const sessionsEnded = createCounter({
  name: 'minaintyg_sessions_ended_total',
  help: 'Sessions that were ended before their time, by whom or what',
  labels: ['reason'],
})

/** Counts what is put on record. */
export function countAuditEvent({
  event,
  reason = 'unknown',
}: {
  event: string
  reason?: string
}): void {
  if (event === 'log-in') logIns.inc({ outcome: 'succeeded' })
  else if (event === 'log-in-failed') logIns.inc({ outcome: reason })
  else if (event === 'log-out') sessionsEnded.inc({ reason: 'log-out' })
  else if (event === 'session-ended') sessionsEnded.inc({ reason })
}

import { createMeasured } from '@minaintyg/telemetry'

const expiries = createMeasured({
  name: 'minaintyg_key_expires_timestamp_seconds',
  help: 'When a key or certificate stops being of use, or should have been followed by the next',
  labels: ['key'],
})

/** Tells when a key ends, so that somebody can be woken before. @returns what ends that */
export const watchExpiry = (
  key: string,
  expiresAt: () => Promise<Date | undefined> | Date | undefined,
): (() => void) =>
  expiries.watch(async () => {
    const at = await expiresAt()
    return at === undefined ? [] : [{ labels: { key }, value: at.getTime() / 1_000 }]
  })

import { until } from '@minaintyg/testing'

/** For what needs processes to start and connections to come back, on a machine that has much else to do. */
export const inTheEnd = (condition: () => boolean | Promise<boolean>) =>
  until(condition, { timeout: 60_000 })

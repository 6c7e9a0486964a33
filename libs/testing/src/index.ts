export { createRecordingBus } from './recording-bus.ts'
export { createTestDatabase } from './database.ts'
export type { TestDatabase } from './database.ts'
export { createTestTokens } from './tokens.ts'
export type { TestTokens } from './tokens.ts'
export { createLogSink } from './log-sink.ts'
export { expectProblem } from './problem.ts'
export { scannedChild } from './scan/scanned-child.ts'
export { scanDatabase } from './scan/database-scan.ts'
export { planted } from './scan/planted.ts'
export { until } from './until.ts'
export { freePort } from './free-port.ts'
export { findRabbitmq } from './find-rabbitmq.ts'
export { rabbitmqUrl, describeWithRabbitmq } from './rabbitmq.ts'
export {
  describeWithPrivateRabbitmq,
  hasRabbitmq,
  startPrivateRabbitmq,
} from './private-rabbitmq.ts'
export type { PrivateRabbitmq } from './private-rabbitmq.ts'
export { sharedFolder, describeWithShared } from './shared-folder.ts'

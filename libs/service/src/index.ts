export { createServer } from './server.ts'
export type { ServerOptions } from './server.ts'
export type { Caller, Server } from './fastify.ts'
export { runService, startService } from './service.ts'
export type { Service, Worker } from './service.ts'
export { createPeriodicWorker } from './periodic-worker.ts'
export { remoteAuthentication } from './authentication.ts'
export type { Authentication, KeySource } from './authentication.ts'
export { createServiceClient } from './service-client.ts'
export type {
  ServiceClient,
  ServiceClientOptions,
  ServiceRequest,
  ServiceResponse,
} from './service-client.ts'
export { createCredentials, resourceOf } from './credentials.ts'
export type { Credentials } from './credentials.ts'
export { createSigner } from './signer.ts'
export type { Signer } from './signer.ts'
export { keySetRoute } from './key-set-route.ts'
export { createLogger } from './logger.ts'
export { Problem, serviceErrors } from './problem.ts'
export { problemResponse } from './problem-response.ts'
export { budgetHeader, budgetWithin } from './budget.ts'
export { continueTrace } from './trace.ts'
export type { Trace } from './trace.ts'
export { preferredLanguage } from './language.ts'
export type { Language } from './language.ts'

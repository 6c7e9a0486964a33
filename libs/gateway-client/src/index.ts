import type { components } from './gateway-types.ts'

/** Everything that the API answers with, by name: `Schemas['Certificate']`. */
export type Schemas = components['schemas']
export type { operations, paths } from './gateway-types.ts'
export { ask, createGatewayClient } from './client.ts'
export type { GatewayClient, GatewayClientOptions } from './client.ts'
export { follow } from './follow.ts'
export type { FollowOptions } from './follow.ts'
export { goToLogIn, logInUrl, logOut } from './log-in.ts'
export type { Place } from './log-in.ts'
export { items, pages } from './paging.ts'
export { ProblemError, isPassing, isSessionEnded, localCodes } from './problem.ts'
export type { LocalCode, Problem, ProblemCode } from './problem.ts'
export { createSessionWatcher } from './session-watcher.ts'
export type { SessionWarning, SessionWatcher, SessionWatcherOptions } from './session-watcher.ts'
export { sentenceOf, sentenceOfError } from './sentences.ts'
export type { Language } from './sentences.ts'

export { startPostgres } from './start-postgres.ts'
export type { PostgresOptions, PostgresServer } from './start-postgres.ts'
export { PostgresError } from './postgres-error.ts'
export type { Logger } from './logger.ts'

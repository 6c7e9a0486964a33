export { createDatabase, isUniqueViolation, ping } from './database.ts'
export type { DatabaseOptions } from './database.ts'
export { migrate, pendingMigrations } from './migrate.ts'

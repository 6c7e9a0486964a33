export * from './values.ts'
export * from './certificate.ts'
export * from './type-rules.ts'
export * from './actions.ts'

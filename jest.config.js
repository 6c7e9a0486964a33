import { testPersons } from './deploy/local/src/test-persons.ts'

/** Who must stand in no log, address, token or event of a test. */
const names = testPersons.flatMap(({ name }) =>
  name === null ? [] : [name.family, `${name.given} ${name.family}`],
)

/** One project for all workspaces; `npx jest services/consent` runs a part of it. */
export default {
  testMatch: [
    '<rootDir>/{libs,services}/*/test/**/*.test.ts',
    '<rootDir>/deploy/local/test/**/*.test.ts',
  ],
  testEnvironment: '<rootDir>/libs/testing/src/global-environment.ts',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
  testEnvironmentOptions: {
    names,
    customExportConditions: ['source', 'node', 'node-addons'],
  },
  globalSetup: '<rootDir>/libs/testing/src/global-setup.ts',
  globalTeardown: '<rootDir>/libs/testing/src/global-teardown.ts',
  reporters: ['default', '<rootDir>/libs/testing/src/closing-line-reporter.js'],
  testTimeout: 30_000,
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
}

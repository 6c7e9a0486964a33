import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { jest } from '@jest/globals'

jest.setTimeout(60_000)

const root = join(import.meta.dirname, '../../..')
const config = JSON.stringify({
  rootDir: root,
  testMatch: ['<rootDir>/libs/testing/test/leaks/*.fixture.ts'],
  testEnvironment: '<rootDir>/libs/testing/src/global-environment.ts',
  testEnvironmentOptions: {
    names: ['Testsson'],
    customExportConditions: ['source', 'node', 'node-addons'],
  },
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
})

/** A run of its own, of a test that lets something out in these ways. */
function run(ways: readonly string[], leaked: string) {
  const { NODE_OPTIONS = '', ...env } = process.env
  delete env['MINAINTYG_SCAN_FOLDER']
  delete env['MINAINTYG_TEST_FOLDER']
  const options = {
    cwd: root,
    env: {
      ...env,
      NODE_OPTIONS: NODE_OPTIONS.replace(/ ?--import=\S+/, ''),
      LEAKS: ways.join(),
      LEAKED: leaked,
    },
  }
  const args = [join(root, 'node_modules/jest/bin/jest.js'), '--config', config, '--runInBand']
  return new Promise<{ isGreen: boolean; output: string }>((resolve) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      resolve({ isGreen: error === null, output: stdout + stderr })
    })
  })
}

const number = ['1912', '1212', '1212'].join('')
const places = {
  'injected-address': 'in an address',
  'injected-token': 'in a token',
  'address-that-is-asked': 'in an address',
  'address-in-percent': 'in an address',
  'address-of-a-plain-request': 'in an address',
  'header-that-is-sent': 'in a header',
  'assertion-in-a-form': 'in a token',
  'planted-and-stored': 'in a table',
  'text-column': 'in a table',
  'JSON-column': 'in a table',
  'column-of-bytes': 'in a table',
  'column-of-a-list': 'in a table',
  'event-that-is-stored': 'in an event',
  'output-of-a-child': 'in a log line',
  'address-that-a-child-asks': 'in an address',
}
const inLogs = ['log-line', 'quiet-log-line']

test('a test fails that lets a number out, however it does, and it is said where', async () => {
  const { isGreen, output } = await run(Object.keys(places), number)
  expect(isGreen).toBe(false)
  expect(output).toContain('leaking.fixture.ts let personal data out')
  const lines = output.split('\n').filter((line) => line.includes('a personal identity number'))
  const told = Object.keys(places).map((way) => {
    const line = lines.find((each) => each.includes(way)) ?? ''
    return [way, / in an? [a-z ]+(?=:)/.exec(line)?.[0].trim()]
  })
  expect(Object.fromEntries(told)).toEqual(places)
  expect(output).not.toContain(number)
})

test.each([
  ['a name', 'Test Testsson', 'a test person’s name in a log line'],
  [
    'ten digits, which the log does not blot out',
    number.slice(2),
    'a personal identity number in a log line',
  ],
])('a test fails whose log holds %s, also where nobody reads it', async (_what, leaked, told) => {
  const { isGreen, output } = await run(inLogs, leaked)
  expect(isGreen).toBe(false)
  const lines = output.split('\n').filter((line) => line.includes(told))
  expect(lines).toHaveLength(2)
  expect(lines.join('\n')).not.toContain(leaked)
})

test('a test passes where the log blots out twelve digits, bodies are between two, and it is meant', async () => {
  const ways = [...inLogs, 'body-that-is-not-looked-at', 'planted-address']
  const { isGreen, output } = await run(ways, number)
  expect([isGreen, output]).toEqual([true, output])
})

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment'
import { TestEnvironment } from 'jest-environment-node'
import { listen } from './scan/listen.ts'
import { describeFindings } from './scan/describe-findings.ts'
import { openRunFolder, readRunFolder } from './scan/run-folder.ts'

const preload = pathToFileURL(join(import.meta.dirname, 'scan/child-process.ts')).toString()

/**
 * Where a test file runs: all that it and its processes ask, answer, log and store is looked through for personal
 * identity numbers and test persons' names. What is found fails the file.
 */
export default class ScannedEnvironment extends TestEnvironment {
  readonly #file: string
  readonly #names: string[]
  #folder = ''
  #stop: () => void = () => undefined
  #nodeOptions: string | undefined

  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    super(config, context)
    this.#file = relative(config.globalConfig.rootDir, context.testPath)
    this.#names = (config.projectConfig.testEnvironmentOptions['names'] ?? []) as string[]
  }

  override async setup(): Promise<void> {
    await super.setup()
    const runFolder = process.env['MINAINTYG_TEST_FOLDER'] ?? tmpdir()
    mkdirSync(join(runFolder, 'scan'), { recursive: true })
    this.#folder = mkdtempSync(join(runFolder, 'scan', 'file-'))
    const run = openRunFolder(this.#folder)
    const recorder = run.createRecorder(this.#names)
    const end = listen(recorder)
    this.#stop = () => {
      end()
      run.writeCounts(recorder)
    }
    this.#nodeOptions = process.env['NODE_OPTIONS']
    const variables = {
      NODE_OPTIONS: `${this.#nodeOptions ?? ''} --import=${preload}`,
      MINAINTYG_SCAN_FOLDER: this.#folder,
      MINAINTYG_SCAN_NAMES: JSON.stringify(this.#names),
    }
    // Node's own default for a child is the outer one; what tests hand on is theirs.
    Object.assign(process.env, variables)
    Object.assign(this.global.process.env, variables)
  }

  override async teardown(): Promise<void> {
    this.#stop()
    if (this.#nodeOptions === undefined) delete process.env['NODE_OPTIONS']
    else process.env['NODE_OPTIONS'] = this.#nodeOptions
    delete process.env['MINAINTYG_SCAN_FOLDER']
    await super.teardown()
    const { findings } = readRunFolder(this.#folder)
    if (process.env['MINAINTYG_TEST_FOLDER'] === undefined) {
      rmSync(this.#folder, { recursive: true, force: true })
    }
    if (findings.length > 0) throw new Error(describeFindings(this.#file, findings))
  }
}

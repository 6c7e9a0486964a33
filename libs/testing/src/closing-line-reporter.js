import { readdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { readRunFolder } from './scan/run-folder.ts'

/** How much of the run was looked through for personal data; what was found has failed its file. */
function scanned() {
  const folder = join(process.env['MINAINTYG_TEST_FOLDER'] ?? '', 'scan')
  const totals = {}
  try {
    for (const name of readdirSync(folder)) {
      for (const [channel, count] of Object.entries(readRunFolder(join(folder, name)).counts)) {
        totals[channel] = (totals[channel] ?? 0) + count
      }
    }
  } catch {
    return 'Nothing was looked through for personal data'
  }
  const parts = Object.entries(totals).map(([channel, count]) => `${count} of ${channel}`)
  return `Looked through for personal data: ${parts.join(', ')}`
}

/** Where FAILED_TESTS names a file: a line for each test file that failed, so that a build can run those once more. */
function writeFailedTests(results) {
  const list = process.env['FAILED_TESTS']
  if (list === undefined) return
  const files = results.testResults.filter((file) => file.testExecError || file.numFailingTests > 0)
  writeFileSync(list, files.map((file) => `${relative('', file.testFilePath)}\n`).join(''))
}

/** Prints the closing line that build servers read: `N passed, N failed`, alone on the last line. */
export default class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const suitesThatDidNotRun = results.testResults.filter((file) => file.testExecError).length
    const skipped = results.numPendingTests + results.numTodoTests
    const failed = results.numFailedTests + suitesThatDidNotRun
    const looked = scanned()
    writeFailedTests(results)
    const tail = skipped > 0 ? `, ${skipped} skipped` : ''
    // Jest prints its own summary after every reporter, so that the last line is only ours at exit.
    process.once('exit', () => {
      process.stdout.write(
        `\n${looked}\n\n${results.numPassedTests} passed, ${failed} failed${tail}\n`,
      )
    })
  }
}

/** Prints the closing line that build servers read: `N passed, N failed`, alone on the last line. */
export default class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const suitesThatDidNotRun = results.testResults.filter((file) => file.testExecError).length
    const skipped = results.numPendingTests + results.numTodoTests
    const failed = results.numFailedTests + suitesThatDidNotRun
    const tail = skipped > 0 ? `, ${skipped} skipped` : ''
    // Jest prints its own summary after every reporter, so that the last line is only ours at exit.
    process.once('exit', () => {
      process.stdout.write(`\n${results.numPassedTests} passed, ${failed} failed${tail}\n`)
    })
  }
}

const { writeSync } = require("node:fs");

/** Ends a run with one plain line that says how many tests ran, for people and for CI. */
class CountReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites }) {
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : "";
    // At exit, because Jest prints its own summary after every reporter.
    process.once("exit", () => writeSync(2, `\n${numPassedTests} passed, ${failed} failed${skipped}\n`));
  }
}

module.exports = CountReporter;

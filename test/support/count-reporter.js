const { mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join, sep } = require("node:path");

const END_TO_END = `${sep}test${sep}e2e${sep}`;

/** Ends a run with plain lines that say how many tests ran, and the end-to-end ones where, for people and for CI. */
class CountReporter {
  constructor() {
    // Jest's workers inherit it; test/support/tally.ts writes there.
    this.folder = mkdtempSync(join(tmpdir(), "cdktf-maas-tally-"));
    process.env.MAAS_E2E_TALLY = join(this.folder, "tally.jsonl");
    writeFileSync(process.env.MAAS_E2E_TALLY, "");
  }

  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = results;
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : "";
    const where = this.endToEnd(results);
    rmSync(this.folder, { recursive: true, force: true });
    // At exit, because Jest prints its own summary after every reporter.
    process.once("exit", () => writeSync(2, `\n${where}${numPassedTests} passed, ${failed} failed${skipped}\n`));
  }

  /** Where the end-to-end tests ran; empty when there were none. */
  endToEnd({ testResults }) {
    const tests = testResults
      .filter(({ testFilePath }) => testFilePath.includes(END_TO_END))
      .flatMap(({ testFilePath, testResults: ofFile }) =>
        ofFile.map(({ fullName, status }) => ({ testFilePath, fullName, status })),
      );
    if (tests.length === 0) return "";
    const lines = readFileSync(process.env.MAAS_E2E_TALLY, "utf8").split("\n");
    const onRegion = new Set(lines);
    const ran = tests.filter(({ status }) => status === "passed" || status === "failed");
    const there = ran.filter(({ testFilePath, fullName }) => onRegion.has(JSON.stringify([testFilePath, fullName])));
    const { MAAS_E2E_URL: url } = process.env;
    const shared = url === undefined ? "" : `${there.length} on ${url}, `;
    return `end to end: ${shared}${ran.length - there.length} on simulators of their own, ${tests.length - ran.length} skipped\n`;
  }
}

module.exports = CountReporter;

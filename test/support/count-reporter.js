const { execFileSync } = require("node:child_process");
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
    this.filesBefore = changedFiles();
    this.left = [];
  }

  /** Jest takes an error here for a failed run. */
  getLastError() {
    return this.left.length === 0 ? undefined : new Error("the tests have left or changed files of the repository");
  }

  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = results;
    this.left = changedFiles().filter((file) => !this.filesBefore.includes(file));
    const failed = numFailedTests + numRuntimeErrorTestSuites + (this.left.length === 0 ? 0 : 1);
    const left =
      this.left.length === 0
        ? ""
        : `the tests have left or changed files of the repository:\n${this.left.join("\n")}\n`;
    const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : "";
    const where = this.endToEnd(results);
    rmSync(this.folder, { recursive: true, force: true });
    // At exit, because Jest prints its own summary after every reporter.
    process.once("exit", () => writeSync(2, `\n${left}${where}${numPassedTests} passed, ${failed} failed${skipped}\n`));
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

/** What `git status` lists. Empty outside CI, where people edit while tests run. */
function changedFiles() {
  if (process.env.CI !== "true") return [];
  const status = execFileSync("git", ["status", "--porcelain", "--untracked-files=all"], { encoding: "utf8" });
  return status.split("\n").filter((line) => line !== "");
}

module.exports = CountReporter;

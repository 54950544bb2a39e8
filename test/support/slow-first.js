const { default: Sequencer } = require("@jest/test-sequencer");

/**
 * Small files, or folders of them, whose tests take long: without times of an earlier run Jest begins with large files, and would
 * end with these. The count of operations is fast only in a new process: it goes through all functions that the process has loaded.
 */
const SLOW = [
  "test/growth.test.ts",
  "test/reconcile/fault-matrix.test.ts",
  "test/reconcile/engine/random-networks.test.ts",
  "test/e2e/",
  "test/demo.test.ts",
];

module.exports = class extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const slow = SLOW.flatMap((part) => sorted.filter(({ path }) => path.includes(part)));
    return [...new Set([...slow, ...sorted])];
  }
};

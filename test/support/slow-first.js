const { default: Sequencer } = require("@jest/test-sequencer");

/**
 * Small files whose tests take long: without times of an earlier run Jest begins with large files, and would end with these. The
 * count of operations is fast only in a new process: it goes through all functions that the process has loaded.
 */
const SLOW = [
  "test/growth.test.ts",
  "test/reconcile/fault-matrix.test.ts",
  "test/reconcile/engine/random-networks.test.ts",
];

const isSlow = ({ path }) => SLOW.some((file) => path.endsWith(file));

module.exports = class extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return [...sorted.filter(isSlow), ...sorted.filter((test) => !isSlow(test))];
  }
};

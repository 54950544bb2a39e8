/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: "node",
  setupFiles: ["<rootDir>/test/support/retry-timeout.js", "<rootDir>/test/support/property-runs.js"],
  roots: ["<rootDir>/test", "<rootDir>/examples"],
  testMatch: ["**/*.test.ts"],
  testSequencer: "<rootDir>/test/support/slow-first.js",
  reporters: ["default", "<rootDir>/test/support/count-reporter.js"],
  // One more than the two cores of CI, as many tests wait for other processes and for retries. On a shared region the tests take turns.
  maxWorkers: process.env.MAAS_E2E_URL === undefined ? 3 : 1,
  // A worker keeps modules of the suites that it has run, and gets slow with them.
  workerIdleMemoryLimit: "800MB",
  moduleNameMapper: {
    "^cdktf-maas$": "<rootDir>/lib/index.ts",
    "^cdktf-maas/simulator$": "<rootDir>/src/simulator/index.ts",
    "^cdktf-maas/testing$": "<rootDir>/src/testing/index.ts",
    // The same parts of undici as in the programs: its whole index takes a tenth of a second in each file.
    "^undici$": "<rootDir>/scripts/undici-parts.js",
    // What the plugin loads when it is first needed is imported as Node would.
    "^\\./(configuration|provider-settings)\\.js$": "<rootDir>/src/provider/$1.ts",
    "^\\.\\./export/(expressible|selection)\\.js$": "<rootDir>/src/export/$1.ts",
  },
  transform: {
    "\\.ts$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
};

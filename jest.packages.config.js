// The packages as users install them, from their tarballs. Slow, and of another kind than test/: `npm run test:packages`.
const { moduleNameMapper, transform, reporters, setupFiles } = require("./jest.config");

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test-packages"],
  testMatch: ["**/*.test.ts"],
  globalSetup: "<rootDir>/test-packages/support/pack.ts",
  testTimeout: 600_000,
  maxWorkers: 2,
  ...{ moduleNameMapper, transform, reporters, setupFiles },
};

// PROPERTY_RUNS=25 plays each property 25 times as often as `npm test` does, for as long as it takes: CI draws other
// inputs each time, and what is rare is better found before it.
const factor = Number(process.env.PROPERTY_RUNS ?? "1");

if (factor !== 1) {
  if (!(factor > 0)) throw new Error(`PROPERTY_RUNS=${process.env.PROPERTY_RUNS} is not a number above 0`);
  const fastCheck = require("fast-check");
  const { assert } = fastCheck;
  fastCheck.assert = (property, parameters = {}) =>
    assert(property, { ...parameters, numRuns: Math.ceil((parameters.numRuns ?? 100) * factor) });
  // Where Jest has the limit of a test, whatever the file sets.
  const limit = { get: () => 2 ** 31 - 1, set: () => undefined, configurable: true };
  Object.defineProperty(globalThis, Symbol.for("TEST_TIMEOUT_SYMBOL"), limit);
}

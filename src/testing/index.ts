import { type CaveatMatchers, caveatMatchers } from "./matchers";

export { caveatMatchers, type CaveatMatchers } from "./matchers";
export { deployed, type DeployedRegion, DeploymentError, type DeployOptions } from "./deployed";
export type { ConstructLike } from "./stacks";

declare global {
  namespace jest {
    interface Matchers<R, T = {}> extends CaveatMatchers<R> {}
  }
}

/** What jest gives to a test file. */
interface Expect {
  extend(matchers: object): void;
}

/** The `expect` of the test that loads this file; with `injectGlobals: false` jest has it in a module alone. Undefined = outside of tests. */
function expectOfTest(): Expect | undefined {
  const { expect } = globalThis as { readonly expect?: Expect };
  if (expect !== undefined) return expect;
  try {
    return (module.require("@jest/globals") as { readonly expect: Expect }).expect;
  } catch {
    return undefined;
  }
}

expectOfTest()?.extend(caveatMatchers);

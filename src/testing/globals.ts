import type {} from "expect";
import type { CaveatMatchers } from "./matchers";

export * from "./index";

declare module "expect" {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends CaveatMatchers<R> {}
}

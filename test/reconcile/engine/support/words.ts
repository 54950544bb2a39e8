import type { Change } from "../../../../src/reconcile/engine/plan/diff";
import type { Step } from "../../../../src/reconcile/engine/plan/order";

/** `update subnet 10.0.0.0/24`: a change or a step in a few words. */
export const wordsOf = ({ action, kind, key }: Pick<Change, "action" | "kind" | "key">): string =>
  `${action} ${kind} ${key}`;

/** The steps, each with those that it waits for itself. */
export const waitsOf = (steps: readonly Step[]): Record<string, string[]> =>
  Object.fromEntries(
    steps.map((step) => [
      wordsOf(step),
      step.after.map((place) => steps[place]).flatMap((earlier) => (earlier === undefined ? [] : [wordsOf(earlier)])),
    ]),
  );

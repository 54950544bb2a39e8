import { createColors } from "picocolors";
import { ProgressLines } from "../../../src/cli/output/progress";
import { render, type Styled } from "../../../src/cli/output/styled";
import type { Step } from "../../../src/reconcile/engine/order";

const step: Step = {
  ...{ action: "create", kind: "subnet", key: "10.0.0.0/24", path: "lab/v4" },
  ...{ differences: [], desired: {}, after: [] },
};

let written = "";
const write = (text: Styled): void => void (written += render(text, createColors(false)));

beforeEach(() => {
  written = "";
  jest.useFakeTimers();
});

afterEach(() => jest.useRealTimers());

test("a step is told of when it begins, every ten seconds, and when it ends", () => {
  const progress = new ProgressLines(2, write);
  progress.show({ state: "started", step });
  jest.advanceTimersByTime(20_500);
  progress.show({ state: "done", step, ms: 20_480 });
  jest.advanceTimersByTime(60_000);
  expect(written.split("\n")).toEqual([
    "subnet 10.0.0.0/24: creating...",
    "subnet 10.0.0.0/24: still creating after 10.0 s...",
    "subnet 10.0.0.0/24: still creating after 20.0 s...",
    "subnet 10.0.0.0/24: created after 20.5 s (1/2)",
    "",
  ]);
});

test("a step that fails is told of, and counted", () => {
  const progress = new ProgressLines(1, write);
  progress.show({ state: "started", step });
  progress.show({ state: "failed", step, ms: 7.4, error: new Error("no") });
  expect(written).toBe("subnet 10.0.0.0/24: creating...\nsubnet 10.0.0.0/24: creating failed after 7 ms (1/1)\n");
});

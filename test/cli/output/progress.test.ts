import { Writable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { createColors } from "picocolors";
import { ProgressBar, ProgressLines } from "../../../src/cli/output/progress";
import { Output, render, type Styled } from "../../../src/cli/output/terminal";
import type { Step } from "../../../src/reconcile/engine/plan/order";

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

describe("progress bar", () => {
  const stepOf = (key: string): Step => ({
    ...{ action: "create", kind: "subnet", key, path: `lab/${key}` },
    ...{ differences: [], desired: {}, after: [] },
  });

  /** A terminal that keeps what it was sent. */
  function terminal(): { readonly stream: NodeJS.WriteStream; readonly text: () => string } {
    let sent = "";
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        sent += chunk.toString();
        done();
      },
    });
    const asTerminal = Object.assign(stream, { isTTY: true, columns: 100, rows: 24 }) as unknown as NodeJS.WriteStream;
    return { stream: asTerminal, text: () => stripVTControlCharacters(sent) };
  }

  test("a bar shows how far the run is and what is under way, and each end is a line above it", () => {
    const { stream, text } = terminal();
    const bar = new ProgressBar(4, new Output(stream));
    const steps = ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"].map(stepOf);
    const [first, second, third] = steps as [Step, Step, Step];
    for (const step of [first, second, third]) bar.show({ state: "started", step });
    bar.show({ state: "done", step: first, ms: 12 });
    bar.show({ state: "failed", step: second, ms: 7, error: new Error("no") });
    bar.log("Interrupted.\n");
    bar.end();
    expect(text()).toContain("subnet 10.0.0.0/24: created after 12 ms (1/4)\n");
    expect(text()).toContain("subnet 10.0.1.0/24: creating failed after 7 ms (2/4)\n");
    expect(text()).toContain("Interrupted.\n");
    expect(text()).toMatch(/█+░+ 2\/4 subnet 10\.0\.2\.0\/24/);
  });
});

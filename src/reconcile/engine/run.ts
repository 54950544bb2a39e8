import type { Step } from "./order";

/** How far a step is. */
export type Progress =
  | { readonly state: "started"; readonly step: Step }
  | { readonly state: "done"; readonly step: Step; readonly ms: number }
  | { readonly state: "failed"; readonly step: Step; readonly ms: number; readonly error: unknown };

/** What became of each step. Every step is in exactly one list, in the plan's order. */
export interface RunReport {
  readonly done: readonly Step[];
  readonly failed: readonly { readonly step: Step; readonly error: unknown }[];
  readonly notTried: readonly Step[];
}

export interface RunOptions {
  /** Steps at a time, where the order allows several. */
  readonly concurrency: number;
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the run after the steps that are under way. */
  readonly signal?: AbortSignal;
}

/**
 * Runs the steps, each after those that it waits for. The first failure ends the run: what is under way is finished,
 * since its result must be known, and nothing else is begun.
 */
export async function runSteps(
  steps: readonly Step[],
  execute: (step: Step) => Promise<void>,
  { concurrency, onProgress, signal }: RunOptions,
): Promise<RunReport> {
  const waitsFor = steps.map(({ after }) => new Set(after));
  const waiting = steps.map((): number[] => []);
  for (const [place, { after }] of steps.entries()) for (const earlier of after) waiting[earlier]?.push(place);
  const ready = steps.flatMap(({ after }, place) => (after.length === 0 ? [place] : []));
  const done = new Set<number>();
  const errors = new Map<number, unknown>();
  const mayGoOn = (): boolean => errors.size === 0 && signal?.aborted !== true;

  const runOne = async (place: number, step: Step): Promise<void> => {
    onProgress?.({ state: "started", step });
    const started = performance.now();
    const ms = (): number => performance.now() - started;
    try {
      await execute(step);
    } catch (error) {
      errors.set(place, error);
      onProgress?.({ state: "failed", step, ms: ms(), error });
      return;
    }
    done.add(place);
    onProgress?.({ state: "done", step, ms: ms() });
    for (const next of waiting[place] ?? []) {
      waitsFor[next]?.delete(place);
      if (waitsFor[next]?.size === 0) ready.push(next);
    }
  };

  const underWay = new Set<Promise<void>>();
  for (;;) {
    while (mayGoOn() && ready.length > 0 && underWay.size < concurrency) {
      ready.sort((a, b) => a - b);
      const place = ready.shift() ?? 0;
      const step = steps[place];
      if (step === undefined) break;
      const running: Promise<void> = runOne(place, step).finally(() => underWay.delete(running));
      underWay.add(running);
    }
    if (underWay.size === 0) break;
    await Promise.race(underWay);
  }
  const at = (isIn: (place: number) => boolean): Step[] => steps.filter((_, place) => isIn(place));
  return {
    done: at((place) => done.has(place)),
    failed: [...errors].flatMap(([place, error]) => {
      const step = steps[place];
      return step === undefined ? [] : [{ step, error }];
    }),
    notTried: at((place) => !done.has(place) && !errors.has(place)),
  };
}

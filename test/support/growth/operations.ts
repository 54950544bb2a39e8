import { type Profiler, Session } from "node:inspector";
import { setFlagsFromString } from "node:v8";

/** Methods that walk a whole array without calling back. */
const WALKS = ["includes", "indexOf", "lastIndexOf", "concat", "slice", "splice", "shift", "unshift", "join"] as const;

/** Counts what walks of arrays cost that no code of ours is called for. */
function countedWalks(): { readonly steps: () => number; readonly restore: () => void } {
  let steps = 0;
  const prototype = Array.prototype as unknown as Record<
    PropertyKey,
    (this: unknown[], ...given: unknown[]) => unknown
  >;
  const counted = [...WALKS, Symbol.iterator].map((name) => {
    const walk = prototype[name];
    if (walk === undefined) throw new Error(`arrays have no ${String(name)}`);
    prototype[name] = function (...given) {
      steps += this.length;
      return Reflect.apply(walk, this, given);
    };
    return [name, walk] as const;
  });
  return {
    steps: () => steps,
    restore: () => {
      for (const [name, walk] of counted)
        Object.defineProperty(Array.prototype, name, { value: walk, writable: true, configurable: true });
    },
  };
}

/**
 * Counts the operations of the library and the programs: how often each block of their code runs, and the elements of the
 * arrays that are walked without a callback. The same for the same work, however slow the machine is.
 */
export class OperationCounter {
  readonly #session = new Session();

  /** Code that is optimised while it runs calls what is inlined without a count, from a moment on that differs from run to run. */
  constructor() {
    for (const flag of ["--no-opt", "--no-maglev"]) setFlagsFromString(flag);
    this.#session.connect();
    this.#post("Profiler.enable");
    this.#post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  }

  stop(): void {
    this.#session.disconnect();
    for (const flag of ["--opt"]) setFlagsFromString(flag);
  }

  /** How many operations the work takes. */
  async of(work: () => unknown): Promise<number> {
    this.#taken();
    const walks = countedWalks();
    try {
      await work();
    } finally {
      walks.restore();
    }
    return this.#taken() + walks.steps();
  }

  /** What has been counted since the last look. */
  #taken(): number {
    const { result } = this.#post<Profiler.TakePreciseCoverageReturnType>("Profiler.takePreciseCoverage");
    return result
      .filter(({ url }) => /\/(lib|src)\/[^.]*\.ts$/.test(url) && !url.includes("node_modules"))
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count)))
      .reduce((sum, count) => sum + count, 0);
  }

  #post<T>(method: string, parameters?: object): T {
    let answer: unknown;
    this.#session.post(method, parameters, (error, result) => {
      if (error !== null) throw new Error(`${method} failed`, { cause: error });
      answer = result;
    });
    return answer as T;
  }
}

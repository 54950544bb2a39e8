import { z } from "zod";
import { randomNumbers } from "../text/random";
import { ProblemError } from "../../../lib/model/problem";

/** What can go wrong: a status in place of the work, a connection dropped before or after it, a body that trickles. */
const KINDS = ["409", "500", "502", "503", "504", "drop-before", "drop-after", "slow-body"] as const;

export type FaultKind = (typeof KINDS)[number];

/** One fault, and the calls that it hits. */
export interface FaultRule {
  readonly fault: FaultKind;
  /** Share of the matching calls, 0 to 1. */
  readonly rate: number;
  /** Only calls of these HTTP methods. */
  readonly methods?: string[] | undefined;
  /** Only calls whose path contains this text. */
  readonly path?: string | undefined;
  /** Stops after this many. */
  readonly times?: number | undefined;
}

export interface FaultSettings {
  /** Milliseconds before every reply. */
  readonly latency: number;
  readonly faults: FaultRule[];
  /** A run with the same seed and the same calls has the same faults. */
  readonly randomSeed: number;
}

/** What may be given: everything has a default. A rate left out is 1: all calls. */
export type FaultInput = Partial<Omit<FaultSettings, "faults">> & {
  readonly faults?: (Omit<FaultRule, "rate"> & { readonly rate?: number })[];
};

const faultRule: z.ZodType<FaultRule> = z.object({
  fault: z.enum(KINDS),
  rate: z.number().min(0).max(1).default(1),
  methods: z.array(z.string()).optional(),
  path: z.string().optional(),
  times: z.number().int().positive().optional(),
});

const faultSettings: z.ZodType<FaultSettings> = z.object({
  latency: z.number().nonnegative().default(0),
  faults: z.array(faultRule).default([]),
  randomSeed: z.number().int().default(1),
});

/** Settings that the simulator cannot take, with what is wrong and an example. */
export class FaultError extends ProblemError {
  override readonly name = "FaultError";
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super("MAAS-SIM-01", message, [], options);
  }
}

/** The faults in force. They can be changed while the simulator runs. */
export class Faults {
  private current: FaultSettings;
  private random: () => number;
  private readonly played = new Map<FaultRule, number>();

  /** @throws FaultError */
  constructor(input: FaultInput = {}) {
    this.current = parse(input);
    this.random = randomNumbers(this.current.randomSeed);
  }

  /** Settings as the command `simulate` takes them: `20ms`, and `409:0.05` or `drop-after` for each fault. @throws FaultError */
  static parse({ latency, faults }: { readonly latency: string; readonly faults: readonly string[] }): FaultInput {
    return { latency: parseLatency(latency), faults: faults.map(parseFault) };
  }

  get settings(): FaultSettings {
    return this.current;
  }

  /** Replaces all settings and starts the random numbers anew. @throws FaultError */
  set(input: FaultInput): void {
    this.current = parse(input);
    this.random = randomNumbers(this.current.randomSeed);
    this.played.clear();
  }

  clear(): void {
    this.set({});
  }

  /** The fault to play for this call, if any. */
  draw(method: string, path: string): FaultKind | undefined {
    for (const rule of this.current.faults) {
      if (rule.methods !== undefined && !rule.methods.includes(method)) continue;
      if (rule.path !== undefined && !path.includes(rule.path)) continue;
      const times = this.played.get(rule) ?? 0;
      if (rule.times !== undefined && times >= rule.times) continue;
      if (this.random() >= rule.rate) continue;
      this.played.set(rule, times + 1);
      return rule.fault;
    }
    return undefined;
  }
}

/** Reads `409:0.05` or `drop-after`: a fault and the share of calls it hits (all, when left out). @throws FaultError */
export function parseFault(spec: string): FaultRule {
  const [fault, rate, rest] = spec.split(":");
  const parsed = faultRule.safeParse({
    fault,
    ...(rate === undefined ? {} : { rate: rate === "" ? NaN : Number(rate) }),
  });
  if (parsed.success && rest === undefined) return parsed.data;
  throw new FaultError(
    `"${spec}" is not a fault; give one of ${KINDS.join(", ")} and a share of calls, as in 409:0.05`,
  );
}

/** Reads `20ms`, `1.5s` or a number of milliseconds. @throws FaultError */
export function parseLatency(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(text);
  if (match === null) throw new FaultError(`"${text}" is not a latency; give one such as 20ms or 1.5s`);
  return Number(match[1]) * (match[2] === "s" ? 1000 : 1);
}

function parse(input: FaultInput): FaultSettings {
  const parsed = faultSettings.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new FaultError(
    `these are no fault settings: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}; give some such as {"latency": 20, "faults": [{"fault": "409", "rate": 0.05}]}`,
  );
}

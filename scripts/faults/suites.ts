import { randomNumbers } from "../../src/simulator/text/random";
import type { Cell } from "./cell";
import { CONNECTION_FAULTS, restarts } from "./conditions";
import { FAULTS } from "./fault-kinds";
import type { Kill, Plot } from "./fault-proxy";
import { ENGINE, RETRY_TIMEOUT_S, type Rig } from "./rigs";
import { occasions, type Situation } from "./situation";

/** What is asked for of the suites. */
export interface Wanted {
  /** Only faults whose name contains it. */
  readonly fault: string;
  /** Only at that call, or moment. */
  readonly at?: number;
  /** Whether a fault stays: for one call, or for the rest of the command. */
  readonly lasting: readonly boolean[];
  /** Random moments at which each victim is killed. */
  readonly points: number;
  readonly seed: number;
  /** Seconds that a region is down, one of them too long to be waited for. */
  readonly outages: readonly number[];
}

type FaultName = Plot["fault"];

const atEachCall =
  (suite: SuiteName) =>
  (situation: Situation, faults: readonly FaultName[], lasting: readonly boolean[]): Cell[] =>
    faults.flatMap((fault) =>
      lasting.flatMap((lasts) =>
        Array.from({ length: occasions(situation, fault) }, (_, index) => ({
          ...{ suite, situation, fault, lasts, at: index + 1 },
        })),
      ),
    );

/** What can be killed of a program. */
export const victimsOf = (rig: Rig): readonly string[] =>
  rig.name === ENGINE.name ? ["cli"] : ["terraform", "plugin", "all"];

const TITLES = {
  before: "right before the commit",
  after: "right after the commit",
  during: "at a random moment",
} as const;

const killOf = (victim: string, when: Kill["when"]): Kill => ({
  ...{ name: `${victim === "all" ? "both" : victim} killed ${TITLES[when]}`, victim, when },
  ...(victim === "terraform" && { isHeard: true }),
});

function atMoments(situation: Situation, victim: string, { points, seed }: Wanted): Cell[] {
  const random = randomNumbers(seed);
  return Array.from({ length: points }, () => ({
    ...({ suite: "kills", situation, fault: killOf(victim, "during"), lasts: false } as const),
    at: Math.round(random() * situation.ms),
  }));
}

/** What can be played: all cells of a command, by what goes wrong. */
export const SUITES = {
  calls: {
    doc: "one call is answered wrongly, late or not at all",
    isNamed: false,
    cells: (situation: Situation, { lasting }: Wanted): Cell[] => atEachCall("calls")(situation, FAULTS, lasting),
  },
  connections: {
    doc: "TLS, DNS or one address family fails from one call on; in namespaces of its own, as root",
    isNamed: true,
    cells: (situation: Situation, { lasting }: Wanted): Cell[] =>
      atEachCall("connections")(situation, CONNECTION_FAULTS, lasting),
  },
  kills: {
    doc: "the program is killed (SIGKILL) around each change, and at random moments",
    isNamed: false,
    cells: (situation: Situation, wanted: Wanted): Cell[] =>
      victimsOf(situation.rig).flatMap((victim) => [
        ...atEachCall("kills")(situation, [killOf(victim, "before"), killOf(victim, "after")], [false]),
        ...atMoments(situation, victim, wanted),
      ]),
  },
  restarts: {
    doc: "the region is down for a while",
    isNamed: false,
    cells: (situation: Situation, { outages }: Wanted): Cell[] =>
      atEachCall("restarts")(situation, restarts(outages, RETRY_TIMEOUT_S), [false]),
  },
} as const;

export type SuiteName = keyof typeof SUITES;

export const SUITE_NAMES = Object.keys(SUITES) as SuiteName[];

/** The cells of a suite that are asked for. */
export const cellsOf = (suite: SuiteName, situation: Situation, wanted: Wanted): Cell[] =>
  SUITES[suite]
    .cells(situation, wanted)
    .filter(({ fault, at }) => fault.name.includes(wanted.fault) && (wanted.at === undefined || at === wanted.at));

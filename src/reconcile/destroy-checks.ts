import { setTimeout as sleep } from "node:timers/promises";
import type { Diagnostic } from "../../lib/model/diagnostic";
import type { Kind } from "../../lib/model/field";
import type { ManagedKindName } from "../../lib/model/kinds";
import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import type { Dependent, Effect } from "./dependents/dependent";
import type { Dependents } from "./dependents/dependents";
import { ObjectError } from "./object-error";
import { naturalName } from "./object-name";
import type { OwnObjects } from "./own-objects";
import type { Region } from "./region";

/** How many names a message lists at most. */
const NAMES_SHOWN = 10;

/** Milliseconds for which other destroys of the same run may still tell that an object is their own. */
const PATIENCE_MS = 2000;
const PAUSE_MS = 100;

const EFFECTS: Readonly<Record<Effect, string>> = {
  deleted: "MAAS deletes with it",
  moved: "MAAS moves to the fabric's default VLAN",
  changed: "MAAS takes away from these their reference to it",
  blocking: "MAAS refuses while these are in it",
};

function listed(dependents: readonly Dependent[]): string {
  const names = dependents.slice(0, NAMES_SHOWN).map(({ what }) => what);
  return `${names.join("; ")}${dependents.length > NAMES_SHOWN ? `; and ${dependents.length - NAMES_SHOWN} more` : ""}`;
}

function inWords(dependents: readonly Dependent[]): string {
  return (Object.keys(EFFECTS) as Effect[])
    .map((effect) => [effect, dependents.filter((dependent) => dependent.effect === effect)] as const)
    .filter(([, some]) => some.length > 0)
    .map(([effect, some]) => `${EFFECTS[effect]}: ${listed(some)}.`)
    .join(" ");
}

const isDeleted = ({ effect }: Dependent): boolean => effect === "deleted";

const wayOut = ({ type }: Kind): string =>
  `Remove or move it in MAAS first, or let it be deleted: set force_destroy = true on this ${type}, apply, then destroy (what counts is the value in the state).`;

/** What a destroy takes along beyond what the user's own state holds. */
export class DestroyChecks {
  constructor(
    private readonly region: Region,
    private readonly dependents: Dependents,
    private readonly own: OwnObjects,
  ) {}

  /** What the user should know of a planned destroy: what goes along that this run has not read as its own. */
  async planned(kind: Kind, prior: Attributes): Promise<Diagnostic[]> {
    const foreign = (await this.#of(kind, prior)).filter((dependent) => !this.own.has(dependent));
    return this.#warnings(kind, prior, foreign);
  }

  /**
   * The same of an object that is replaced. What refers to it is planned, and read, only after it: the ranges of its own
   * state can't be told from others here, so that only the destroy itself looks for those.
   */
  async replaced(kind: Kind, prior: Attributes): Promise<Diagnostic[]> {
    const foreign = (await this.#of(kind, prior)).filter(
      (dependent) => isDeleted(dependent) && dependent.object?.kind !== "ip_range" && !this.own.has(dependent),
    );
    return this.#warnings(kind, prior, foreign);
  }

  /**
   * Whether MAAS has to be forced: nodes use addresses of the object.
   *
   * @throws ObjectError when something would be deleted along that is not of the user's state, unless it is forced.
   */
  async requireAllowed(kind: Kind, prior: Attributes): Promise<{ readonly force: boolean }> {
    const all = await this.#of(kind, prior);
    const isForced = prior.force_destroy === true;
    if (!isForced) {
      const foreign = await this.#deletedForeign(all);
      if (foreign.length > 0) {
        throw new ObjectError(
          undefined,
          `the ${await this.#nameOf(kind, prior)} is not deleted: something that is not in this state would go with it`,
          `${inWords(foreign)} ${wayOut(kind)}`,
        );
      }
    }
    return { force: isForced || all.some(({ isInUse }) => isInUse === true) };
  }

  #of(kind: Kind, prior: Attributes): Promise<readonly Dependent[]> {
    return this.dependents.of(kind.name as ManagedKindName, textOf(prior.id), prior);
  }

  /** Objects without a reference between them are destroyed at once: those of the state make themselves known soon. */
  async #deletedForeign(all: readonly Dependent[]): Promise<readonly Dependent[]> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const foreign = all.filter((dependent) => isDeleted(dependent) && !this.own.has(dependent));
      const mayBeOwn = foreign.length > 0 && foreign.every(({ object }) => object !== undefined);
      if (!mayBeOwn || performance.now() > deadline) return foreign;
      await sleep(PAUSE_MS);
    }
  }

  #nameOf(kind: Kind, prior: Attributes): Promise<string> {
    return naturalName(this.region, kind, prior, true);
  }

  async #warnings(kind: Kind, prior: Attributes, foreign: readonly Dependent[]): Promise<Diagnostic[]> {
    if (foreign.length === 0) return [];
    const isRefused = kind.deletesOthers === true && foreign.some(isDeleted) && prior.force_destroy !== true;
    return [
      {
        severity: "warning",
        summary: `deleting the ${await this.#nameOf(kind, prior)} affects what this run has not read as its own`,
        detail: `${inWords(foreign)} ${isRefused ? `The destroy will be refused. ${wayOut(kind)}` : "It will be done without asking again."}`,
      },
    ];
  }
}

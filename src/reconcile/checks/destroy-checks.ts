import { setTimeout as sleep } from "node:timers/promises";
import type { Kind } from "../../../lib/model/kind";
import { KINDS, type ManagedKindName } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { fault, type Problem, warning } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import { Snapshot } from "../../maas/snapshot";
import { type Dependent, Dependents, type Effect } from "../dependents/dependents";
import { ObjectError } from "../objects/failure";
import type { OwnObjects, PlannedObject, PlannedObjects } from "../planned/planned-objects";
import { naturalName } from "../references/lookups";
import type { Region } from "../region/region";

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
const isBlocking = ({ effect }: Dependent): boolean => effect === "blocking";

/** What takes addresses and goes with its subnet. */
const isRange = ({ object }: Dependent): boolean =>
  object !== undefined && (KINDS[object.kind] as Kind).takesAddresses === true;

const wayOut = ({ type }: Kind): string =>
  `Remove or move it in MAAS first, or let it be deleted: set force_destroy = true on this ${type}, apply, then destroy (what counts is the value in the state).`;

/** For what the user may have in the same state: Terraform does not tell the provider of resources that it does not change. */
const ownWayOut = ({ type }: Kind): string =>
  `What of that your configuration has itself is not destroyed by this run: refer there to an attribute of this ${type} in place of its name, such as its id, or replace it in the same run (-replace=ADDRESS).`;

/** For what the same run moves elsewhere. */
const destroyedFirst = ({ type }: Pick<Kind, "type">): string =>
  `Terraform destroys a ${type} before it moves what is on it, unless that was applied with create_before_destroy = true. ` +
  "Keep it in the configuration until the rest is moved: apply, remove it, apply again.";

/**
 * What will come of a destroy, in words. What can be managed may be of the same state: Terraform destroys what refers to an
 * object before it, but plans a replacement, or the end of an instance, before it shows those to the provider.
 */
function outlook(kind: Kind, prior: Attributes, foreign: readonly Dependent[]): string {
  const deleted = foreign.filter(isDeleted);
  if (kind.deletesOthers === true && deleted.length > 0 && prior.force_destroy !== true) {
    const mayBeOwn = deleted.every(({ object }) => object !== undefined);
    const when = mayBeOwn
      ? "What this run destroys of these itself goes first. While anything else is left, the destroy will be refused."
      : "The destroy will be refused.";
    return `${when} ${wayOut(kind)}`;
  }
  const blocking = foreign.filter(isBlocking);
  if (blocking.length > 0) {
    const mayMove = blocking.some(({ object }) => object !== undefined);
    return `The destroy will fail while they are there: remove or move them first.${mayMove ? ` ${destroyedFirst(kind)}` : ""}`;
  }
  return "It will be done without asking again.";
}

/** What will come of a destroy that affects what the configuration keeps, and what to do instead. */
function keptOutlook({ deletesOthers, type }: Kind, prior: Attributes, kept: readonly Dependent[]): string {
  if (kept.some(isBlocking)) return `The destroy will fail while they are there. ${destroyedFirst({ type })}`;
  const isRefused = deletesOthers === true && prior.force_destroy !== true && kept.some(isDeleted);
  const outcome = isRefused ? "The destroy will be refused." : "The next plan would make them again.";
  return `${outcome} Replace them in the same run (-replace=ADDRESS), or remove them from the configuration with this ${type}.`;
}

/** What a destroy takes along beyond what the user's own state holds. */
export class DestroyChecks {
  readonly dependents: Dependents;
  #hasWaited = false;

  constructor(
    private readonly region: Region,
    private readonly own: OwnObjects,
    private readonly run: PlannedObjects,
  ) {
    this.dependents = new Dependents(region);
  }

  /** What the user should know of a planned destroy: what goes along that this run has not read as its own. */
  async planned(kind: Kind, prior: Attributes): Promise<Problem[]> {
    const all = await this.#of(kind, prior);
    await this.#untilRead(all.filter(isBlocking));
    const foreign = all.filter((dependent) => !this.#isOwn(dependent));
    return [...(await this.#warnings(kind, prior, foreign)), ...(await this.#keptWarnings(kind, prior, all))];
  }

  /**
   * The same of an object that is replaced. What refers to it is planned, and read, only after it: what its own state has
   * can't be told from others here. Ranges are left to the destroy itself; links are named, since machines lose addresses.
   */
  async replaced(kind: Kind, prior: Attributes): Promise<Problem[]> {
    const lost = (await this.#of(kind, prior)).filter((dependent) => isDeleted(dependent) && !isRange(dependent));
    const foreign = lost.filter((dependent) => !this.own.has(dependent));
    return [...(await this.#warnings(kind, prior, foreign)), ...(await this.#keptWarnings(kind, prior, lost))];
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
      const foreign = await this.#deletedForeign(kind, prior, all);
      if (foreign.length > 0) {
        const mayBeOwn = foreign.some(({ object }) => object !== undefined);
        throw new ObjectError(
          fault("MAAS-OPS-06", undefined, {
            what: `the ${await this.#nameOf(kind, prior)} is not deleted: MAAS would delete with it what this run does not destroy`,
            why: inWords(foreign),
            fix: [...(mayBeOwn ? [ownWayOut(kind)] : []), wayOut(kind)].join(" "),
          }),
        );
      }
    }
    return { force: isForced || all.some(({ isInUse }) => isInUse === true) };
  }

  #of(kind: Kind, prior: Attributes, dependents = this.dependents): Promise<readonly Dependent[]> {
    return dependents.of(kind.name as ManagedKindName, textOf(prior.id), prior);
  }

  /**
   * What would be deleted along and is not of the state. Objects without a reference between them are destroyed at once:
   * those of the state make themselves known soon. What was there when the run began may have gone since, with a subnet
   * whose destroy was forced for one: the region is asked again before anything is refused.
   */
  async #deletedForeign(kind: Kind, prior: Attributes, all: readonly Dependent[]): Promise<readonly Dependent[]> {
    const deadline = performance.now() + PATIENCE_MS;
    const foreignOf = (some: readonly Dependent[]): Dependent[] =>
      some.filter((dependent) => isDeleted(dependent) && !this.own.leaves(dependent));
    for (;;) {
      const foreign = foreignOf(all);
      if (foreign.length === 0) return foreign;
      const mayBeOwn = foreign.every(({ object }) => object !== undefined);
      if (!mayBeOwn || performance.now() > deadline) break;
      await sleep(PAUSE_MS);
    }
    const fresh = { ...this.region, snapshot: new Snapshot(this.region.client) };
    return foreignOf(await this.#of(kind, prior, new Dependents(fresh)));
  }

  /**
   * Terraform plans the destroy of what has left the configuration at once, before it has read all of the state. That is
   * waited for once: waiting destroys take the places of what they wait for, and each would wait for itself.
   */
  async #untilRead(dependents: readonly Dependent[]): Promise<void> {
    const isRead = (): boolean => dependents.every((dependent) => this.#isOwn(dependent));
    if (this.#hasWaited || isRead()) return;
    await this.run.untilQuiet(isRead);
    this.#hasWaited = !isRead();
  }

  /** A rack that the state names has interfaces that it does not have: what stops a destroy is of the state by itself only. */
  #isOwn(dependent: Dependent): boolean {
    return isBlocking(dependent) ? this.own.hasObject(dependent) : this.own.has(dependent);
  }

  /**
   * What goes along, or is in the way, and what this run is to leave as it is: it is in the state, and its plan is not to
   * destroy it. What names the object by an id is planned after it; what has nothing but an address on it, or is led
   * elsewhere, is planned at any time, and waited for.
   */
  async #kept(dependents: readonly Dependent[]): Promise<readonly Dependent[]> {
    const own = dependents.filter(
      (dependent) =>
        this.#isOwn(dependent) && (isBlocking(dependent) || (dependent.effect !== "moved" && !dependent.rack)),
    );
    if (own.length === 0) return [];
    const plannedOf = ({ object }: Dependent): PlannedObject | undefined =>
      object && this.run.find(object.kind, object.id);
    await this.run.untilQuiet(() => own.every((dependent) => plannedOf(dependent) !== undefined));
    return own.filter((dependent) => {
      const planned = plannedOf(dependent);
      // Terraform changes the rest only after the destroy. What is not planned by now is not destroyed before it.
      if (isBlocking(dependent)) return planned === undefined || planned.attributes !== undefined;
      return planned?.attributes !== undefined && !(planned.isChanged && this.own.leaves(dependent));
    });
  }

  async #keptWarnings(kind: Kind, prior: Attributes, dependents: readonly Dependent[]): Promise<Problem[]> {
    const kept = await this.#kept(dependents);
    if (kept.length === 0) return [];
    return [
      warning("MAAS-OPS-07", undefined, {
        what: `deleting the ${await this.#nameOf(kind, prior)} affects what the configuration keeps`,
        why: inWords(kept),
        fix: keptOutlook(kind, prior, kept),
      }),
    ];
  }

  #nameOf(kind: Kind, prior: Attributes): Promise<string> {
    return naturalName(this.region, kind, prior, true);
  }

  async #warnings(kind: Kind, prior: Attributes, foreign: readonly Dependent[]): Promise<Problem[]> {
    if (foreign.length === 0) return [];
    return [
      warning("MAAS-OPS-07", undefined, {
        what: `deleting the ${await this.#nameOf(kind, prior)} affects what this run has not read as its own`,
        why: inWords(foreign),
        fix: outlook(kind, prior, foreign),
      }),
    ];
  }
}

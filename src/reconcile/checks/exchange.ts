import type { Kind } from "../../../lib/model/kind";
import type { Attributes } from "../../../lib/model/known";
import { oncePer } from "../../../lib/model/once-per";
import { fault, type Problem } from "../../../lib/model/problem";
import { textOf, withThe } from "../../../lib/model/text";
import { naturalKeyOf } from "../objects/intents";
import type { When } from "../objects/planned-state";
import type { Exchange } from "../ops/exchanges";
import { givingWay, WaitGraph } from "../ops/wait-graph";
import { PlannedChanges } from "../planned/planned-changes";
import { naturalName } from "../references/lookups";
import { tryResolve } from "../references/lookups";
import type { Region } from "../region/region";
import type { Checked } from "./checked";

/** What the plans of one kind say of natural keys so far. */
class PlannedKeys {
  static readonly #ofRegion = oncePer((_: Region) => oncePer((__: Kind) => new PlannedKeys()));

  static of(region: Region, kind: Kind): PlannedKeys {
    return PlannedKeys.#ofRegion(region)(kind);
  }

  /** The changes of natural keys, by id. */
  readonly changes = new WaitGraph();
  /** The attributes of those objects, by id. */
  readonly planned = new Map<string, { readonly before: Attributes; readonly after: Attributes }>();
  /** Whose natural keys are given up: the ids by the keys. */
  readonly givenUp = new Map<string, string>();
  /** The natural keys of objects that are taken over if they are there. */
  readonly adopted = new Set<string>();
}

/** The attributes with ids in place of natural keys. */
async function withIds(region: Region, kind: Kind, attributes: Attributes, when: When): Promise<Attributes> {
  const resolved = kind.fields.map(async ({ name, references }) => {
    const key = attributes[name];
    if (references === undefined || typeof key !== "string") return [];
    return [[name, (await tryResolve(region, references, key, when)) ?? key] as const];
  });
  return { ...attributes, ...Object.fromEntries((await Promise.all(resolved)).flat()) };
}

/**
 * Refuses a plan in which objects exchange values that no two of them may have, and there is no value that one of them could
 * have meanwhile. Terraform plans each by itself: the one that is planned last is told of all.
 */
export async function checkExchange(
  { region, kind, own, planned: run }: Checked,
  exchange: Exchange | undefined,
): Promise<Problem[]> {
  const { id } = own;
  if (exchange === undefined || exchange.isAlwaysFree === true || id === undefined) return [];
  const { changes, planned } = PlannedKeys.of(region, kind);
  const change = PlannedChanges.of(region).rekeyed(kind.name).get(id);
  if (change === undefined) {
    changes.delete(id);
    return [];
  }
  const [before, after] = await Promise.all([
    withIds(region, kind, change.prior ?? {}, "before"),
    withIds(region, kind, change.planned, "after"),
  ]);
  planned.set(id, { before, after });
  changes.set(id, { has: exchange.places(before), wants: exchange.places(after) });
  const cycle = changes.cycleOf(id);
  const first = planned.get(givingWay(cycle) ?? "");
  if (first === undefined || (await exchange.aside(region, first.before, first.after)) !== undefined) return [];
  const names = await Promise.all(
    cycle.map((other) => naturalName(region, kind, { ...planned.get(other)?.before, id: other }, true)),
  );
  names.sort();
  if (!run.isNews(`exchange ${names.join()}`, own)) return [];
  return [
    fault("MAAS-OPS-04", undefined, {
      what: `${names.join(" and ")} can't exchange what each of them has: nothing is free that one of them could have in between`,
      why: "MAAS changes one at a time, and refuses what another one still has.",
      fix:
        `Remove ${withThe(kind.title)} with the id ${textOf(first.before.id)} from the ` +
        "configuration and apply; then put it back, and apply again.",
    }),
  ];
}

/**
 * Refuses a plan in which one object gives up its natural key and another one is to take over whatever has that key: which
 * of the two is changed first is not known, and both could end up with the same object.
 */
export async function checkTakeover({ region, kind, prior, own, planned: run }: Checked): Promise<Problem[]> {
  const { id, attributes = {}, isChanged } = own;
  if (!isChanged || (id === undefined && attributes.adopt_existing !== true)) return [];
  const keys = PlannedKeys.of(region, kind);
  const after = naturalKeyOf(kind, await withIds(region, kind, attributes, "after"));
  let contested = after;
  if (id === undefined) keys.adopted.add(after);
  else {
    if (!PlannedChanges.of(region).rekeyed(kind.name).has(id)) return [];
    contested = naturalKeyOf(kind, await withIds(region, kind, prior ?? {}, "before"));
    if (contested !== after) keys.givenUp.set(contested, id);
  }
  const holder = keys.givenUp.get(contested);
  if (holder === undefined || !keys.adopted.has(contested)) return [];
  const name = await naturalName(region, kind, id === undefined ? attributes : (prior ?? {}), true);
  if (!run.isNews(`takeover ${name}`, own)) return [];
  return [
    fault("MAAS-OPS-02", "adopt_existing", {
      what: `the ${name} (id ${holder}) is in the state already, and is another resource's`,
      why:
        `That resource changes in this run, so that the ${name} would be a new ${kind.title}; with adopt_existing = true the ` +
        "same one could be taken over before it has changed, and two resources would have it.",
      fix: `Remove adopt_existing from the resource that is to be the new ${name}, and apply again.`,
    }),
  ];
}

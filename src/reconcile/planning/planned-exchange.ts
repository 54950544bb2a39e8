import { findField } from "../../../lib/model/kinds";
import type { Kind } from "../../../lib/model/kind";
import type { Attributes } from "../../../lib/model/known";
import { keyParts } from "../../../lib/model/natural-key";
import { fault, type Problem } from "../../../lib/model/problem";
import { sameValue } from "../../../lib/model/spelling";
import { textOf, withThe } from "../../../lib/model/text";
import { strategyOf } from "../kinds";
import { tryResolve } from "../objects/references";
import { Exchanges, fieldExchange } from "../ops/exchanges";
import type { Checked } from "./side-effects";
import { naturalName } from "../objects/lookups";
import type { Region } from "../region/region";
import { PlannedChanges, type When } from "./planned-changes";

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
export async function checkExchange({ region, kind, own, planned: run }: Checked): Promise<Problem[]> {
  const exchange = strategyOf(kind.name).exchange ?? fieldExchange(kind);
  const { id } = own;
  const changes = PlannedChanges.of(region).rekeyed(kind.name);
  if (exchange === undefined || id === undefined || !changes.has(id) || changes.size < 2) return [];
  const exchanges = new Exchanges();
  for (const [other, { prior, planned }] of changes) {
    const [live, desired] = await Promise.all([
      withIds(region, kind, prior ?? {}, "before"),
      withIds(region, kind, planned, "after"),
    ]);
    exchanges.refuse(other, live, desired);
  }
  const cycle = exchanges.cycleOf(id, exchange);
  const first = exchanges.live(cycle.find((other) => exchanges.isToGiveWay(other, exchange)) ?? "");
  if (first === undefined || (await exchange.aside(region, first)) !== undefined) return [];
  const names = await Promise.all(
    cycle.map((other) => naturalName(region, kind, { ...exchanges.live(other), id: other }, true)),
  );
  names.sort();
  if (!run.isNews(`exchange ${names.join()}`, own)) return [];
  return [
    fault("MAAS-OPS-04", undefined, {
      what: `${names.join(" and ")} can't exchange their places: nothing is free that one of them could have meanwhile`,
      why: "MAAS changes one at a time, and lets no two of them have the same.",
      fix:
        `Remove ${withThe(kind.title)} with the id ${textOf(first.id)} from the ` +
        "configuration and apply; then put it back, and apply again.",
    }),
  ];
}

/**
 * Refuses a plan in which one object gives up its natural key and another one is to take over whatever has that key: which
 * of the two is changed first is not known, and both could end up with the same object.
 */
export async function checkTakeover({ region, kind, own, planned: run }: Checked): Promise<Problem[]> {
  const changes = PlannedChanges.of(region);
  const rekeyed = changes.rekeyed(kind.name);
  if (rekeyed.size === 0 || !own.isChanged) return [];
  const makes = changes
    .of(kind.name)
    .filter(({ prior, planned }) => prior === undefined && planned.adopt_existing === true);
  if (makes.length === 0) return [];
  const parts = keyParts(kind.name).map((name) => findField(kind, name));
  const isSame = (a: Attributes, b: Attributes): boolean =>
    parts.every((field) => sameValue(field, a[field.name] ?? null, b[field.name] ?? null));
  const wanted = await Promise.all(makes.map(({ planned }) => withIds(region, kind, planned, "after")));
  for (const [id, { prior = {}, planned }] of rekeyed) {
    const live = await withIds(region, kind, prior, "before");
    if (isSame(live, await withIds(region, kind, planned, "after"))) continue;
    if (!wanted.some((desired) => isSame(live, desired))) continue;
    const name = await naturalName(region, kind, prior, true);
    if (!run.isNews(`takeover ${name}`, own)) continue;
    return [
      fault("MAAS-OPS-02", "adopt_existing", {
        what: `the ${name} (id ${id}) is in the state already, and is another resource's`,
        why:
          `That resource changes in this run, so that the ${name} would be a new ${kind.title}; with adopt_existing = true the ` +
          "same one could be taken over before it has changed, and two resources would have it.",
        fix: `Remove adopt_existing from the resource that is to be the new ${name}, and apply again.`,
      }),
    ];
  }
  return [];
}

import type { Kind } from "../../../lib/model/kind";
import type { Attributes } from "../../../lib/model/known";
import { fault, type Problem } from "../../../lib/model/problem";
import { textOf, withThe } from "../../../lib/model/text";
import { strategyOf } from "../kinds";
import { tryResolve } from "../objects/references";
import { Exchanges, nameExchange } from "../ops/exchanges";
import type { Checked } from "./region-checks";
import { naturalName } from "../objects/object-name";
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
  const exchange = strategyOf(kind.name).exchange ?? nameExchange(kind);
  const { id } = own;
  const changes = PlannedChanges.of(region).of(kind.name);
  if (exchange === undefined || id === undefined || !own.isChanged || changes.length < 2) return [];
  const exchanges = new Exchanges();
  for (const { id: other, prior, planned, isEnded } of changes) {
    if (other === undefined || prior === undefined || isEnded === true) continue;
    const [live, desired] = await Promise.all([
      withIds(region, kind, prior, "before"),
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

import { INTERFACE_KINDS, type KindName, KINDS } from "../../../lib/model/kinds";
import { type Attributes, isKnown, type Value } from "../../../lib/model/known";
import { ownerOf } from "../../../lib/model/owner";
import { fault, type Problem, warning } from "../../../lib/model/problem";
import { sameValue } from "../../../lib/model/spelling";
import { textOf, withThe } from "../../../lib/model/text";
import type { PlannedObject } from "../planned/planned-objects";
import { tryResolve } from "../references/lookups";
import { collectionOf, findInterface } from "../region/nodes";
import type { Region } from "../region/region";
import type { Checked } from "./checked";

const TAG_SET = KINDS.network_interface_tag;

/** The kinds that set tags of interfaces. */
export const TAGGING: readonly KindName[] = [TAG_SET.name, ...INTERFACE_KINDS.map(({ name }) => name)];

/** An interface whose tags are set, by all that it may be called. */
interface Tagged {
  /** The system id of its machine or device. */
  readonly node: string;
  readonly names: readonly string[];
  /** The one for messages. */
  readonly called: string;
}

/** The interface whose tags an object sets, as far as it is known. */
async function taggedBy(
  region: Region,
  kind: KindName,
  { id, attributes }: PlannedObject,
): Promise<Tagged | undefined> {
  const { tags, interface_id: key, name, mac_address: mac } = attributes ?? {};
  const owner = ownerOf(attributes);
  if (!Array.isArray(tags) || !isKnown(tags) || owner === undefined) return undefined;
  const node = await tryResolve(region, owner.kind, owner.key);
  const own = (kind === TAG_SET.name ? [key] : [id, name, mac]).flatMap((word) =>
    typeof word === "string" && isKnown(word) ? [word] : [],
  );
  if (node === undefined || own.length === 0) return undefined;
  const row = await region.snapshot.read(collectionOf(owner.kind), node);
  const [nic] =
    row === undefined ? [] : own.map((word) => findInterface(row, word)).filter((found) => found !== undefined);
  const there = nic === undefined ? [] : [nic.id, nic.name, nic.mac_address].map((word) => textOf(word ?? ""));
  return { node, names: [...new Set([...own, ...there])], called: textOf(nic?.name ?? own[0] ?? "") };
}

/** What is wrong where two objects of one run set the tags of one interface. Undefined = nothing: they agree. */
export function taggingProblem(
  nic: string,
  [first, second]: readonly (readonly [kind: KindName, tags: Value])[],
): Problem<string> | undefined {
  // Terraform plans an object that it is told to replace twice: as it is, and as one that is to be made.
  if (sameValue(TAG_SET.field.tags, first?.[1] ?? [], second?.[1] ?? [])) return undefined;
  const other = first?.[0] === TAG_SET.name ? second : first;
  if (other?.[0] === TAG_SET.name) {
    return fault("MAAS-CON-07", "interface_id", {
      what: `another ${TAG_SET.type} of this run sets the tags of ${nic}`,
      why: "Each of the two has all tags of the interface, so that each apply would undo what the other has done.",
      fix: "Name all tags in one of the two, and drop the other.",
    });
  }
  if (other === undefined) return undefined;
  const { type, title } = KINDS[other[0]];
  return warning("MAAS-CON-07", "tags", {
    what: `the tags of ${nic} are set in two places of this run, and not to the same`,
    why: `${TAG_SET.type} and ${withThe(title)} (${type}) each have all tags of the interface, so that each apply undoes what the other has done.`,
    fix: `Leave tags out of the ${type}, which then ignores them, or drop the ${TAG_SET.type}.`,
  });
}

/** That two objects of one run set the tags of one interface. Asked of both, since either may be planned first. */
export async function taggedTwice(
  { region, kind, own, planned: run, moment }: Checked,
  planned: Attributes,
): Promise<Problem[]> {
  if (moment !== "plan") return [];
  const others = (kind.name === TAG_SET.name ? TAGGING : [TAG_SET.name]).flatMap((name) =>
    [...run.of(name)].filter((other) => other !== own).map((other) => ({ name, other })),
  );
  const mine = others.length === 0 ? undefined : await taggedBy(region, kind.name, { ...own, attributes: planned });
  if (mine === undefined) return [];
  for (const { name, other } of others) {
    const theirs = await taggedBy(region, name, other);
    if (theirs?.node !== mine.node || !theirs.names.some((word) => mine.names.includes(word))) continue;
    const nic = `${mine.called} of ${ownerOf(planned)?.key ?? ""}`;
    const found = taggingProblem(nic, [
      [kind.name, planned.tags ?? []],
      [name, other.attributes?.tags ?? []],
    ]);
    if (found !== undefined && run.isNews(`tags ${mine.node}/${[...mine.names].sort().join(" ")}`, own)) return [found];
  }
  return [];
}

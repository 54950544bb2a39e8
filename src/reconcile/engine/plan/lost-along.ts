import { IpAddress } from "../../../../lib/model/address";
import { Cidr } from "../../../../lib/model/cidr";
import type { Kind } from "../../../../lib/model/kind";
import { KINDS } from "../../../../lib/model/kinds";
import { type Attributes, textAt } from "../../../../lib/model/known";
import type { Dependent, Dependents } from "../../dependents/dependents";
import type { LiveObject } from "../../region/live-objects";
import { type Change, inOrder, recreation } from "./diff";
import { type DesiredObject, type LiveState, nameOf } from "./read-live";

/** Both sides of a plan. */
interface Sides {
  readonly desired: readonly DesiredObject[];
  /** The region, its objects under the keys that they are to go on under. */
  readonly live: LiveState;
}

const ends = ({ action }: Change): boolean => action === "delete" || action === "replace";
const creates = ({ action }: Change): boolean => action === "create" || action === "replace";

/** The subnets that are there after the plan. */
function subnetsAfter(changes: readonly Change[], { live }: Sides): readonly string[] {
  const subnets = changes.filter(({ kind }) => kind === "subnet");
  const ended = new Set(subnets.filter(ends).map(({ id }) => id));
  return [
    ...live.ofKind("subnet").flatMap(({ id, attributes }) => (ended.has(id) ? [] : [textAt(attributes, "cidr")])),
    ...subnets.filter(creates).map(({ desired }) => textAt(desired, "cidr")),
  ].filter((cidr) => cidr !== undefined);
}

/**
 * Whether an object can be there without those that it goes along with: it has addresses, and names none of these. Where MAAS
 * looks for the subnet of its address, there has to be one.
 */
function canStay(kind: Kind, attributes: Attributes, subnets: readonly string[]): boolean {
  if (kind.fields.some(({ namesInterface }) => namesInterface === true)) return false;
  if (kind.fields.some(({ addresses }) => addresses !== undefined)) return true;
  return kind.fields.some(({ name, addressIn }) => {
    const address = addressIn && IpAddress.tryParse(textAt(attributes, name) ?? "");
    return (
      addressIn !== undefined &&
      address !== undefined &&
      textAt(attributes, addressIn.subnet) === undefined &&
      subnets.some((cidr) => Cidr.tryParse(cidr)?.contains(address) === true)
    );
  });
}

const isLost = ({ effect }: Dependent): boolean => effect === "deleted" || effect === "changed";

/**
 * The changes, with those that make objects again which the document keeps and which MAAS deletes along with others: with those
 * that are replaced themselves, or as a DNS record, which has nothing that says of which subnet its addresses are.
 */
export async function withLostAlong(
  dependents: Dependents,
  changes: readonly Change[],
  sides: Sides,
): Promise<Change[]> {
  const { desired, live } = sides;
  const wanted = new Map(desired.map((object) => [nameOf(object.kind, object.key), object]));
  const subnets = subnetsAfter(changes, sides);
  const byId = new Map(changes.flatMap((one) => (one.id === undefined ? [] : [[nameOf(one.kind, one.id), one]])));
  const again = new Map<string, Change>();
  const add = (found: LiveObject, comesAgain: boolean): void => {
    const { kind: name, id } = found;
    const object = wanted.get(nameOf(name, found.key));
    const change = byId.get(nameOf(name, id));
    const isKept = change === undefined || change.action === "update";
    if (object === undefined || !isKept) return;
    if (!comesAgain && !canStay(KINDS[object.kind], object.attributes, subnets)) return;
    again.set(nameOf(name, id), {
      ...recreation(object, found, change?.live ?? found.attributes),
      ...liveKeyOf(change),
    });
  };
  for (const { action, kind, id, live: before } of changes.filter(ends)) {
    if (id === undefined) continue;
    for (const { object } of (await dependents.of(kind, id, before)).filter(isLost)) {
      const found = object && live.withId(object.kind, object.id);
      if (found !== undefined) add(found, action === "replace");
    }
  }
  if (again.size === 0) return [...changes];
  const others = changes.filter(({ kind, id }) => id === undefined || !again.has(nameOf(kind, id)));
  return inOrder([...others, ...again.values()]);
}

const liveKeyOf = (change: Change | undefined): Pick<Change, "liveKey"> =>
  change?.liveKey === undefined ? {} : { liveKey: change.liveKey };

import { IpAddress } from "../../../../lib/model/address";
import { Cidr } from "../../../../lib/model/cidr";
import { DOCUMENT_KINDS } from "../../../../lib/model/document/kinds";
import type { Field, KindName } from "../../../../lib/model/field";
import { AddressRange } from "../../../../lib/model/address-range";
import type { Kind } from "../../../../lib/model/kind";
import { isManaged, KINDS, type ManagedKindName } from "../../../../lib/model/kinds";
import { type AttributeName, type Attributes, textAt } from "../../../../lib/model/known";
import { grouped } from "../../../../lib/model/lists";
import { ownersIn, parseKey } from "../../../../lib/model/natural-key";
import { ownedName, ownerOf } from "../../../../lib/model/owner";
import { type DesiredObject, type LiveState, nameOf } from "./read-live";
import type { Action, Change } from "./diff";
import { overlapping, overlaps, type Spanned } from "./overlaps";

/** A change that takes one go: a replacement is two. */
export type SingleChange = Change & { readonly action: Exclude<Action, "replace"> };

/** Whether the change leaves the object there. */
export const makes = ({ action }: SingleChange): boolean => action === "create" || action === "update";

/** The fabric in the key of a VLAN. */
export const fabricOf = (vlan: string): string => parseKey("vlan", vlan)?.fabric ?? "";

/** A text that an object has, or has had. */
export const atEither = (
  { live, desired }: Pick<Change, "live" | "desired">,
  name: AttributeName,
): string | undefined => textAt(desired, name) ?? textAt(live, name);

/** The addresses of a subnet or of a range. */
export function spanOf(attributes: Attributes | undefined): AddressRange | undefined {
  const cidr = Cidr.tryParse(textAt(attributes, "cidr") ?? "");
  if (cidr !== undefined) return new AddressRange(cidr.first, cidr.last);
  const [start, end] = (["start_ip", "end_ip"] as const).map((name) =>
    IpAddress.tryParse(textAt(attributes, name) ?? ""),
  );
  return start === undefined || end === undefined ? undefined : new AddressRange(start, end);
}

const TAKING_ADDRESSES = Object.values<Kind>(KINDS)
  .filter(isManaged)
  .filter(({ takesAddresses }) => takesAddresses === true)
  .map(({ name }) => name);

/** In place of a subnet that is not named: MAAS finds it by the address. */
export const ANY_SUBNET = "";

/** An address that an object takes. */
interface Taken {
  readonly subnet: string;
  readonly address: IpAddress;
}

/** The addresses of subnets that an object takes, other than a range. */
function takenAt(change: SingleChange, side: Side): readonly Taken[] {
  const attributes = change[side];
  if (attributes === undefined) return [];
  return KINDS[change.kind].fields.flatMap(({ name, addressIn, addresses }: Field): Taken[] => {
    const subnet = (addressIn && textAt(attributes, addressIn.subnet)) ?? ANY_SUBNET;
    const texts = addresses?.(attributes) ?? (addressIn === undefined ? [] : [textAt(attributes, name) ?? ""]);
    return texts.flatMap((text) => {
      const address = IpAddress.tryParse(text);
      return address === undefined ? [] : [{ subnet, address }];
    });
  });
}

/** Which side of a change is meant: what is to be, or what is. */
export type Side = "desired" | "live";

/** What changes are asked for by. Undefined = the change is not asked for. */
export type KeyOf = (change: SingleChange, graph: StepGraph) => string | undefined;

/** A key that only changes of objects of that kind have. */
export const keyOfKind =
  (of: KindName, keyOf: KeyOf): KeyOf =>
  (change, graph) =>
    change.kind === of ? keyOf(change, graph) : undefined;

const NONE: ReadonlySet<SingleChange> = new Set();

/** The changes of a plan by what they make, end and leave. Answers what the rules of the order ask, each in no time. */
export class StepGraph {
  readonly #making = new Map<string, SingleChange[]>();
  readonly #changing = new Map<string, SingleChange[]>();
  readonly #leaving = new Map<string, SingleChange[]>();
  readonly #ofKind = new Map<ManagedKindName, SingleChange[]>();
  readonly #onVlan = new Map<string, SingleChange[]>();
  readonly #onFabric = new Map<string, SingleChange[]>();
  readonly #takenIn = new Map<string, SingleChange[]>();
  readonly #over = new Map<string, SingleChange[]>();
  readonly #byKey = new Map<KeyOf, ReadonlyMap<string | undefined, readonly SingleChange[]>>();
  readonly #givingWay = new Map<SingleChange, ReadonlySet<SingleChange>>();
  readonly #around = new Map<SingleChange, readonly SingleChange[]>();
  readonly #desired: ReadonlyMap<string, DesiredObject>;

  constructor(
    readonly changes: readonly SingleChange[],
    desired: readonly DesiredObject[],
    private readonly live: LiveState,
  ) {
    this.#desired = new Map(desired.map((object) => [nameOf(object.kind, object.key), object]));
    for (const change of changes) {
      push(this.#ofKind, change.kind, change);
      if (makes(change)) push(this.#making, nameOf(change.kind, change.key), change);
      if (makes(change) && change.live !== undefined) push(this.#changing, nameOf(change.kind, change.key), change);
      for (const left of leavesOf(change)) push(this.#leaving, left, change);
      for (const side of ["desired", "live"] as const) {
        const subnet = textAt(change[side], "subnet");
        for (const { subnet: of } of takenAt(change, side)) push(this.#takenIn, `${side} ${of}`, change);
        for (const nic of this.interfacesUnder(change, side)) push(this.#over, `${side} ${nic}`, change);
        const vlan = textAt(change[side], "vlan") ?? this.vlanOf(side, subnet);
        if (vlan === undefined) continue;
        push(this.#onVlan, `${side} ${change.kind} ${vlan}`, change);
        push(this.#onFabric, `${side} ${change.kind} ${fabricOf(vlan)}`, change);
      }
    }
    for (const kind of TAKING_ADDRESSES) {
      const [wanted, taken] = [spans("desired", this.ofKind(kind).filter(makes)), spans("live", this.ofKind(kind))];
      const takenIn = grouped(taken, ({ item }) => textAt(item.live, "subnet"));
      for (const [subnet, some] of grouped(wanted, ({ item }) => textAt(item.desired, "subnet")))
        this.#lookAround(some, takenIn.get(subnet) ?? []);
    }
  }

  ofKind(kind: ManagedKindName): readonly SingleChange[] {
    return this.#ofKind.get(kind) ?? [];
  }

  /** What makes or changes the object with that key. */
  making(kind: KindName, key: string): readonly SingleChange[] {
    return this.#making.get(nameOf(kind, key)) ?? [];
  }

  /** What changes an object that is there already. */
  changing(kind: KindName, key: string): readonly SingleChange[] {
    return this.#changing.get(nameOf(kind, key)) ?? [];
  }

  /** What takes a reference to the live object away: deletions, and changes to something else. */
  leaving(kind: KindName, key: string): readonly SingleChange[] {
    return this.#leaving.get(nameOf(kind, key)) ?? [];
  }

  /** The changes of a kind whose object is on the VLAN, on that side. Ranges are where their subnet is. */
  onVlan(side: Side, kind: ManagedKindName, vlan: string | undefined): readonly SingleChange[] {
    return vlan === undefined ? [] : (this.#onVlan.get(`${side} ${kind} ${vlan}`) ?? []);
  }

  /** Like {@link onVlan}, for all VLANs of a fabric. */
  onFabric(side: Side, kind: ManagedKindName, fabric: string): readonly SingleChange[] {
    return this.#onFabric.get(`${side} ${kind} ${fabric}`) ?? [];
  }

  /** The interfaces that an object is made over, or linked to, on that side: `node-1/eth0`. */
  interfacesUnder(change: SingleChange, side: Side): readonly string[] {
    const owner = ownerOf(change[side]);
    return KINDS[change.kind].fields.flatMap(({ name, namesInterface }: Field) => {
      if (namesInterface !== true || owner === undefined) return [];
      const names = [change[side]?.[name] ?? []].flat();
      return names.flatMap((nic) => (typeof nic === "string" ? ownedName(owner, nic) : []));
    });
  }

  /** The changes whose object is made over, or linked to, that interface on that side. */
  over(side: Side, nic: string): readonly SingleChange[] {
    return this.#over.get(`${side} ${nic}`) ?? [];
  }

  /** The changes for which `keyOf` tells that key: one look at all of them, however many keys are asked for. */
  by(keyOf: KeyOf, key: string | undefined): readonly SingleChange[] {
    if (key === undefined) return [];
    const known = this.#byKey.get(keyOf) ?? grouped(this.changes, (change) => keyOf(change, this));
    this.#byKey.set(keyOf, known);
    return known.get(key) ?? [];
  }

  /** The changes that give up addresses which this one takes. */
  givingWay(change: SingleChange): ReadonlySet<SingleChange> {
    return this.#givingWay.get(change) ?? NONE;
  }

  /** The changes of other ranges of the subnet that are to overlap the one that this change makes. */
  overlapping(change: SingleChange): readonly SingleChange[] {
    return this.#around.get(change) ?? [];
  }

  /** The changes by which objects other than ranges give up addresses of the subnet within that span. */
  givingUp(subnet: string | undefined, span: AddressRange | undefined): readonly SingleChange[] {
    if (subnet === undefined || span === undefined) return [];
    const isTaken = (change: SingleChange, side: Side): boolean =>
      takenAt(change, side).some(({ address }) => span.contains(address));
    const there = [subnet, ANY_SUBNET].flatMap((one) => this.#takenIn.get(`live ${one}`) ?? []);
    return there.filter((change) => isTaken(change, "live") && !(makes(change) && isTaken(change, "desired")));
  }

  /** The changes that make, or delete, subnets around an address of which nobody says what subnet it is of. */
  around(change: SingleChange, action: "create" | "delete"): readonly SingleChange[] {
    const open = takenAt(change, "desired").filter(({ subnet }) => subnet === ANY_SUBNET);
    if (open.length === 0) return [];
    const isAround = ({ live, desired }: SingleChange): boolean =>
      open.some(({ address }) => spanOf(desired ?? live)?.contains(address) === true);
    return this.ofKind("subnet").filter((other) => other.action === action && isAround(other));
  }

  /** The changes by which dynamic ranges give up an address that this one takes. */
  leavingOut(change: SingleChange): readonly SingleChange[] {
    const taken = takenAt(change, "desired");
    const holds = (attributes: Attributes | undefined): boolean =>
      attributes?.type === "dynamic" && taken.some(({ address }) => spanOf(attributes)?.contains(address) === true);
    return this.ofKind("ip_range").filter((other) => holds(other.live) && !(makes(other) && holds(other.desired)));
  }

  /** The VLAN that a subnet is on, on that side. */
  vlanOf(side: Side, subnet: string | undefined): string | undefined {
    if (subnet === undefined) return undefined;
    const now = textAt(this.live.find("subnet", subnet)?.attributes, "vlan");
    if (side === "live") return now;
    return textAt(this.#desired.get(nameOf("subnet", subnet))?.attributes, "vlan") ?? now;
  }

  /** Whether a subnet is to be managed by MAAS. */
  isManaged(subnet: string | undefined): boolean {
    if (subnet === undefined) return true;
    const { attributes } = this.#desired.get(nameOf("subnet", subnet)) ?? this.live.find("subnet", subnet) ?? {};
    return attributes?.managed !== false;
  }

  /** @param wanted what changes of one kind make, in one subnet where they are in subnets; @param taken what is there. */
  #lookAround(wanted: readonly Spanned<SingleChange>[], taken: readonly Spanned<SingleChange>[]): void {
    const placeable = withoutClashes(wanted);
    const spanOfItem = new Map(wanted.map(({ item, span }) => [item, span]));
    for (const [change, others] of overlaps(placeable, taken)) {
      const own = spanOfItem.get(change);
      // What is to overlap may do so before as well.
      const isKept = (other: SingleChange): boolean =>
        own !== undefined && spanOfItem.get(other)?.overlaps(own) === true;
      this.#givingWay.set(change, new Set(others.filter((other) => other !== change && !isKept(other))));
    }
    for (const [change, others] of overlaps(placeable, placeable))
      this.#around.set(
        change,
        others.filter((other) => other !== change),
      );
  }
}

const spans = (side: Side, changes: readonly SingleChange[]): Spanned<SingleChange>[] =>
  changes.flatMap((item) => {
    const span = spanOf(item[side]);
    return span === undefined ? [] : [{ item, span }];
  });

/**
 * Those that can be there together: two ranges of one type overlap in no subnet. No order helps those that do, and a rule
 * refuses them in its own words (MAAS6-RNG-04). Networks lie in each other, up to MAAS 3.6.
 */
function withoutClashes(wanted: readonly Spanned<SingleChange>[]): Spanned<SingleChange>[] {
  const byType = grouped(wanted, ({ item: { desired } }) => textAt(desired, "type"));
  const clashing = new Set([...byType].flatMap(([type, some]) => (type === undefined ? [] : overlapping(some))));
  return wanted.filter((one) => !clashing.has(one));
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

/** The live objects that a change ends a reference to. What is in another object stands for that as well, which takes it along. */
function leavesOf({ action, kind, live, desired }: SingleChange): string[] {
  if (live === undefined) return [];
  return DOCUMENT_KINDS[kind].fields.flatMap(({ name, references }) => {
    const target = textAt(live, name);
    if (references === undefined || target === undefined) return [];
    if (action === "update" && textAt(desired, name) === target) return [];
    return [{ kind: references, key: target }, ...ownersIn(references, target)].map((left) =>
      nameOf(left.kind, left.key),
    );
  });
}

import { Cidr } from "../../../lib/model/cidr";
import { DOCUMENT_KINDS } from "../../../lib/model/document/kinds";
import type { Kind } from "../../../lib/model/kind";
import { isManaged, KINDS } from "../../../lib/model/kinds";
import { ownersIn, parseKey } from "../../../lib/model/natural-key";
import { tryText } from "../../../lib/model/text";
import type { KindName } from "../../../lib/model/field";
import { IpAddress } from "../../../lib/model/address";
import { AddressRange } from "../../../lib/model/ip-range";
import type { ManagedKindName } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import type { Action, Change } from "./change";
import { type DesiredObject } from "./desired";
import { type LiveState, nameOf } from "./live-state";
import { overlaps } from "./overlaps";

/** A change that takes one go: a replacement is two. */
export type SingleChange = Change & { readonly action: Exclude<Action, "replace"> };

/** Whether the change leaves the object there. */
export const makes = ({ action }: SingleChange): boolean => action === "create" || action === "update";

/** The fabric in the key of a VLAN. */
export const fabricOf = (vlan: string): string => parseKey("vlan", vlan)?.fabric ?? "";

/** A text among attributes. */
export const textAt = (attributes: Attributes | undefined, name: string): string | undefined =>
  tryText(attributes?.[name]);

/** A text that an object has, or has had. */
export const atEither = ({ live, desired }: Pick<Change, "live" | "desired">, name: string): string | undefined =>
  textAt(desired, name) ?? textAt(live, name);

/** The addresses of a subnet or of a range. */
export function spanOf(attributes: Attributes | undefined): AddressRange | undefined {
  const cidr = Cidr.tryParse(textAt(attributes, "cidr") ?? "");
  if (cidr !== undefined) return new AddressRange(cidr.first, cidr.last);
  const [start, end] = ["start_ip", "end_ip"].map((name) => IpAddress.tryParse(textAt(attributes, name) ?? ""));
  return start === undefined || end === undefined ? undefined : new AddressRange(start, end);
}

const TAKING_ADDRESSES = Object.values<Kind>(KINDS)
  .filter(isManaged)
  .filter(({ takesAddresses }) => takesAddresses === true)
  .map(({ name }) => name);

/** Which side of a change is meant: what is to be, or what is. */
export type Side = "desired" | "live";

/** The changes of a plan by what they make, end and leave. Answers what the rules of the order ask, each in no time. */
export class StepGraph {
  readonly #making = new Map<string, SingleChange[]>();
  readonly #changing = new Map<string, SingleChange[]>();
  readonly #leaving = new Map<string, SingleChange[]>();
  readonly #ofKind = new Map<ManagedKindName, SingleChange[]>();
  readonly #onVlan = new Map<string, SingleChange[]>();
  readonly #onFabric = new Map<string, SingleChange[]>();
  readonly #inSubnet = new Map<string, SingleChange[]>();
  readonly #onMachine = new Map<string, SingleChange[]>();
  readonly #givingWay: ReadonlyMap<SingleChange, readonly SingleChange[]>;
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
      const machine = atEither(change, "machine");
      if (machine !== undefined) push(this.#onMachine, machine, change);
      for (const side of ["desired", "live"] as const) {
        const subnet = textAt(change[side], "subnet");
        if (subnet !== undefined) push(this.#inSubnet, `${side} ${subnet}`, change);
        const vlan = textAt(change[side], "vlan") ?? this.vlanOf(side, subnet);
        if (vlan === undefined) continue;
        push(this.#onVlan, `${side} ${change.kind} ${vlan}`, change);
        push(this.#onFabric, `${side} ${change.kind} ${fabricOf(vlan)}`, change);
      }
    }
    this.#givingWay = new Map(TAKING_ADDRESSES.flatMap((kind) => this.#waysGiven(kind)));
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

  /** The changes whose object is in the subnet, on that side. */
  inSubnet(side: Side, subnet: string | undefined): readonly SingleChange[] {
    return subnet === undefined ? [] : (this.#inSubnet.get(`${side} ${subnet}`) ?? []);
  }

  /** The changes of links of a machine. */
  onMachine(machine: string | undefined): readonly SingleChange[] {
    return machine === undefined ? [] : (this.#onMachine.get(machine) ?? []);
  }

  /** The changes that give up addresses which this one takes. */
  givingWay(change: SingleChange): readonly SingleChange[] {
    return this.#givingWay.get(change) ?? [];
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

  #waysGiven(kind: ManagedKindName): [SingleChange, SingleChange[]][] {
    const spans = (side: Side, changes: readonly SingleChange[]) =>
      changes.flatMap((item) => {
        const span = spanOf(item[side]);
        return span === undefined ? [] : [{ item, span }];
      });
    const changes = this.ofKind(kind);
    const wanted = spans("desired", changes.filter(makes));
    const kept = overlaps(wanted, wanted);
    return [...overlaps(wanted, spans("live", changes))].map(([change, others]) => {
      const isKept = new Set(kept.get(change));
      const isNear = (other: SingleChange): boolean =>
        textAt(other.live, "subnet") === textAt(change.desired, "subnet");
      return [change, others.filter((other) => other !== change && !isKept.has(other) && isNear(other))];
    });
  }
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

import type { NetworkDocument } from "../../../../lib/model/document";
import { isKnown } from "../../../../lib/model/known";
import { textOf, tryText } from "../../../../lib/model/text";
import { GUARD_RULES, type GuardEventName } from "../../../../lib/rules/guard";
import { type ObjectJson, rowsOf } from "../../../maas/codec";
import type { RegionListing } from "../../region/live-network";

interface SubnetState {
  readonly id: string;
  /** `FABRIC:VID`. */
  readonly vlan: string;
  readonly gateway: string | null;
}

/** What a watch remembers of a region from one look to the next. Shape: plain data. */
export interface RegionState {
  /** By CIDR. */
  readonly subnets: ReadonlyMap<string, SubnetState>;
  /** Fabrics that nothing is on, but for the first one. */
  readonly idleFabrics: ReadonlySet<string>;
  /** VLANs with DHCP on and no dynamic range. */
  readonly withoutRange: ReadonlySet<string>;
}

/** Something that MAAS has done by itself. */
export interface GuardEvent {
  readonly event: GuardEventName;
  /** The object: a CIDR, a fabric, or FABRIC:VID. */
  readonly object: string;
  readonly what: string;
  /** Where the document says something else; absent = it does not say, and nothing is healed. */
  readonly path?: string;
}

const titleOf = (fabric: unknown, vid: unknown): string => `${textOf(fabric)}:${textOf(vid)}`;
const idIn = (row: unknown): string => textOf((row as ObjectJson).id);

/** What is remembered of one listing. */
export function stateOf({ fabrics, subnets, ipranges, rackcontrollers, machines }: RegionListing): RegionState {
  const places = new Map(
    fabrics.flatMap((fabric) => rowsOf(fabric.vlans).map((vlan) => [idIn(vlan), { fabric, vlan }] as const)),
  );
  const vlanOf = (subnet: ObjectJson): string => idIn(subnet.vlan);
  const nics = [...rackcontrollers, ...machines].flatMap((node) => rowsOf(node.interface_set));
  const used = new Set([
    ...subnets.map(vlanOf),
    ...nics.flatMap(({ vlan }) => (vlan === null || vlan === undefined ? [] : [idIn(vlan)])),
  ]);
  const dynamic = new Set(ipranges.filter(({ type }) => type === "dynamic").map(({ subnet }) => idIn(subnet)));
  const ranged = new Set(subnets.filter(({ id }) => dynamic.has(textOf(id))).map(vlanOf));
  const withoutRange = [...places].filter(([id, { vlan }]) => vlan.dhcp_on === true && !ranged.has(id));
  return {
    subnets: new Map(
      subnets.map((subnet) => {
        const place = places.get(vlanOf(subnet));
        const vlan = place === undefined ? "" : titleOf(place.fabric.name, place.vlan.vid);
        return [textOf(subnet.cidr), { id: textOf(subnet.id), vlan, gateway: tryText(subnet.gateway_ip) ?? null }];
      }),
    ),
    idleFabrics: new Set(
      fabrics
        .filter(
          ({ id, vlans }) => id !== 0 && rowsOf(vlans).every((vlan) => !used.has(idIn(vlan)) && vlan.dhcp_on !== true),
        )
        .map(({ name }) => textOf(name)),
    ),
    withoutRange: new Set(withoutRange.map(([, { fabric, vlan }]) => titleOf(fabric.name, vlan.vid))),
  };
}

/** What a document says of an object that it manages, by kind and key. */
class ManagedAttributes {
  constructor(private readonly document: NetworkDocument) {}

  /** The path of the object if the document manages it and says something of that attribute. */
  pathOf(kind: "subnet" | "vlan_dhcp" | "fabric", key: string, attribute?: string): string | undefined {
    const found = (this.document.objects[kind] ?? []).find((object) => object.key === key);
    if (found === undefined || found.origin === "look_up") return undefined;
    if (attribute === undefined) return found.path;
    const value = (found.attributes as Readonly<Record<string, unknown>>)[attribute];
    const isSaid =
      value !== undefined && isKnown(value) && found.ignoreChanges?.some((name) => name === attribute) !== true;
    return isSaid ? found.path : undefined;
  }

  /** What the document says of a subnet, as far as it does. */
  stateOf(key: string): Partial<SubnetState> {
    const { vlan, gateway_ip: gateway } =
      (this.document.objects.subnet ?? []).find((one) => one.key === key)?.attributes ?? {};
    return {
      ...(typeof vlan === "string" && { vlan }),
      ...(typeof gateway === "string" && { gateway: gateway === "" ? null : gateway }),
    };
  }
}

const event = (name: GuardEventName, object: string, what: string, path: string | undefined): GuardEvent => ({
  ...{ event: name, object, what },
  ...(path !== undefined && { path }),
});

function subnetEvents(before: RegionState | undefined, now: RegionState, said: ManagedAttributes): GuardEvent[] {
  return [...now.subnets].flatMap(([cidr, subnet]): GuardEvent[] => {
    const wanted = said.stateOf(cidr);
    const earlier: Partial<SubnetState> | undefined = before?.subnets.get(cidr);
    const path = said.pathOf("subnet", cidr);
    // At the first look what the document says stands for what was there before.
    const expected = before === undefined ? wanted : (earlier ?? wanted);
    const isNew = before !== undefined && earlier === undefined && path === undefined;
    const isAnother = earlier?.id !== undefined && earlier.id !== subnet.id;
    const hasMoved = expected.vlan !== undefined && expected.vlan !== subnet.vlan;
    const isFilled = expected.gateway === null && subnet.gateway !== null;
    return [
      ...(isNew ? [event("subnet_created", cidr, `the subnet ${cidr} has appeared on ${subnet.vlan}`, path)] : []),
      ...(isAnother
        ? [event("subnet_created", cidr, `the subnet ${cidr} was deleted and made again, on ${subnet.vlan}`, path)]
        : []),
      ...(hasMoved
        ? [
            event(
              "subnet_moved",
              cidr,
              `the subnet ${cidr} has moved from ${expected.vlan ?? ""} to ${subnet.vlan}`,
              said.pathOf("subnet", cidr, "vlan"),
            ),
          ]
        : []),
      ...(isFilled
        ? [
            event(
              "gateway_filled",
              cidr,
              `the subnet ${cidr} had no gateway, and has ${subnet.gateway ?? ""} now`,
              said.pathOf("subnet", cidr, "gateway_ip"),
            ),
          ]
        : []),
    ];
  });
}

/**
 * What MAAS has done by itself since the last look. At the first look: what is other than the document says, and what is left
 * behind already.
 */
export function eventsOf(before: RegionState | undefined, now: RegionState, document: NetworkDocument): GuardEvent[] {
  const said = new ManagedAttributes(document);
  const come = (set: ReadonlySet<string>, earlier: ReadonlySet<string> | undefined): string[] =>
    [...set].filter((one) => earlier?.has(one) !== true);
  return [
    ...subnetEvents(before, now, said),
    ...come(now.idleFabrics, before?.idleFabrics)
      .filter((name) => said.pathOf("fabric", name) === undefined)
      .map((name) => event("fabric_left", name, `the fabric ${name} has no interface and no subnet`, undefined)),
    ...come(now.withoutRange, before?.withoutRange).map((vlan) =>
      event(
        "dhcp_without_range",
        vlan,
        `DHCP is on at ${vlan}, which has no dynamic range`,
        said.pathOf("vlan_dhcp", vlan),
      ),
    ),
  ];
}

/** An event as one line for alerting. */
export function eventLine({ event: name, object, what, path }: GuardEvent, time: Date, healed: boolean | null): string {
  const { id, level, explanation, remediation } = GUARD_RULES[name];
  const json = {
    time: time.toISOString(),
    event: name,
    rule: id,
    level,
    object,
    path: path ?? null,
    what,
    why: explanation,
  };
  return `${JSON.stringify({ ...json, fix: remediation, healed })}\n`;
}

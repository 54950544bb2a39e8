import * as fc from "fast-check";
import type { DocumentObject, NetworkDocument } from "../../lib/model/document";
import type { DocumentKindName } from "../../lib/model/document/kinds";
import { IpAddress } from "../../lib/model/address";
import { Cidr } from "../../lib/model/cidr";
import type { Attributes } from "../../lib/model/known";
import type { Seed } from "../../src/simulator/seed/notation";

/** A region with somebody else's networks, and racks whose eth1 may be lent. */
export const FOREIGN_SEED: Seed = {
  spaces: [{ name: "theirs" }],
  fabrics: [{ name: "racks" }, { name: "foreign", vlans: [{ vid: 0 }, { vid: 100, space: "theirs" }] }],
  subnets: [{ cidr: "192.168.0.0/24", fabric: "foreign", vid: 100, gateway_ip: "192.168.0.1" }],
  ip_ranges: [{ type: "dynamic", start_ip: "192.168.0.100", end_ip: "192.168.0.199" }],
  racks: ["rack1", "rack2"].map((hostname) => ({
    hostname,
    interfaces: [{ name: "eth0" }, { name: "eth1", fabric: "racks" }, { name: "eth2", fabric: "racks" }],
  })),
  machines: [{ hostname: "node1", interfaces: [{ name: "eth0", fabric: "foreign", vid: 100 }] }],
};

interface Slot {
  readonly kind: DocumentKindName;
  readonly object: DocumentObject;
}

/** Collects the objects of one network. Paths are those of slots, so that two networks have some in common. */
class Drawing {
  readonly slots: Slot[] = [];

  add(kind: DocumentKindName, path: string, key: string, attributes: Attributes): string {
    this.slots.push({ kind, object: { key, path: `lab/${path}`, origin: "create", attributes } });
    return key;
  }

  get document(): NetworkDocument {
    const racks = ["rack1", "rack2"].map((key) => ({
      ...{ key, path: `lab/${key}`, origin: "look_up" as const, attributes: {} },
    }));
    const kinds = [...new Set(this.slots.map(({ kind }) => kind))];
    const objects: NetworkDocument["objects"] = Object.fromEntries(
      kinds.map((kind) => [kind, this.slots.filter((slot) => slot.kind === kind).map(({ object }) => object)]),
    );
    return { objects: { ...objects, rack_controller: racks }, suppressions: [] };
  }
}

/** Draws numbers below a limit. */
type Draw = (limit: number) => number;

const V4 = Array.from({ length: 4 }, (_, index) => `10.1.${index}.0/24`);
const V6 = Array.from({ length: 3 }, (_, index) => `2001:db8:1:${index}::/64`);

const optional = (isGiven: boolean, attributes: Attributes): Attributes => (isGiven ? attributes : {});

/** Offset of the first address that ranges may have, and the size of one unit of a range's ends. */
const SCALE = { 4: [10n, 1n], 6: [0x1_0000_0000n, 0x100n] } as const;

function drawRanges(drawing: Drawing, draw: Draw, subnet: string, path: string, isManaged: boolean): boolean {
  const cidr = Cidr.parse(subnet);
  const [first, unit] = SCALE[cidr.family];
  const at = (units: number, more = 0n): string =>
    IpAddress.of(cidr.family, cidr.first.value + first + BigInt(units) * unit + more).toString();
  let next = draw(20);
  let isServed = false;
  for (let index = 0; index < 3; index += 1) {
    const [start, width, type] = [next, 1 + draw(30), draw(isManaged ? 4 : 2)];
    next = start + width + (draw(2) === 0 ? 0 : draw(20));
    if (type === 3) continue;
    const word = (isManaged ? ["reserved", "static", "dynamic"] : ["reserved", "static"])[type] ?? "reserved";
    isServed ||= word === "dynamic";
    const [startIp, endIp] = [at(start), at(start + width, -1n)];
    const comment = optional(draw(3) === 0, { comment: `range ${draw(5)}` });
    drawing.add("ip_range", `${path}/range-${index}`, `${startIp}-${endIp} in ${subnet}`, {
      ...{ subnet, type: word, start_ip: startIp, end_ip: endIp },
      ...(word === "static" ? {} : comment),
    });
  }
  return isServed;
}

function drawSubnets(drawing: Drawing, draw: Draw, vlans: readonly string[]): Set<string> {
  const served = new Set<string>();
  for (const [index, subnet] of [...V4, ...V6].entries()) {
    if (draw(3) === 0) continue;
    const vlan = vlans[draw(vlans.length)] ?? "";
    const isManaged = draw(5) !== 0;
    const cidr = Cidr.parse(subnet);
    drawing.add("subnet", `subnet-${index}`, subnet, {
      ...{ cidr: subnet, vlan },
      ...optional(!isManaged, { managed: false }),
      ...optional(draw(2) === 0, { gateway_ip: cidr.nth(1 + draw(3)).toString() }),
      ...optional(draw(2) === 0, { dns_servers: [cidr.nth(5).toString(), cidr.nth(6).toString()].slice(draw(2)) }),
      ...optional(draw(3) === 0, { description: `subnet ${draw(4)}` }),
      ...optional(draw(4) === 0, { allow_dns: false }),
    });
    if (drawRanges(drawing, draw, subnet, `subnet-${index}`, isManaged)) served.add(vlan);
  }
  return served;
}

function drawDhcp(drawing: Drawing, draw: Draw, vlans: readonly string[], served: ReadonlySet<string>): void {
  const places = ["rack1", "rack2"].map(
    (rack) => [rack, draw(4) === 0 ? undefined : vlans[draw(vlans.length)]] as const,
  );
  for (const [rack, vlan] of places) {
    if (vlan === undefined) continue;
    drawing.add("rack_interface", `${rack}-eth1`, `${rack}/eth1`, { rack_controller: rack, name: "eth1", vlan });
  }
  const serving: string[] = [];
  for (const vlan of served) {
    const racks = places.filter(([, on]) => on === vlan).map(([rack]) => rack);
    if (racks.length === 0 || draw(4) === 0) continue;
    serving.push(vlan);
    const [primary, secondary] = draw(2) === 0 ? racks : [...racks].reverse();
    drawing.add("vlan_dhcp", `dhcp-${vlan}`, vlan, {
      ...{ vlan, primary_rack_controller: primary ?? "" },
      ...optional(secondary !== undefined && draw(2) === 0, { secondary_rack_controller: secondary ?? "" }),
    });
  }
  for (const vlan of vlans) {
    const target = serving[draw(serving.length + 1)];
    if (target === undefined || serving.includes(vlan)) continue;
    drawing.add("vlan_dhcp", `dhcp-${vlan}`, vlan, { vlan, relay_vlan: target });
  }
}

/** A network that MAAS takes, on the racks of {@link FOREIGN_SEED}. */
function drawNetwork(draw: Draw): NetworkDocument {
  const drawing = new Drawing();
  const spaces = ["green", "blue"]
    .filter(() => draw(2) === 0)
    .map((name) => drawing.add("space", `space-${name}`, name, { name }));
  const vlans = ["a", "b"].flatMap((letter) => {
    // Two names for one place: a rename.
    const name = `lab-${letter}${draw(3) === 0 ? "2" : ""}`;
    if (letter === "b" && draw(3) === 0) return [];
    const fabric = drawing.add("fabric", `fabric-${letter}`, name, {
      name,
      ...optional(draw(2) === 0, { class_type: "10g" }),
      ...optional(draw(3) === 0, { description: `fabric ${draw(3)}` }),
    });
    return [0, 10, 20]
      .filter((vid) => vid === 0 || draw(2) === 0)
      .map((vid) => {
        const space = spaces[draw(spaces.length + 1)];
        return drawing.add("vlan", `vlan-${letter}-${vid}`, `${fabric}:${vid}`, {
          ...{ fabric, vid },
          ...optional(draw(3) === 0, { mtu: [1500, 9000][draw(2)] ?? 1500 }),
          ...optional(space !== undefined, { space: space ?? "" }),
          ...optional(vid !== 0 && draw(3) === 0, { name: `net ${draw(4)}` }),
        });
      });
  });
  drawDhcp(drawing, draw, vlans, drawSubnets(drawing, draw, vlans));
  return drawing.document;
}

/** Networks that MAAS takes, drawn from few names and addresses, so that any two of them have much in common. */
export const networks: fc.Arbitrary<NetworkDocument> = fc
  .infiniteStream(fc.nat(10_000))
  .map((numbers) => drawNetwork((limit) => Number(numbers.next().value ?? 0) % limit));

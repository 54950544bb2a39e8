import type { NetworkDocument } from "../../lib/model/document";
import { object } from "./document-object";

/** A subnet of an estate, with the reserved range in it. */
interface EstateSubnet {
  readonly name: string;
  readonly cidr: string;
  readonly gateway: string;
  readonly start: string;
  readonly end: string;
  /** The number of its VLAN. */
  readonly vlan: number;
  readonly hasRange: boolean;
}

/** Networks of both families: for each VLAN 10 subnets with a range each, for each fabric 10 VLANs. */
export interface Estate {
  /** How many objects it has. */
  readonly count: number;
  readonly fabrics: readonly string[];
  readonly vlans: readonly { readonly name: string; readonly fabric: string; readonly vid: number }[];
  readonly subnets: readonly EstateSubnet[];
}

function subnetOf(vlan: number, at: number, hasRange: boolean): EstateSubnet {
  const isIpv4 = at % 2 === 0;
  const net = isIpv4 ? `${10 + (vlan >> 8)}.${vlan & 255}.${at}` : `2001:db8:${vlan.toString(16)}:${at}`;
  const own = { name: `subnet-${vlan}-${at}`, vlan, hasRange };
  return isIpv4
    ? { ...own, cidr: `${net}.0/24`, gateway: `${net}.1`, start: `${net}.100`, end: `${net}.199` }
    : { ...own, cidr: `${net}::/64`, gateway: `${net}::1`, start: `${net}:0:1::`, end: `${net}:0:1:0:ffff` };
}

/** An estate of that many objects: 2,110 are 10 fabrics, 100 VLANs, 1,000 subnets and as many ranges. */
export function estateOf(objects: number): Estate {
  const fabrics: string[] = [];
  const vlans: Estate["vlans"][number][] = [];
  const subnets: EstateSubnet[] = [];
  let count = 0;
  const isOpen = (): boolean => count < objects;
  for (let vlan = 0; isOpen(); vlan += 1) {
    const fabric = `bench-${Math.floor(vlan / 10)}`;
    if (fabrics.at(-1) !== fabric) count = fabrics.push(fabric) + vlans.length + 2 * subnets.length;
    vlans.push({ name: `vlan-${vlan}`, fabric, vid: 10 + (vlan % 10) });
    count += 1;
    for (let at = 0; at < 10 && isOpen(); at += 1) {
      const hasRange = count + 1 < objects;
      subnets.push(subnetOf(vlan, at, hasRange));
      count += hasRange ? 2 : 1;
    }
  }
  return { count, fabrics, vlans, subnets };
}

/** Its resources in Terraform. @param withFabric canonical/maas takes the VLAN of a subnet only with its fabric */
export function asResources(
  { fabrics, vlans, subnets }: Estate,
  withFabric = false,
): Readonly<Record<string, unknown>> {
  const named = <T>(
    items: readonly T[],
    of: (item: T) => readonly [string, Readonly<Record<string, unknown>>],
  ): object => Object.fromEntries(items.map(of));
  const fabricId = (name = ""): string => `\${maas_fabric.${name}.id}`;
  return {
    maas_fabric: named(fabrics, (name) => [name, { name }]),
    maas_vlan: named(vlans, ({ name, fabric, vid }) => [name, { fabric: fabricId(fabric), vid, name }]),
    maas_subnet: named(subnets, ({ name, cidr, gateway, vlan }) => [
      name,
      {
        ...{ name, cidr, gateway_ip: gateway, vlan: `\${maas_vlan.vlan-${vlan}.id}` },
        ...(withFabric && { fabric: fabricId(vlans[vlan]?.fabric) }),
      },
    ]),
    maas_subnet_ip_range: named(
      subnets.filter(({ hasRange }) => hasRange),
      ({ name, start, end }) => [
        name.replace("subnet", "range"),
        { subnet: `\${maas_subnet.${name}.id}`, type: "reserved", start_ip: start, end_ip: end },
      ],
    ),
  };
}

/** The same as a document. */
export function asDocument({ fabrics, vlans, subnets }: Estate): NetworkDocument {
  const keys = vlans.map(({ fabric, vid }) => `${fabric}:${vid}`);
  return {
    objects: {
      fabric: fabrics.map((name) => object(name, { name })),
      vlan: vlans.map(({ name, fabric, vid }, at) => object(keys[at] ?? "", { fabric, vid, name })),
      subnet: subnets.map(({ name, cidr, gateway, vlan }) =>
        object(cidr, { name, cidr, gateway_ip: gateway, vlan: keys[vlan] ?? "" }),
      ),
      ip_range: subnets
        .filter(({ hasRange }) => hasRange)
        .map(({ cidr, start, end }) =>
          object(`${start}-${end} in ${cidr}`, { subnet: cidr, type: "reserved", start_ip: start, end_ip: end }),
        ),
    },
    suppressions: [],
  };
}

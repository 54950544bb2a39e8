import type { ObjectJson } from "../../../src/maas/codec";

/** A region as MAAS lists it. */
export interface Rows {
  readonly fabrics: ObjectJson[];
  readonly subnets: ObjectJson[];
  readonly ipranges: ObjectJson[];
}

const cidrOf = (n: number): string =>
  n % 2 === 0 ? `10.${(n >> 9) & 255}.${(n >> 1) & 255}.0/24` : `2001:db8:${n.toString(16)}::/64`;

const netOf = (n: number): string => cidrOf(n).replace(n % 2 === 0 ? /0\/24$/ : /:\/64$/, "");

/** Subnets with a dynamic range each, so many of them on a VLAN. */
function estate(objects: number, subnetsPerVlan: number): Rows {
  const count = Math.ceil(objects / 2);
  const vlans = Array.from({ length: Math.ceil(count / subnetsPerVlan) }, (_, at) => ({
    ...{
      id: 5001 + at,
      vid: at % 4095,
      name: at % 4095 === 0 ? "untagged" : `v${at}`,
      mtu: 1500,
      dhcp_on: false,
      relay_vlan: null,
    },
    ...{
      fabric: `f${Math.floor(at / 4095)}`,
      fabric_id: Math.floor(at / 4095),
      space: "undefined",
      primary_rack: null,
      secondary_rack: null,
    },
  }));
  const subnets = Array.from({ length: count }, (_, n) => ({
    ...{ id: n, cidr: cidrOf(n), name: cidrOf(n), vlan: vlans[Math.floor(n / subnetsPerVlan)], managed: true },
    ...{ gateway_ip: null, dns_servers: [], rdns_mode: 2, allow_dns: true, allow_proxy: true, space: "undefined" },
  }));
  return {
    fabrics: [...new Set(vlans.map(({ fabric_id: id }) => id))].map((id) => ({
      ...{ id, name: `f${id}`, class_type: null },
      vlans: vlans.filter(({ fabric_id: fabric }) => fabric === id),
    })),
    subnets,
    ipranges: subnets.map((subnet, id) => {
      const net = netOf(id);
      const [start_ip, end_ip] = id % 2 === 0 ? [`${net}100`, `${net}199`] : [`${net}0:2::`, `${net}0:2::ffff`];
      return { id, type: "dynamic", start_ip, end_ip, comment: "", subnet };
    }),
  };
}

/** All ranges in one subnet; every other one in the way of the one before. */
function crowded(objects: number): Rows {
  const { fabrics, subnets } = estate(4, 4);
  const subnet = subnets[1] ?? {};
  const ipranges = Array.from({ length: objects }, (_, id) => {
    const net = `2001:db8:1::${(id + 1).toString(16)}`;
    return { id, type: "reserved", start_ip: `${net}:0`, end_ip: `${net}:fff`, comment: "", subnet };
  });
  return { fabrics, subnets: [subnet], ipranges };
}

/** Fabrics with a VLAN beside the default one, and nothing in them. */
function fabrics(objects: number): Rows {
  const all = estate(objects, 1).fabrics.flatMap(({ vlans }) => vlans as ObjectJson[]);
  return {
    ...{ subnets: [], ipranges: [] },
    fabrics: all.map((vlan, id) => {
      const owner = { fabric: `f${id}`, fabric_id: id };
      return {
        ...{ id, name: `f${id}`, class_type: null },
        vlans: [
          { ...vlan, ...owner, vid: 0, name: "untagged" },
          { ...vlan, ...owner, id: Number(vlan.id) + all.length, vid: 7, name: "v7" },
        ],
      };
    }),
  };
}

/** What a region may be like, in the shapes that hurt. */
export const REGION_SHAPES: Readonly<Record<string, (objects: number) => Rows>> = {
  "all subnets on one VLAN": (objects) => estate(objects, objects),
  "one subnet on each VLAN": (objects) => estate(objects, 1),
  "all ranges in one subnet": crowded,
  "all fabrics": fabrics,
};

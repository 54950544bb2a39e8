import { type DocumentObject, documentText, type NetworkDocument } from "../../lib/model/document";
import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import type { Seed } from "../../src/simulator/seed/notation";

/** A region with somebody else's networks, two racks with spare interfaces, and a machine on a spare fabric. */
export const REGION: Seed = {
  spaces: [{ name: "theirs" }],
  fabrics: [{ name: "racks" }, { name: "foreign", vlans: [{ vid: 0 }, { vid: 100, space: "theirs" }] }],
  subnets: [
    { cidr: "192.168.0.0/24", fabric: "foreign", vid: 100, gateway_ip: "192.168.0.1" },
    { cidr: "192.168.9.0/24", fabric: "foreign", vid: 0, gateway_ip: "192.168.9.1" },
    { cidr: "2001:db8:9::/64", fabric: "foreign", vid: 0, gateway_ip: "2001:db8:9::1" },
  ],
  ip_ranges: [{ type: "dynamic", start_ip: "192.168.0.100", end_ip: "192.168.0.199" }],
  racks: ["rack1", "rack2"].map((hostname) => ({
    hostname,
    interfaces: [{ name: "eth0" }, { name: "eth1", fabric: "racks" }],
  })),
  machines: [
    {
      hostname: "node1",
      interfaces: ["eth0", "eth1", "eth2"].map((name) => ({ name, fabric: "foreign", vid: 0 })),
    },
  ],
};

/** What one version of the network wants, in a form that gives a document and a Terraform configuration. */
interface Network {
  readonly fabric: string;
  readonly mtu?: number;
  readonly space?: string;
  readonly vid: number;
  readonly v4: Attributes;
  readonly v6: Attributes;
  readonly pool: readonly [start: string, end: string];
  readonly kept?: readonly [start: string, end: string];
  readonly pool6?: readonly [start: string, end: string];
  readonly movedRack: string;
  readonly gatewayLink: "v4" | "v6";
  readonly route: Attributes;
  readonly domain: string;
  readonly addresses: string;
  readonly mail: string;
  readonly bond: Attributes;
}

const V4 = "10.1.0.0/24";
const V6 = "2001:db8:1::/64";

/** The second version makes, changes, renames, resizes, moves and drops something of the first one. */
const VERSIONS: Readonly<Record<"first" | "second", Network>> = {
  first: {
    ...{ fabric: "lab", space: "green", vid: 10, movedRack: "rack1", gatewayLink: "v4" },
    v4: { gateway_ip: "10.1.0.1" },
    v6: { dns_servers: ["2001:db8:1::5"] },
    pool: ["10.1.0.100", "10.1.0.199"],
    kept: ["10.1.0.2", "10.1.0.9"],
    route: { gateway_ip: "10.1.0.1", metric: 5 },
    ...{ domain: "lab.example", addresses: "10.1.0.10 2001:db8:1::10", mail: "10 www.lab.example." },
    bond: { bond_mode: "active-backup" },
  },
  second: {
    ...{ fabric: "lab-2", mtu: 9000, vid: 20, movedRack: "rack2", gatewayLink: "v6" },
    v4: {},
    v6: { gateway_ip: "2001:db8:1::1" },
    pool: ["10.1.0.120", "10.1.0.249"],
    pool6: ["2001:db8:1:0:2::", "2001:db8:1:0:2::ffff"],
    route: { gateway_ip: "10.1.0.3" },
    ...{ domain: "lab2.example", addresses: "10.1.0.11", mail: "20 www.lab2.example." },
    bond: { bond_mode: "802.3ad", mtu: 1400 },
  },
};

export type VersionName = keyof typeof VERSIONS;

/** The network of others that a route leads to. */
const ROUTED = "192.168.9.0/24";
/** The VLAN of others that a bond stays on: a bond on another one takes its interfaces along. */
const BONDED = "foreign:0";
const TAGGED = "foreign:100";
const LINKED = { v4: "192.168.9.0/24", v6: "2001:db8:9::/64" } as const;

const object = (key: string, path: string, attributes: Attributes): DocumentObject => ({
  ...{ key, path: `lab/${path}`, origin: "create", attributes },
});
const lookedUp = (key: string, attributes: Attributes = {}): DocumentObject => ({
  ...{ key, path: key, origin: "look_up", attributes },
});

/** A version of the network as a desired-state document. */
export function documentOf(name: VersionName): string {
  const version = VERSIONS[name];
  const { fabric, mtu, space, vid, v4, v6, pool, kept, pool6, movedRack, gatewayLink } = version;
  const { route, domain, addresses, mail, bond } = version;
  const [untagged, tagged] = [`${fabric}:0`, `${fabric}:${vid}`];
  const range = (path: string, subnet: string, type: string, ends: readonly [string, string] | undefined) =>
    ends === undefined
      ? []
      : [object(`${ends.join("-")} in ${subnet}`, path, { subnet, type, start_ip: ends[0], end_ip: ends[1] })];
  const link = (family: "v4" | "v6"): DocumentObject =>
    object(`node1/eth0:${LINKED[family]}`, `link-${family}`, {
      ...{ machine: "node1", network_interface: "eth0", subnet: LINKED[family], mode: "AUTO" },
      default_gateway: gatewayLink === family,
    });
  const document: NetworkDocument = {
    objects: {
      ...(space !== undefined && { space: [object(space, "space", { name: space })] }),
      fabric: [object(fabric, "fabric", { name: fabric }), lookedUp("foreign")],
      vlan: [
        object(untagged, "untagged", { fabric, vid: 0, ...(mtu !== undefined && { mtu }) }),
        lookedUp(BONDED),
        lookedUp(TAGGED),
        object(tagged, "tagged", { fabric, vid, ...(space !== undefined && { space }) }),
      ],
      subnet: [
        object(V4, "v4", { cidr: V4, vlan: untagged, ...v4 }),
        object(V6, "v6", { cidr: V6, vlan: untagged, ...v6 }),
        ...Object.values(LINKED).map((cidr) => lookedUp(cidr, { cidr })),
      ],
      ip_range: [
        ...range("pool", V4, "dynamic", pool),
        ...range("kept", V4, "reserved", kept),
        ...range("pool-6", V6, "dynamic", pool6),
      ],
      rack_controller: ["rack1", "rack2"].map((key) => lookedUp(key)),
      rack_interface: [
        object(`${movedRack}/eth1`, `nic-${movedRack}`, {
          ...{ rack_controller: movedRack, name: "eth1", vlan: untagged },
        }),
      ],
      vlan_dhcp: [object(untagged, "dhcp", { vlan: untagged, primary_rack_controller: movedRack })],
      machine: [lookedUp("node1")],
      network_interface_link: [link("v4"), link("v6")],
      static_route: [
        object(`${V4} to ${ROUTED} via ${textOf(route.gateway_ip)}`, "route", {
          source: V4,
          destination: ROUTED,
          ...route,
        }),
      ],
      dns_domain: [object(domain, "domain", { name: domain })],
      dns_record: [
        object(`A/AAAA www in ${domain}`, "www", { type: "A/AAAA", name: "www", domain, data: addresses }),
        object(`MX @ in ${domain}: ${mail}`, "mail", { type: "MX", name: "@", domain, data: mail }),
      ],
      network_interface_vlan: [
        object(`node1/bond0 on ${TAGGED}`, "vlan-interface", { machine: "node1", parent: "bond0", vlan: TAGGED }),
      ],
      network_interface_bond: [
        object("node1/bond0", "bond", {
          machine: "node1",
          name: "bond0",
          parents: ["eth1", "eth2"],
          vlan: BONDED,
          ...bond,
        }),
      ],
    },
    suppressions: [],
  };
  return documentText(document);
}

/** The same version as a Terraform configuration, without the provider's block. */
export function configurationOf(name: VersionName): object {
  const version = VERSIONS[name];
  const { fabric, mtu, space, vid, v4, v6, pool, kept, pool6, movedRack, gatewayLink } = version;
  const { route, domain, addresses, mail, bond } = version;
  const range = (key: string, subnet: string, type: string, ends: readonly [string, string] | undefined) =>
    ends === undefined
      ? {}
      : { [key]: { subnet: `\${maas_subnet.${subnet}.id}`, type, start_ip: ends[0], end_ip: ends[1] } };
  const link = (family: "v4" | "v6"): object => ({
    ...{ machine: "node1", network_interface: "eth0", subnet: LINKED[family] },
    default_gateway: gatewayLink === family,
  });
  return {
    resource: {
      ...(space !== undefined && { maas_space: { lab: { name: space } } }),
      maas_fabric: { lab: { name: fabric } },
      maas_vlan: {
        untagged: { fabric: "${maas_fabric.lab.id}", vid: 0, ...(mtu !== undefined && { mtu }) },
        tagged: {
          fabric: "${maas_fabric.lab.id}",
          vid,
          ...(space !== undefined && { space: "${maas_space.lab.name}" }),
        },
      },
      maas_subnet: {
        v4: { vlan: "${maas_vlan.untagged.id}", cidr: V4, ...v4 },
        v6: { vlan: "${maas_vlan.untagged.id}", cidr: V6, ...v6 },
      },
      maas_subnet_ip_range: {
        ...range("pool", "v4", "dynamic", pool),
        ...range("kept", "v4", "reserved", kept),
        ...range("pool6", "v6", "dynamic", pool6),
      },
      maas_rack_interface: {
        [movedRack]: { rack_controller: movedRack, name: "eth1", vlan: "${maas_vlan.untagged.id}" },
      },
      maas_vlan_dhcp: {
        lab: {
          vlan: "${maas_vlan.untagged.id}",
          primary_rack_controller: movedRack,
          ip_ranges: ["${maas_subnet_ip_range.pool.id}"],
          depends_on: [`maas_rack_interface.${movedRack}`],
        },
      },
      maas_network_interface_link: { v4: link("v4"), v6: link("v6") },
      maas_static_route: { lab: { source: "${maas_subnet.v4.id}", destination: ROUTED, ...route } },
      maas_dns_domain: { lab: { name: domain } },
      maas_dns_record: {
        www: { type: "A/AAAA", name: "www", domain: "${maas_dns_domain.lab.id}", data: addresses },
        mail: { type: "MX", name: "@", domain: "${maas_dns_domain.lab.id}", data: mail },
      },
      maas_network_interface_bond: {
        lab: { machine: "node1", name: "bond0", parents: ["eth1", "eth2"], vlan: BONDED, ...bond },
      },
      maas_network_interface_vlan: {
        lab: { machine: "node1", parent: "${maas_network_interface_bond.lab.name}", vlan: TAGGED },
      },
    },
  };
}

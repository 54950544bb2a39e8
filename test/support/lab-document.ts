import type { DocumentObject, DocumentSuppression, NetworkDocument } from "../../lib/model/document";
import type { DocumentKindName } from "../../lib/model/document/kinds";
import type { Attributes } from "../../lib/model/known";
import type { Seed } from "../../src/simulator/seed/notation";

/** A region with two racks that have told nothing yet, each with a spare interface. */
export const LAB_SEED: Seed = {
  fabrics: [{ name: "spare" }],
  racks: ["rack1", "rack2"].map((hostname) => ({
    hostname,
    interfaces: [{ name: "eth0" }, { name: "eth1", fabric: "spare" }],
  })),
};

export const V4 = "10.20.0.0/24";
export const V6 = "2001:db8:20::/64";

/** An object of the stack `lab`. */
export const made = (key: string, path: string, attributes: Attributes, origin: DocumentObject["origin"] = "create") =>
  ({ key, path: `lab/${path}`, origin, attributes }) satisfies DocumentObject;

export const range = (subnet: string, type: string, start: string, end: string): DocumentObject =>
  made(`${start}-${end} in ${subnet}`, `${type}-${start}`, { subnet, type, start_ip: start, end_ip: end });

type Sections = NetworkDocument["objects"];

/** What a stack `lab` wants: both families on one VLAN, static ranges on both, and DHCP for both by rack1. */
const SECTIONS = {
  fabric: [made("lab", "lab", { name: "lab" })],
  vlan: [made("lab:0", "lab/untagged", { fabric: "lab", vid: 0 }, "adopt")],
  subnet: [
    made(V4, "lab-v4", { vlan: "lab:0", cidr: V4, gateway_ip: "10.20.0.1" }),
    made(V6, "lab-v6", { vlan: "lab:0", cidr: V6, gateway_ip: "2001:db8:20::1" }),
  ],
  ip_range: [
    range(V4, "dynamic", "10.20.0.100", "10.20.0.199"),
    range(V4, "static", "10.20.0.50", "10.20.0.99"),
    range(V6, "dynamic", "2001:db8:20:0:2::", "2001:db8:20:0:2::ffff"),
    range(V6, "static", "2001:db8:20:0:1::", "2001:db8:20:0:1:ffff:ffff:ffff"),
  ],
  rack_controller: [made("rack1", "rack1", {}, "look_up")],
  rack_interface: [made("rack1/eth1", "rack1-eth1", { rack_controller: "rack1", name: "eth1", vlan: "lab:0" })],
  vlan_dhcp: [made("lab:0", "dhcp", { vlan: "lab:0", primary_rack_controller: "rack1" })],
} as const satisfies Partial<Record<DocumentKindName, readonly DocumentObject[]>>;

/** The stack's document, with other sections where some are given. */
export function labDocument(
  change: (sections: typeof SECTIONS) => Sections = () => ({}),
  suppressions: readonly DocumentSuppression[] = [],
): NetworkDocument {
  return { objects: { ...SECTIONS, ...change(SECTIONS) }, suppressions };
}

/** What rack1 tells once it serves the document. */
export const SERVING = {
  rack1: {
    addresses: { eth1: ["10.20.0.2/24", "2001:db8:20::2/64"] },
    services: { dhcpd: "running", dhcpd6: "running" },
  },
} as const;

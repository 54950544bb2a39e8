import type { DocumentObject, NetworkDocument } from "../../lib/model/document";
import type { Attributes } from "../../lib/model/known";

// Two networks: runs on the way from one to the other are cut off, in test/reconcile/engine and test/e2e.

const object = (key: string, path: string, attributes: Attributes): DocumentObject => ({
  ...{ key, path: `lab/${path}`, origin: "create", attributes },
});

const range = (path: string, subnet: string, type: string, startIp: string, endIp: string): DocumentObject =>
  object(`${startIp}-${endIp} in ${subnet}`, path, { subnet, type, start_ip: startIp, end_ip: endIp });

const racks = ["rack1", "rack2"].map((key): DocumentObject => ({ key, path: key, origin: "look_up", attributes: {} }));

const nic = (rack: string, vlan: string): DocumentObject =>
  object(`${rack}/eth1`, rack, { rack_controller: rack, name: "eth1", vlan });

const [V4, V6] = ["10.1.0.0/24", "2001:db8:1::/64"];

/** A dual-stack network of most kinds. */
export const FIRST: NetworkDocument = {
  objects: {
    space: [object("green", "space", { name: "green" })],
    fabric: [object("lab", "fabric", { name: "lab", description: "first" })],
    vlan: [
      object("lab:0", "untagged", { fabric: "lab", vid: 0 }),
      object("lab:10", "vlan-10", { fabric: "lab", vid: 10, space: "green" }),
    ],
    subnet: [
      object(V4, "v4", { cidr: V4, vlan: "lab:0", gateway_ip: "10.1.0.1" }),
      object(V6, "v6", { cidr: V6, vlan: "lab:10", dns_servers: ["2001:db8:1::5"] }),
    ],
    ip_range: [
      range("pool", V4, "dynamic", "10.1.0.100", "10.1.0.199"),
      range("nodes", V6, "static", "2001:db8:1:0:1::", "2001:db8:1:0:1::ffff"),
    ],
    rack_controller: racks,
    rack_interface: [nic("rack1", "lab:0")],
    vlan_dhcp: [object("lab:0", "dhcp", { vlan: "lab:0", primary_rack_controller: "rack1" })],
  },
  suppressions: [],
};

/** Makes, changes, renames, resizes, moves and drops something of the first one. */
export const SECOND: NetworkDocument = {
  objects: {
    fabric: [object("lab-2", "fabric", { name: "lab-2", description: "second" })],
    vlan: [
      object("lab-2:0", "untagged", { fabric: "lab-2", vid: 0, mtu: 9000 }),
      object("lab-2:20", "vlan-20", { fabric: "lab-2", vid: 20 }),
    ],
    subnet: [
      object(V4, "v4", { cidr: V4, vlan: "lab-2:0" }),
      object(V6, "v6", { cidr: V6, vlan: "lab-2:20", gateway_ip: "2001:db8:1::1" }),
    ],
    ip_range: [
      range("pool", V4, "dynamic", "10.1.0.120", "10.1.0.249"),
      range("pool-6", V6, "dynamic", "2001:db8:1:0:2::", "2001:db8:1:0:2::ffff"),
    ],
    rack_controller: racks,
    rack_interface: [nic("rack1", "lab-2:20"), nic("rack2", "lab-2:0")],
    vlan_dhcp: [
      object("lab-2:0", "dhcp", { vlan: "lab-2:0", primary_rack_controller: "rack2" }),
      object("lab-2:20", "relay", { vlan: "lab-2:20", relay_vlan: "lab-2:0" }),
    ],
  },
  suppressions: [],
};

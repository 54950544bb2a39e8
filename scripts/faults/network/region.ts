import type { Seed } from "../../../src/simulator/seed/notation";

/** A region with somebody else's networks, two racks with spare interfaces, and a machine on a fabric of others. */
export const REGION: Seed = {
  spaces: [{ name: "theirs" }],
  fabrics: [{ name: "racks" }, { name: "foreign", vlans: [{ vid: 0 }, { vid: 100, space: "theirs" }] }],
  subnets: [
    { cidr: "192.168.0.0/24", fabric: "foreign", vid: 100, gateway_ip: "192.168.0.1" },
    { cidr: "192.168.9.0/24", fabric: "foreign", vid: 0, gateway_ip: "192.168.9.1" },
    { cidr: "2001:db8:9::/64", fabric: "foreign", vid: 0, gateway_ip: "2001:db8:9::1" },
    { cidr: "192.168.7.0/24", fabric: "foreign", vid: 100, gateway_ip: "192.168.7.1" },
  ],
  ip_ranges: [{ type: "dynamic", start_ip: "192.168.0.100", end_ip: "192.168.0.199" }],
  racks: ["rack1", "rack2"].map((hostname) => ({
    hostname,
    interfaces: [{ name: "eth0" }, { name: "eth1", fabric: "racks" }],
  })),
  machines: [
    {
      hostname: "node1",
      interfaces: ["eth0", "eth1", "eth2", "eth3", "eth4"].map((name) => ({ name, fabric: "foreign", vid: 0 })),
    },
  ],
};

/** The networks of others that ours refer to. */
export const FOREIGN = {
  fabric: "foreign",
  untagged: "foreign:0",
  tagged: "foreign:100",
  v4: "192.168.9.0/24",
  v6: "2001:db8:9::/64",
  adopted: "192.168.7.0/24",
} as const;

import type { Seed } from "../../../src/simulator/seed/notation";

/** Two racks, each with an interface that can be moved, and a subnet with a dynamic range in a fabric of its own. */
export const DHCP_REGION: Seed = {
  racks: ["rack1", "rack2"].map((hostname) => ({
    hostname,
    interfaces: [{ name: "eth0", fabric: "lab" }, { name: "eth1" }],
  })),
  fabrics: [{ name: "lab" }, { name: "other" }],
  subnets: [{ cidr: "10.2.0.0/24", fabric: "other", vid: 0 }],
  ip_ranges: [{ type: "dynamic", start_ip: "10.2.0.100", end_ip: "10.2.0.199" }],
};

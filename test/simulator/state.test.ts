import { MaasSimulator, type Seed } from "../../src/simulator";

const SEED: Seed = {
  spaces: [{ name: "storage" }],
  fabrics: [
    {
      name: "lab",
      vlans: [
        { vid: 0, dhcp_on: true, primary_rack: "rack-1", secondary_rack: "rack-2" },
        { vid: 20, name: "files", mtu: 9000, space: "storage", relay_vlan: { fabric: "lab", vid: 0 } },
      ],
    },
  ],
  subnets: [
    { cidr: "10.20.0.0/24", fabric: "lab", gateway_ip: "10.20.0.1", dns_servers: ["10.20.0.2"] },
    { cidr: "2001:db8:20::/64", name: "six", fabric: "lab", vid: 20, managed: false },
  ],
  ip_ranges: [{ type: "dynamic", start_ip: "10.20.0.100", end_ip: "10.20.0.199", comment: "pool" }],
  racks: ["rack-1", "rack-2"].map((hostname) => ({ hostname, interfaces: [{ name: "eth0", fabric: "lab" }] })),
  machines: [
    {
      hostname: "node-1",
      interfaces: [
        {
          name: "eth0",
          fabric: "lab",
          links: [{ mode: "STATIC", subnet: "10.20.0.0/24", ip_address: "10.20.0.10" }],
        },
      ],
    },
  ],
};

test("the state shows all of a region by natural keys", async () => {
  const simulator = await MaasSimulator.start({ seed: SEED });
  try {
    const { state } = simulator;
    const untagged = { fabric: "lab", vid: 0 };
    const files = { fabric: "lab", vid: 20 };
    expect(state.fabrics).toEqual(["fabric-0", "lab"]);
    expect(state.spaces).toEqual(["storage"]);
    expect(state.vlans.filter(({ fabric }) => fabric === "lab")).toEqual([
      {
        ...untagged,
        name: "untagged",
        mtu: 1500,
        space: "undefined",
        dhcpOn: true,
        primaryRack: "rack-1",
        secondaryRack: "rack-2",
        relayVlan: null,
      },
      {
        ...files,
        name: "files",
        mtu: 9000,
        space: "storage",
        dhcpOn: false,
        primaryRack: null,
        secondaryRack: null,
        relayVlan: untagged,
      },
    ]);
    expect(state.subnets).toEqual([
      {
        cidr: "10.20.0.0/24",
        name: "10.20.0.0/24",
        vlan: untagged,
        gatewayIp: "10.20.0.1",
        dnsServers: ["10.20.0.2"],
        managed: true,
      },
      { cidr: "2001:db8:20::/64", name: "six", vlan: files, gatewayIp: null, dnsServers: [], managed: false },
    ]);
    expect(state.ranges).toEqual([
      { subnet: "10.20.0.0/24", type: "dynamic", startIp: "10.20.0.100", endIp: "10.20.0.199", comment: "pool" },
    ]);
    expect(state.racks.map(({ hostname }) => hostname)).toEqual(["rack-1", "rack-2"]);
    const eth0 = { name: "eth0", vlan: untagged };
    const link = { mode: "static", subnet: "10.20.0.0/24", ip: "10.20.0.10" };
    expect(state.interfaces.filter(({ vlan }) => vlan?.fabric === "lab")).toMatchObject([
      { node: "rack-1", ...eth0, links: [] },
      { node: "rack-2", ...eth0, links: [] },
      { node: "node-1", ...eth0, links: [link] },
    ]);
  } finally {
    await simulator.stop();
  }
});

import { MaasSimulator, type Seed } from "../../src/simulator";

const SEED: Seed = {
  vlans: [{ fabric: "fabric-0", vid: 20 }],
  subnets: [{ cidr: "10.1.0.0/24" }, { cidr: "2001:db8:20::/64", vid: 20 }],
  machines: [
    {
      hostname: "node-1",
      interfaces: [
        { name: "eth0", mac_address: "52:54:00:00:aa:01" },
        { name: "eth1", mac_address: "52:54:00:00:aa:02" },
        {
          name: "bond0",
          type: "bond",
          parents: ["eth0", "eth1"],
          params: { bond_mode: "active-backup", mtu: 9000 },
          links: [{ mode: "auto", subnet: "10.1.0.0/24" }],
        },
        {
          name: "bond0.20",
          type: "vlan",
          vid: 20,
          parents: ["bond0"],
          links: [{ mode: "static", subnet: "2001:db8:20::/64", ip_address: "2001:db8:20::9" }],
        },
        { name: "br0", type: "bridge", parents: ["bond0.20"], vid: 20, mac_address: "52:54:00:00:aa:03" },
      ],
    },
  ],
  devices: [
    {
      hostname: "printer",
      interfaces: [{ name: "eth0", links: [{ mode: "static", subnet: "10.1.0.0/24", ip_address: "10.1.0.9" }] }],
    },
  ],
};

async function start(seed: Seed) {
  const simulator = await MaasSimulator.start({ seed });
  await simulator.stop();
  return simulator;
}

test("a seed has bonds, bridges, VLAN interfaces and devices, and a document of the region makes the same again", async () => {
  const first = await start(SEED);
  const { interfaces } = first.state;
  expect(interfaces.find(({ name }) => name === "bond0")?.links).toMatchObject([{ mode: "auto" }]);
  // A bridge takes the links of what it is over.
  expect(interfaces.find(({ name }) => name === "bond0.20")?.links).toEqual([]);
  expect(interfaces.find(({ node }) => node === "printer")?.links).toMatchObject([{ ip: "10.1.0.9" }]);
  const { document } = first;
  expect(document.machines?.[0]?.interfaces).toMatchObject([
    { name: "eth0" },
    { name: "eth1" },
    { name: "bond0", type: "bond", parents: ["eth0", "eth1"], params: { bond_mode: "active-backup", mtu: 9000 } },
    { name: "bond0.20", type: "vlan", parents: ["bond0"] },
    { name: "br0", type: "bridge", parents: ["bond0.20"] },
  ]);
  const second = await start(document);
  expect(second.document).toEqual(document);
  expect(second.state).toEqual(first.state);
});

test("an interface on no VLAN stays on none", async () => {
  const seed: Seed = { devices: [{ hostname: "printer", interfaces: [{ name: "eth0", vlan: null }] }] };
  const { document, state } = await start(seed);
  expect(state.interfaces).toMatchObject([{ name: "eth0", vlan: null }]);
  expect((await start(document)).document).toEqual(document);
});

test("a seed whose bond has no such parent is refused", async () => {
  const seed: Seed = {
    machines: [{ hostname: "node-1", interfaces: [{ name: "bond0", type: "bond", parents: ["eth7"] }] }],
  };
  await expect(start(seed)).rejects.toThrow('node-1 has no interface "eth7" before the one that is over it');
});

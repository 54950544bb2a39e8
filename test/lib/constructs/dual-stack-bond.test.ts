import { TerraformStack } from "cdktf";
import {
  DualStackBond,
  type DualStackBondProps,
  Fabric,
  Ipv4Subnet,
  Ipv6Subnet,
  MaasProvider,
  Machine,
  NodeInterface,
  Vlan,
} from "cdktf-maas";
import { caveatReport } from "../../../lib/aspects/caveat-report";
import { documentOf } from "../../../lib/aspects/document-of";
import { regionOf } from "../../../lib/constructs/internal/region";
import { EngineUser } from "../../support/engine";
import { messageOf, synth, temporaryApp } from "../../support/synth";

const [V4, V6] = ["10.20.0.0/24", "2001:db8:20::/64"];

/** A bond of two interfaces of a machine. */
function bond(stack: TerraformStack, isTagged: boolean, props: Partial<DualStackBondProps> = {}): DualStackBond {
  new MaasProvider(stack, "maas");
  const fabric = Fabric.fromName(stack, "lab", "lab");
  const untaggedVlan = Vlan.fromVid(stack, "untagged", fabric, 0);
  const tagged = Vlan.fromVid(stack, "vlan20", fabric, 20);
  const machine = new Machine(stack, "node1", { hostname: "node1" });
  return new DualStackBond(stack, "uplink", {
    ...{ machine, untaggedVlan, ...(isTagged && { vlan: tagged }) },
    parents: ["eth0", "eth1"].map((name) => new NodeInterface(stack, name, { machine, name })),
    ...{ ipv4Subnet: Ipv4Subnet.fromCidr(stack, "v4", V4), ipv6Subnet: Ipv6Subnet.fromCidr(stack, "v6", V6) },
    ...props,
  });
}

const ADDRESSES = { ipv4Address: "10.20.0.10", ipv6Address: "2001:db8:20::10", defaultGateways: true, mtu: 9000 };

describe("on a region", () => {
  let user: EngineUser;
  afterEach(() => user.stop());

  test.each([
    ["a VLAN interface over it", true, "bond0.20"],
    ["the bond itself", false, "bond0"],
  ])("#478: the machine has links of both families on %s, and nothing is left to do", async (_, isTagged, name) => {
    const nics = ["eth0", "eth1"].map((nic, at) => ({
      name: nic,
      mac_address: `52:54:00:00:00:0${at}`,
      fabric: "lab",
    }));
    const on = { fabric: "lab", vid: isTagged ? 20 : 0 };
    user = await EngineUser.start({
      fabrics: [{ name: "lab", vlans: [{ vid: 0 }, { vid: 20 }] }],
      subnets: [
        { ...on, cidr: V4, gateway_ip: "10.20.0.1" },
        { ...on, cidr: V6, gateway_ip: "2001:db8:20::1" },
      ],
      machines: [{ hostname: "node1", interfaces: nics }],
    });
    const stack = new TerraformStack(temporaryApp(), "lab");
    const region = regionOf(bond(stack, isTagged, ADDRESSES).bond);
    if (region === undefined) throw new Error("the stack has no region");
    const document = documentOf(stack, region);
    expect((await user.run(document)).refusals).toEqual([]);
    const { interfaces, defaultGateways } = user.simulator.state;
    expect(interfaces.find((nic) => nic.node === "node1" && nic.name === name)?.links).toEqual([
      { mode: "static", subnet: V4, ip: "10.20.0.10" },
      { mode: "static", subnet: V6, ip: "2001:db8:20::10" },
    ]);
    expect(defaultGateways.map(({ subnet }) => subnet).sort()).toEqual([V4, V6]);
    expect((await user.prepare(document)).plan.steps).toEqual([]);
    await user.run(document, "destroy");
    expect(user.simulator.state.interfaces.filter(({ node }) => node === "node1").map((nic) => nic.name)).toEqual([
      "eth0",
      "eth1",
    ]);
  });
});

test("what is made refers to the bond, so that Terraform makes it first", () => {
  const { resource } = synth((stack) => {
    bond(stack, true);
  });
  const [bonds, overIt, links] = ["bond", "vlan", "link"].map((type) =>
    Object.values(resource[`maas_network_interface_${type}`] ?? {}),
  );
  expect(bonds).toMatchObject([{ name: "bond0", bond_mode: "active-backup", parents: ["eth0", "eth1"] }]);
  expect(overIt).toMatchObject([{ parent: expect.stringMatching(/maas_network_interface_bond.*\.name/) as string }]);
  const onVlan = { network_interface: expect.stringMatching(/maas_network_interface_vlan.*\.name/) as string };
  expect(links).toMatchObject([
    { ...onVlan, mode: "AUTO" },
    { ...onVlan, mode: "AUTO" },
  ]);
});

test.each<[string, (stack: TerraformStack) => Partial<DualStackBondProps>, RegExp]>([
  ["no parents", () => ({ parents: [] }), /the bond has no parents/],
  [
    "a subnet of the other family",
    (stack) => ({ ipv6Subnet: Ipv4Subnet.fromCidr(stack, "other", "10.9.0.0/24") }),
    /10\.9\.0\.0\/24 is no IPv6 network/,
  ],
  ["an address of another subnet", () => ({ ipv4Address: "10.99.0.1" }), /10\.99\.0\.1/],
  ["a name that is too long", () => ({ name: "a-very-long-bond-name" }), /a-very-long-bond-name/],
  ["a name with a blank", () => ({ name: "bond 0" }), /bond 0/],
])("%s: is told when it is made", (_, props, told) => {
  const stack = new TerraformStack(temporaryApp(), "lab");
  expect(messageOf(() => bond(stack, true, props(stack)))).toMatch(told);
});

test.each([
  ["a VLAN interface that MAAS names", true, "bond0.20"],
  ["the bond itself", false, "bond0"],
])("S19: %s that accepts router advertisements and gets an IPv6 address is told of", (_, isTagged, name) => {
  const stack = new TerraformStack(temporaryApp(), "lab");
  bond(stack, isTagged, { acceptRa: true });
  const { findings } = caveatReport(stack.node.root);
  expect(findings.filter(({ id }) => id === "MAAS6-RTR-05")).toMatchObject([
    { what: expect.stringContaining(`${name} of node1 accepts router advertisements`) as string },
  ]);
});

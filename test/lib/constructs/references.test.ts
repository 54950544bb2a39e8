import { App, TerraformStack } from "cdktf";
import {
  DualStackSegment,
  DynamicRange,
  Fabric,
  type IFabric,
  InterfaceLink,
  Ipv4Subnet,
  Ipv6Subnet,
  type IVlan,
  Machine,
  NodeInterface,
  RackController,
  RackInterface,
  ReservedRange,
  RouterAdvertisement,
  StaticRange,
  Vlan,
  VlanDhcp,
} from "cdktf-maas";
import { Construct } from "constructs";
import { temporaryFolder, messageOf } from "../../support/synth";

const stackOf = (): TerraformStack =>
  new TerraformStack(new App({ outdir: temporaryFolder(), stackTraces: false }), "lab");

/** What plain JavaScript lets through in place of a construct. */
const untyped = (value: unknown): never => value as never;

const fabricIn = (scope: Construct) => new Fabric(scope, "fabric", { name: "lab" });
const vlanIn = (scope: Construct) => new Vlan(scope, "vlan", { fabric: fabricIn(scope), vid: 10 });
const subnetIn = (scope: Construct) => new Ipv6Subnet(scope, "v6", { vlan: vlanIn(scope), cidr: "2001:db8::/64" });
const ends = { startIp: "2001:db8:0:0:1::", endIp: "2001:db8:0:0:1::ffff" };

/** The class, its property, a text that is given for it, how, and the construct that the message proposes. */
const CASES: readonly (readonly [
  type: string,
  property: string,
  given: string,
  make: (scope: Construct, given: never) => unknown,
  proposed: string,
])[] = [
  [
    "Vlan",
    "fabric",
    "shop",
    (scope, fabric) => new Vlan(scope, "it", { fabric, vid: 10 }),
    'Fabric.fromName(this, "fabric", "shop")',
  ],
  [
    "Vlan",
    "space",
    "storage",
    (scope, space) => new Vlan(scope, "it", { fabric: fabricIn(scope), vid: 10, space }),
    'Space.fromName(this, "space", "storage")',
  ],
  [
    "Vlan.fromVid",
    "fabric",
    "shop",
    (scope, fabric) => Vlan.fromVid(scope, "it", fabric, 10),
    'Fabric.fromName(this, "fabric", "shop")',
  ],
  [
    "Ipv4Subnet",
    "vlan",
    "shop:20",
    (scope, vlan) => new Ipv4Subnet(scope, "it", { vlan, cidr: "10.1.0.0/24" }),
    'Vlan.fromVid(this, "vlan", Fabric.fromName(this, "fabric", "shop"), 20)',
  ],
  [
    "Ipv6Subnet",
    "vlan",
    "shop:untagged",
    (scope, vlan) => new Ipv6Subnet(scope, "it", { vlan, cidr: "2001:db8::/64" }),
    'Fabric.fromName(this, "fabric", "shop").untagged',
  ],
  [
    "DynamicRange",
    "subnet",
    "10.1.0.0/24",
    (scope, subnet) => new DynamicRange(scope, "it", { subnet, ...ends }),
    'Ipv4Subnet.fromCidr(this, "subnet", "10.1.0.0/24")',
  ],
  [
    "ReservedRange",
    "subnet",
    "2001:db8::/64",
    (scope, subnet) => new ReservedRange(scope, "it", { subnet, ...ends }),
    'Ipv6Subnet.fromCidr(this, "subnet", "2001:db8::/64")',
  ],
  [
    "StaticRange",
    "subnet",
    "2001:db8::/64",
    (scope, subnet) => new StaticRange(scope, "it", { subnet, ...ends }),
    'Ipv6Subnet.fromCidr(this, "subnet", "2001:db8::/64")',
  ],
  [
    "RackInterface",
    "rack",
    "rack-7",
    (scope, rack) => new RackInterface(scope, "it", { rack, name: "eth1", vlan: vlanIn(scope) }),
    'new RackController(this, "rack", { hostname: "rack-7" })',
  ],
  [
    "VlanDhcp",
    "primary",
    "rack-7",
    (scope, primary) => new VlanDhcp(scope, "it", { vlan: vlanIn(scope), primary }),
    'new RackController(this, "rack", { hostname: "rack-7" })',
  ],
  [
    "VlanDhcp",
    "relayTo",
    "shop:20",
    (scope, relayTo) => new VlanDhcp(scope, "it", { vlan: vlanIn(scope), relayTo }),
    'Vlan.fromVid(this, "vlan", Fabric.fromName(this, "fabric", "shop"), 20)',
  ],
  [
    "VlanDhcp",
    "ranges",
    "10.1.0.10-10.1.0.20",
    (scope, range) =>
      new VlanDhcp(scope, "it", {
        vlan: vlanIn(scope),
        primary: new RackController(scope, "rack", { hostname: "rack-1" }),
        ranges: [range],
      }),
    'new DynamicRange(this, "pool", { subnet, startIp: "10.1.0.10", endIp: "10.1.0.20", adoptExisting: true })',
  ],
  [
    "NodeInterface",
    "machine",
    "node-7",
    (scope, machine) => new NodeInterface(scope, "it", { machine, name: "eth0" }),
    'new Machine(this, "machine", { hostname: "node-7" })',
  ],
  [
    "InterfaceLink",
    "networkInterface",
    "eth7",
    (scope, networkInterface) => new InterfaceLink(scope, "it", { networkInterface, subnet: subnetIn(scope) }),
    'new NodeInterface(this, "eth7", { machine, name: "eth7" })',
  ],
  [
    "RouterAdvertisement",
    "subnet",
    "2001:db8::/64",
    (scope, subnet) => new RouterAdvertisement(scope, "it", { subnet, router: "core-1", interfaceName: "eth0" }),
    'Ipv6Subnet.fromCidr(this, "subnet", "2001:db8::/64")',
  ],
  [
    "RouterAdvertisement.fromRouter",
    "subnet",
    "2001:db8::/64",
    (scope, subnet) => RouterAdvertisement.fromRouter(scope, "it", { subnet, router: "core-1" }),
    'Ipv6Subnet.fromCidr(this, "subnet", "2001:db8::/64")',
  ],
  [
    "DualStackSegment",
    "vlan",
    "shop:20",
    (scope, vlan) =>
      new DualStackSegment(scope, "it", {
        ...{ vlan, ipv4Cidr: "10.1.0.0/24", ipv6Cidr: "2001:db8::/64", router: { name: "core-1" } },
        racks: [{ rack: new RackController(scope, "rack", { hostname: "rack-1" }), interfaceName: "eth1" }],
      }),
    'Vlan.fromVid(this, "vlan", Fabric.fromName(this, "fabric", "shop"), 20)',
  ],
];

test.each(CASES)("%s refuses a text as its %s, with the construct to give", (_, property, given, make, proposed) => {
  const message = messageOf(() => make(stackOf(), untyped(given)));
  expect(message).toMatch(/^\[lab\/it\] (?:this|the DHCP of this) /);
  expect(message).toContain(`- ${property}: the text "${given}" is no `);
  expect(message).toContain(proposed);
});

test.each(CASES)("%s refuses a number, a list and an object as its %s, with an example", (_, property, __, make) => {
  for (const [value, shown] of [
    [7, "the number 7"],
    [["1"], "a list"],
    [{ id: "1", name: "lab", systemId: "abc", cidr: "10.1.0.0/24" }, "a value of type object"],
  ] as const) {
    const message = messageOf(() => make(stackOf(), untyped(value)));
    expect(message).toContain(`- ${property}: ${shown} is no `);
    expect(message).toMatch(/ already, \w+: \S/);
  }
});

const OPTIONAL = ["space", "primary", "relayTo"];

test.each(CASES.filter(([type, property]) => !OPTIONAL.includes(property) && type !== "DualStackSegment"))(
  "%s refuses to be made without its %s, with an example",
  (_, property, __, make) => {
    const message = messageOf(() => make(stackOf(), untyped(undefined)));
    expect(message).toMatch(new RegExp(`- ${property}: the [\\w ]+ is missing\\. `));
    expect(message).toMatch(/ already, \w+: \S/);
  },
);

test("a construct of another kind is refused, and named with what it is", () => {
  const stack = stackOf();
  const subnet = subnetIn(stack);
  expect(messageOf(() => new Ipv4Subnet(stack, "it", { vlan: untyped(subnet), cidr: "10.1.0.0/24" }))).toContain(
    "- vlan: lab/v6 (subnet) is no Vlan construct",
  );
  const machine = new Machine(stack, "machine", { hostname: "node-1" });
  expect(
    messageOf(() => new VlanDhcp(stack, "dhcp", { vlan: vlanIn(new Construct(stack, "x")), primary: machine })),
  ).toContain("- primary: lab/machine (machine) is no RackController construct");
});

test("an interface of a rack stands for the rack, and a construct of somebody else's class for what it says it is", () => {
  class CompanyVlan extends Construct implements IVlan {
    readonly id = "5";
    readonly fqn = "maas_vlan.company";
    readonly vid = 10;
    constructor(
      scope: Construct,
      id: string,
      readonly fabric: IFabric,
    ) {
      super(scope, id);
    }
  }
  const stack = stackOf();
  const vlan = new CompanyVlan(stack, "vlan", fabricIn(stack));
  const rack = new RackController(stack, "rack", { hostname: "rack-1" });
  const primary = new RackInterface(stack, "nic", { rack, name: "eth1", vlan });
  expect(() => new VlanDhcp(stack, "dhcp", { vlan, primary })).not.toThrow();
});

import { Aspects, App, TerraformResource, TerraformStack } from "cdktf";
import {
  ApplyStep,
  DualStackSegment,
  DynamicRange,
  Fabric,
  InterfaceLink,
  Ipv4Subnet,
  Ipv6Subnet,
  LinkMode,
  Machine,
  MaasEngine,
  MaasProvider,
  NodeInterface,
  RackController,
  RackInterface,
  Space,
  StaticRange,
  Vlan,
  VlanDhcp,
} from "cdktf-maas";
import { IPV6_ALONE, messageOf, readStack, synth, type SynthesisedStack, temporaryApp } from "../../support/synth";

interface Regions {
  readonly east: MaasProvider;
  readonly west: MaasProvider;
}

const regionsOf = (stack: TerraformStack): Regions => ({
  east: new MaasProvider(stack, "east", { alias: "east", apiUrl: "http://east.example:5240/MAAS" }),
  west: new MaasProvider(stack, "west", { alias: "west", apiUrl: "http://west.example:5240/MAAS" }),
});

/** Rules that a network of parts breaks. */
const PARTS = [...IPV6_ALONE, "MAAS6-RNG-05", "MAAS6-RTR-01", "MAAS6-URL-01", "MAAS6-RNG-07", "MAAS6-DHC-05"];

/** The provider of each resource and data source, by address. */
const providersOf = ({ resource, data }: SynthesisedStack): Record<string, unknown> =>
  Object.fromEntries(
    [...Object.entries(resource), ...Object.entries(data)].flatMap(([type, blocks]) =>
      Object.entries(blocks).map(([name, { provider }]) => [`${type}.${name}`, provider]),
    ),
  );

test("what refers to an object of a region is made in that region: all kinds, look-ups and segments", () => {
  const app = temporaryApp();
  const stack = new TerraformStack(app, "lab");
  const { west: provider } = regionsOf(stack);
  const fabric = new Fabric(stack, "fabric", { name: "lab", provider });
  const space = new Space(stack, "space", { name: "s", provider });
  const rack = new RackController(stack, "rack", {
    hostname: "rack1",
    provider,
    regionUrl: "http://west.example:5240/MAAS",
  });
  const machine = new Machine(stack, "machine", { hostname: "node-1", provider });
  const vlan = new Vlan(stack, "v", { fabric, vid: 71, space });
  Vlan.fromVid(stack, "looked-up", fabric, 72);
  const v4 = new Ipv4Subnet(stack, "v4", { vlan, cidr: "10.0.0.0/24", gatewayIp: "10.0.0.1" });
  const v6 = new Ipv6Subnet(stack, "v6", { vlan, cidr: "2001:db8:1::/64", gatewayIp: "2001:db8:1::1" });
  new StaticRange(stack, "nodes", { subnet: v6, startIp: "2001:db8:1:0:1::", endIp: "2001:db8:1:0:1::ffff" });
  new DynamicRange(stack, "pool", { subnet: v4, startIp: "10.0.0.100", endIp: "10.0.0.199" });
  const nic = new RackInterface(stack, "nic", { rack, name: "eth1", vlan });
  new VlanDhcp(stack, "dhcp", { vlan, primary: nic });
  const eth0 = new NodeInterface(stack, "eth0", { machine, name: "eth0" });
  new InterfaceLink(stack, "link", { networkInterface: eth0, subnet: v4, mode: LinkMode.AUTO });
  new DualStackSegment(stack, "segment", {
    fabric,
    vid: 80,
    ipv4Cidr: "10.1.0.0/24",
    ipv6Cidr: "2001:db8:2::/64",
    racks: [{ rack, interfaceName: "eth2" }],
    router: { name: "core-1" },
  });
  void fabric.untagged;
  app.synth();
  const providers = providersOf(readStack(app, "lab"));
  expect(Object.keys(providers).length).toBeGreaterThan(20);
  expect(Object.entries(providers).filter(([, name]) => name !== "maas.west")).toEqual([]);
});

test("the only configuration of a stack is taken, also with an alias", () => {
  const stack = synth((scope) => {
    new MaasProvider(scope, "maas", { alias: "north" });
    new Vlan(scope, "v", { fabric: new Fabric(scope, "f", { name: "f" }), vid: 5 });
  });
  expect(providersOf({ ...stack, data: {} })).toEqual({ "maas_fabric.f": "maas.north", "maas_vlan.v": "maas.north" });
});

test("an object that says nothing of its region, where none is the default, is refused", () => {
  const message = messageOf(() =>
    synth((stack) => {
      regionsOf(stack);
      new Fabric(stack, "f", { name: "f" });
    }),
  );
  expect(message).toContain(
    'lab/f does not say which region it is in: its stack has lab/east (alias "east", http://east.example:5240/MAAS)',
  );
  expect(message).toContain("Fix: give it one of them as its provider.");
});

const vlanOf = (stack: TerraformStack, provider: MaasProvider, name: string): Vlan =>
  new Vlan(stack, `${name}-v`, { fabric: new Fabric(stack, name, { name, provider }), vid: 5 });

test.each<[string, (stack: TerraformStack, regions: Regions) => unknown, string, string]>([
  [
    "its own provider",
    (stack, { east, west }) =>
      new Ipv4Subnet(stack, "v4", { vlan: vlanOf(stack, west, "f"), cidr: "10.0.0.0/24", provider: east }),
    "lab/v4",
    "lab/f-v",
  ],
  [
    "a rack of another region",
    (stack, { east, west }) => {
      const rack = new RackController(stack, "rack", { hostname: "rack1", provider: east });
      new VlanDhcp(stack, "dhcp", { vlan: vlanOf(stack, west, "f"), primary: rack });
    },
    "lab/dhcp",
    "lab/rack",
  ],
  [
    "a space of another region",
    (stack, { east, west }) => {
      const space = new Space(stack, "space", { name: "s", provider: east });
      new Vlan(stack, "v", { fabric: new Fabric(stack, "f", { name: "f", provider: west }), vid: 5, space });
    },
    "lab/v",
    "lab/space",
  ],
  [
    "a provider that an override gives it",
    (stack, { west }) => {
      const v4 = new Ipv4Subnet(stack, "v4", { vlan: vlanOf(stack, west, "f"), cidr: "10.0.0.0/24" });
      v4.addOverride("provider", "maas.east");
    },
    "lab/v4",
    "lab/f-v",
  ],
  [
    "a provider that an aspect gives it",
    (stack, { east, west }) => {
      new Ipv4Subnet(stack, "v4", { vlan: vlanOf(stack, west, "f"), cidr: "10.0.0.0/24" });
      Aspects.of(stack).add({
        visit: (node) => {
          if (node instanceof TerraformResource && node.node.id === "v4") node.provider = east;
        },
      });
    },
    "lab/v4",
    "lab/f-v",
  ],
])("a mix of two regions is refused: %s", (_, build, path, target) => {
  const message = messageOf(() => synth((stack) => build(stack, regionsOf(stack)), PARTS.slice(0, 0)));
  expect(message).toMatch(
    new RegExp(`${path} is in the region of lab/\\w+ .*, and refers to ${target} in that of lab/`),
  );
  expect(message).toContain("Fix: give");
});

test("a mix is refused with an apply step as well, and between a default configuration and an alias", () => {
  const message = messageOf(() =>
    synth((stack) => {
      new MaasProvider(stack, "maas", { apiUrl: "http://east.example/MAAS", engine: MaasEngine.APPLY_STEP });
      const west = new MaasProvider(stack, "west", { alias: "west", engine: MaasEngine.APPLY_STEP });
      const rack = new RackController(stack, "rack", { hostname: "rack1" });
      new VlanDhcp(stack, "dhcp", { vlan: vlanOf(stack, west, "f"), primary: rack });
      new ApplyStep(stack, "a");
      new ApplyStep(stack, "b", { provider: west });
    }),
  );
  expect(message).toContain("lab/dhcp is in the region of lab/west");
  expect(message).toContain("refers to lab/rack in that of lab/maas (the default configuration");
});

test("a provider of something else is refused", () => {
  const message = messageOf(() =>
    synth((stack) => {
      new MaasProvider(stack, "maas");
      const other = new MaasProvider(new TerraformStack(stack.node.root, "other"), "maas");
      new Fabric(stack, "f", { name: "f", provider: other });
    }),
  );
  expect(message).toContain(
    "lab/f has the provider other/maas, which is no MaasProvider of its stack. Fix: give it lab/maas",
  );
});

describe("over stacks", () => {
  function twoStacks(urls: readonly [string, string]): { app: App; two: TerraformStack } {
    const app = temporaryApp();
    const [one, two] = ["one", "two"].map((name) => new TerraformStack(app, name)) as [TerraformStack, TerraformStack];
    new MaasProvider(one, "maas", { apiUrl: urls[0] });
    new MaasProvider(two, "east", { apiUrl: "http://east.example:5240/MAAS", alias: "east" });
    new MaasProvider(two, "other", { apiUrl: urls[1], alias: "other" });
    const provider = one.node.findChild("maas") as MaasProvider;
    new Vlan(two, "v", { fabric: new Fabric(one, "f", { name: "f", provider }), vid: 5 });
    return { app, two };
  }

  test("the configuration of the same region is taken", () => {
    const { app } = twoStacks(["http://west.example:5240/MAAS", "http://WEST.example:5240/MAAS/"]);
    app.synth();
    expect(readStack(app, "two").resource.maas_vlan?.v).toMatchObject({ provider: "maas.other" });
  });

  test("another region is refused", () => {
    const { app } = twoStacks(["http://west.example:5240/MAAS", "http://north.example:5240/MAAS"]);
    expect(messageOf(() => app.synth())).toMatch(/two\/v (does not say which region|is in the region)/);
  });
});

import { TerraformStack } from "cdktf";
import * as maas from "cdktf-maas";
import { Construct } from "constructs";
import { readStack, temporaryApp } from "../../support/synth";

/** A class of this package, as a program in JavaScript calls it: with whatever it has. */
type AnyConstruct = new (scope: Construct, id: string, props: unknown) => Construct;

/** All classes of constructs that are exported. */
const CLASSES = Object.entries(maas as unknown as Readonly<Record<string, unknown>>).filter(
  (entry): entry is [string, AnyConstruct] => typeof entry[1] === "function" && entry[1].prototype instanceof Construct,
);

/** Properties that are wrong for most of them: none, references that are no constructs, and literals that nobody takes. */
const WRONG: readonly Readonly<Record<string, unknown>>[] = [
  {},
  Object.fromEntries(
    ["fabric", "vlan", "subnet", "machine", "device", "rack", "domain", "networkInterface", "parent"].map((name) => [
      name,
      name,
    ]),
  ),
  {
    ...{
      name: "no name / at all",
      cidr: "10.0.0.1/24",
      apiUrl: "region.lab",
      vid: 5000,
      startIp: "10.0.0.9",
      endIp: "x",
    },
    ...{
      hostname: "-",
      ip: "x",
      macAddress: "x",
      prefix: "x",
      prefixLength: 4,
      racks: [],
      ipv4Cidr: "x",
      ipv6Cidr: "y",
    },
    ...{ parents: ["x"], hosts: [{ name: "a b", addresses: ["x"] }], maxDeletions: -1, key: "no_such_setting" },
    ...{ router: "a/b", interfaceName: "a/b", subnet: "x", source: 1, destination: 2, data: "", type: "X" },
  },
];

/** A stack with what the README's example has, as far as the cases refer to it. */
function lab() {
  const app = temporaryApp();
  const stack = new TerraformStack(app, "lab");
  new maas.MaasProvider(stack, "maas");
  const fabric = new maas.Fabric(stack, "fabric", { name: "lab" });
  const v4 = new maas.Ipv4Subnet(stack, "v4", { vlan: fabric.untagged, cidr: "10.20.0.0/24" });
  const rack = new maas.RackController(stack, "rack", { hostname: "rack1" });
  return { app, stack, fabric, v4, rack };
}

/** Leaves out what the rules say of a network that is made in part. */
function suppress(stack: TerraformStack, ids: readonly string[]): void {
  for (const id of ids) maas.Suppressions.of(stack).add({ id, reason: "a test of one part, not of a whole network" });
}

const idsOf = (construct: Construct): string[] => construct.node.findAll().map(({ node }) => node.path);

describe("a construct whose constructor throws", () => {
  it.each(CLASSES)("%s leaves nothing in its stack", (name, Class) => {
    const { app, stack } = lab();
    const before = idsOf(stack);
    let refused = 0;
    // Lists and look-ups take any of these: nothing of them is required, and no name is wrong.
    const takesAny = /s$|^(?:Device|Machine|RackController|RegionNetwork)$/.test(name);
    for (const [index, props] of WRONG.entries()) {
      try {
        new Class(stack, `wrong${index}`, props);
        stack.node.tryRemoveChild(`wrong${index}`);
      } catch {
        refused += 1;
      }
    }
    expect([name, idsOf(stack)]).toEqual([name, before]);
    app.synth();
    if (!takesAny) expect(refused).toBeGreaterThan(0);
  });

  it("can be made again under the same id", () => {
    const { app, stack, fabric } = lab();
    expect(() => new maas.MaasProvider(stack, "west", { alias: "west", apiUrl: "no url" })).toThrow("MAAS-CON-13");
    const provider = new maas.MaasProvider(stack, "west", { alias: "west", apiUrl: "http://west.example/MAAS" });
    expect(() => new maas.Vlan(stack, "vlan", { fabric, vid: 4095 })).toThrow("MAAS-VAL-02");
    new maas.Vlan(stack, "vlan", { fabric, vid: 20 });
    const other = new maas.Fabric(stack, "other", { name: "other", provider });
    expect(() => maas.Vlan.fromVid(stack, "look-up", other, 4096)).toThrow("MAAS-VAL-02");
    maas.Vlan.fromVid(stack, "look-up", other, 40);
    app.synth();
    const { resource, data, provider: blocks } = readStack(app, "lab");
    expect(blocks.maas).toHaveLength(2);
    expect(resource.maas_vlan).toHaveProperty("vlan.vid", 20);
    expect(Object.keys(data.maas_vlan ?? {})).toContain("look-up");
  });

  it("takes along what it has made already: parts, and what other constructs know of them", () => {
    const { app, stack, fabric, rack, v4 } = lab();
    const segment = (id: string, end: string) =>
      new maas.DualStackSegment(stack, id, {
        ...{ fabric, vid: 20, ipv4Cidr: "10.21.0.0/24", ipv6Cidr: "2001:db8:21::/64", router: { name: "core-1" } },
        racks: [{ rack, interfaceName: "eth1" }],
        ipv6DynamicRange: maas.AddressBlock.between("2001:db8:21:0:2::", end),
      });
    // The seventh of its parts is refused: the range ends in another network.
    expect(() => segment("segment", "2001:db8:22::ffff")).toThrow("lab/segment/pool6");
    segment("segment", "2001:db8:21:0:2::ffff");

    const zone = { name: "lab.example", subnets: [v4] };
    const host = { name: "www", addresses: ["10.20.0.5"] };
    expect(() => new maas.DnsZone(stack, "zone", { ...zone, hosts: [host, { ...host, name: "a..b" }] })).toThrow(
      "MAAS",
    );
    new maas.DnsZone(stack, "zone", { ...zone, hosts: [host] });

    const machine = new maas.Machine(stack, "machine", { hostname: "node-1" });
    const parents = [0, 1].map((n) => new maas.NodeInterface(stack, `eth${n}`, { machine, name: `eth${n}` }));
    const v6 = new maas.Ipv6Subnet(stack, "v6", { vlan: fabric.untagged, cidr: "2001:db8:20::/64" });
    const bond = (id: string, ipv6Address: string) =>
      new maas.DualStackBond(stack, id, { machine, parents, ipv4Subnet: v4, ipv6Subnet: v6, ipv6Address });
    expect(() => bond("bond", "2001:db8:99::5")).toThrow("lab/bond/v6");
    bond("bond", "2001:db8:20::5");
    suppress(stack, ["MAAS6-DUA-02"]);
    app.synth();
    expect(Object.keys(readStack(app, "lab").resource.maas_subnet_ip_range ?? {}).sort()).toMatchInlineSnapshot(`
     [
       "segment_pool4_778860B5",
       "segment_pool6_285F1DBA",
       "segment_v6_static-ranges_FAEB5C7E_after_segment_pool6_285F1DBA",
       "segment_v6_static-ranges_FAEB5C7E_first",
     ]
    `);
  });

  it("claims no region: the next apply step has it", () => {
    const app = temporaryApp();
    const stack = new TerraformStack(app, "lab");
    expect(() => new maas.ApplyStep(stack, "apply")).toThrow("MAAS-CON-16");
    new maas.MaasProvider(stack, "maas", { engine: maas.MaasEngine.APPLY_STEP });
    expect(() => new maas.ApplyStep(stack, "apply", { maxDeletions: -1 })).toThrow("MAAS-CON-16");
    new maas.ApplyStep(stack, "apply");
    expect(() => new maas.ApplyStep(stack, "again")).toThrow("lab/apply applies this region already");
    app.synth();
  });
});

describe("a construct that is taken out of its tree", () => {
  it("is forgotten by what it was part of: the document, the region, the files of routers and racks", () => {
    const { app, stack, fabric, v4 } = lab();
    new maas.StaticRange(stack, "range", { subnet: v4, startIp: "10.20.0.10", endIp: "10.20.0.20" });
    const v6 = new maas.Ipv6Subnet(stack, "v6", { vlan: fabric.untagged, cidr: "2001:db8:20::/64" });
    const router = { subnet: v6, router: "core-1", interfaceName: "eth0" };
    new maas.RouterAdvertisement(stack, "first", { ...router, routerLifetime: 600 });
    // Two advertisements of one interface with two lifetimes would be refused.
    new maas.RouterAdvertisement(stack, "second", { ...router, routerLifetime: 900 });
    new maas.MaasProvider(stack, "second-provider", { alias: "west" });
    suppress(stack, ["MAAS6-DUA-02"]);
    for (const id of ["range", "first", "second-provider"]) expect(stack.node.tryRemoveChild(id)).toBe(true);
    app.synth();
    const { resource, provider } = readStack(app, "lab");
    expect(resource).not.toHaveProperty("maas_subnet_ip_range");
    expect(provider.maas).toHaveLength(1);
  });
});

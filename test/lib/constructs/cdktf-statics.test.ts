import {
  type App,
  type ImportableResource,
  TerraformElement,
  type TerraformProvider,
  TerraformStack,
  Testing,
  Tokenization,
  DefaultTokenResolver,
  StringConcat,
} from "cdktf";
import "cdktf/lib/testing/adapters/jest";
import {
  Configuration,
  DhcpSnippet,
  ApplyStep,
  DnsDomain,
  DnsRecord,
  DynamicRange,
  Fabric,
  InterfaceLink,
  Ipv4Subnet,
  Ipv6Subnet,
  MaasEngine,
  MaasProvider,
  Machine,
  PhysicalInterface,
  BondInterface,
  BridgeInterface,
  Device,
  NetworkInterfaceTag,
  NodeInterface,
  RackController,
  RackInterface,
  ReservedIp,
  ReservedRange,
  Space,
  StaticRange,
  StaticRoute,
  Vlan,
  VlanDhcp,
  VlanInterface,
} from "cdktf-maas";
import type { Construct } from "constructs";
import { propertyOf } from "../../../lib/model/construct-view";
import { KINDS } from "../../../lib/model/kinds";
import { messageOf, temporaryApp } from "../../support/synth";

Testing.setupJest();

const fabricIn = (scope: Construct) => new Fabric(scope, "fabric", { name: "lab" });
const vlanIn = (scope: Construct) => new Vlan(scope, "vlan", { fabric: fabricIn(scope), vid: 10 });
const v4In = (scope: Construct) => new Ipv4Subnet(scope, "v4", { vlan: vlanIn(scope), cidr: "10.1.0.0/24" });
const rackIn = (scope: Construct) => new RackController(scope, "rack", { hostname: "rack-1" });
const machineIn = (scope: Construct) => new Machine(scope, "machine", { hostname: "node-1" });

const ends = { startIp: "10.1.0.100", endIp: "10.1.0.199" };

/** What CDKTF puts on every class that it generates. */
interface Statics {
  readonly name: string;
  readonly tfResourceType: string;
  generateConfigForImport(scope: Construct, to: string, from: string, provider?: TerraformProvider): ImportableResource;
}

/** How each class of a resource is made, and an attribute of it. */
const RESOURCES: readonly (readonly [Statics, (scope: Construct) => TerraformElement, Record<string, unknown>])[] = [
  [Fabric, fabricIn, { name: "lab" }],
  [Space, (scope) => new Space(scope, "space", { name: "storage" }), { name: "storage" }],
  [Vlan, vlanIn, { vid: 10 }],
  [Ipv4Subnet, v4In, { cidr: "10.1.0.0/24" }],
  [
    Ipv6Subnet,
    (scope) => new Ipv6Subnet(scope, "v6", { vlan: vlanIn(scope), cidr: "2001:db8::/64" }),
    { cidr: "2001:db8::/64" },
  ],
  [DynamicRange, (scope) => new DynamicRange(scope, "pool", { subnet: v4In(scope), ...ends }), { type: "dynamic" }],
  [ReservedRange, (scope) => new ReservedRange(scope, "kept", { subnet: v4In(scope), ...ends }), { type: "reserved" }],
  [
    StaticRoute,
    (scope) => {
      const destination = Ipv4Subnet.fromCidr(scope, "office", "10.9.0.0/24");
      return new StaticRoute(scope, "route", { source: v4In(scope), destination, gatewayIp: "10.1.0.9" });
    },
    { gateway_ip: "10.1.0.9" },
  ],
  [DnsDomain, (scope) => new DnsDomain(scope, "domain", { name: "lab.example" }), { name: "lab.example" }],
  [
    DnsRecord,
    (scope) => {
      const domain = DnsDomain.fromName(scope, "domain", "lab.example");
      return new DnsRecord(scope, "record", { type: "A/AAAA", name: "www", domain, data: "10.1.0.7 2001:db8::7" });
    },
    { data: "10.1.0.7 2001:db8::7" },
  ],
  [
    Device,
    (scope) =>
      new Device(scope, "switch", { hostname: "switch-1", networkInterfaces: [{ macAddress: "52:54:00:00:02:01" }] }),
    { network_interfaces: [{ mac_address: "52:54:00:00:02:01" }] },
  ],
  [
    ReservedIp,
    (scope) => new ReservedIp(scope, "lease", { ip: "10.1.0.60", macAddress: "52:54:00:00:00:60" }),
    { ip: "10.1.0.60" },
  ],
  [
    DhcpSnippet,
    (scope) => new DhcpSnippet(scope, "ntp", { name: "ntp", value: "option ntp-servers 10.1.0.5;" }),
    { name: "ntp" },
  ],
  [
    Configuration,
    (scope) => new Configuration(scope, "dns", { key: "upstream_dns", value: "10.1.0.5" }),
    { key: "upstream_dns" },
  ],
  [
    RackInterface,
    (scope) => new RackInterface(scope, "nic", { rack: rackIn(scope), name: "eth1", vlan: vlanIn(scope) }),
    { name: "eth1" },
  ],
  [
    VlanDhcp,
    (scope) => new VlanDhcp(scope, "dhcp", { vlan: vlanIn(scope), primary: rackIn(scope) }),
    { vlan: "${maas_vlan.vlan.id}" },
  ],
  [
    InterfaceLink,
    (scope) => {
      const networkInterface = new NodeInterface(scope, "eth0", { machine: machineIn(scope), name: "eth0" });
      return new InterfaceLink(scope, "link", { networkInterface, subnet: v4In(scope) });
    },
    { network_interface: "eth0" },
  ],
  [
    PhysicalInterface,
    (scope) => new PhysicalInterface(scope, "nic", { machine: machineIn(scope), macAddress: "52:54:00:00:00:01" }),
    { mac_address: "52:54:00:00:00:01" },
  ],
  [
    BondInterface,
    (scope) => {
      const nic = new NodeInterface(scope, "eth0", { machine: machineIn(scope), name: "eth0" });
      return new BondInterface(scope, "bond", { machine: nic.machine, name: "bond0", parents: [nic] });
    },
    { parents: ["eth0"] },
  ],
  [
    BridgeInterface,
    (scope) => {
      const parent = new NodeInterface(scope, "eth0", { machine: machineIn(scope), name: "eth0" });
      return new BridgeInterface(scope, "bridge", { machine: parent.machine, name: "br0", parent });
    },
    { parent: "eth0" },
  ],
  [
    VlanInterface,
    (scope) => {
      const parent = new NodeInterface(scope, "eth0", { machine: machineIn(scope), name: "eth0" });
      return new VlanInterface(scope, "tagged", { machine: parent.machine, parent, vlan: vlanIn(scope) });
    },
    { vlan: "${maas_vlan.vlan.id}" },
  ],
  [
    NetworkInterfaceTag,
    (scope) => {
      const networkInterface = new NodeInterface(scope, "eth0", { machine: machineIn(scope), name: "eth0" });
      return new NetworkInterfaceTag(scope, "tags", {
        machine: networkInterface.machine,
        networkInterface,
        tags: ["up"],
      });
    },
    { tags: ["up"] },
  ],
];

const DATA_SOURCES: readonly (readonly [Statics, (scope: Construct) => TerraformElement, Record<string, unknown>])[] = [
  [RackController, rackIn, { hostname: "rack-1" }],
  [Machine, machineIn, { hostname: "node-1" }],
];

const LOOK_UPS: readonly (readonly [string, Statics, (scope: Construct) => unknown, Record<string, unknown>])[] = [
  ["Fabric.fromName", Fabric, (scope) => Fabric.fromName(scope, "found", "lab"), { name: "lab" }],
  ["Space.fromName", Space, (scope) => Space.fromName(scope, "found", "storage"), { name: "storage" }],
  ["Vlan.fromVid", Vlan, (scope) => Vlan.fromVid(scope, "found", fabricIn(scope), 10), { vid: 10 }],
  [
    "Ipv4Subnet.fromCidr",
    Ipv4Subnet,
    (scope) => Ipv4Subnet.fromCidr(scope, "found", "10.1.0.0/24"),
    { cidr: "10.1.0.0/24" },
  ],
  [
    "Ipv6Subnet.fromCidr",
    Ipv6Subnet,
    (scope) => Ipv6Subnet.fromCidr(scope, "found", "2001:db8::/64"),
    { cidr: "2001:db8::/64" },
  ],
];

const stackOf = (app: App = Testing.app()): TerraformStack => new TerraformStack(app, "lab");

/** What CDKTF's matchers take: the stack's file. */
const synthesised = (build: (stack: TerraformStack) => unknown): string => {
  const stack = stackOf();
  build(stack);
  return Testing.synth(stack);
};

test("the tables below hold every kind", () => {
  const types = [...RESOURCES, ...DATA_SOURCES].map(([type]) => type.tfResourceType);
  expect([...new Set(types)].sort()).toEqual(
    Object.values(KINDS)
      .map(({ type }) => type)
      .sort(),
  );
});

describe("CDKTF's matchers", () => {
  test.each(RESOURCES.map((row) => [row[0].name, ...row] as const))(
    "find the resource of a %s",
    (_, type, build, properties) => {
      const stack = synthesised(build);
      expect(stack).toHaveResource(type);
      expect(stack).toHaveResourceWithProperties(type, properties);
      expect(synthesised(() => undefined)).not.toHaveResource(type);
    },
  );

  test.each(DATA_SOURCES.map((row) => [row[0].name, ...row] as const))(
    "find the data source of a %s",
    (_, type, build, properties) => {
      const stack = synthesised(build);
      expect(stack).toHaveDataSource(type);
      expect(stack).toHaveDataSourceWithProperties(type, properties);
      expect(stack).not.toHaveResource(type);
    },
  );

  test.each(LOOK_UPS)("find the data source of %s", (_, type, build, properties) => {
    expect(synthesised(build)).toHaveDataSourceWithProperties(type, properties);
  });

  test("find the ranges of a StaticRange, and the provider", () => {
    const stack = synthesised((scope) => {
      new MaasProvider(scope, "maas", { apiUrl: "http://127.0.0.1:5240/MAAS" });
      new StaticRange(scope, "nodes", { subnet: v4In(scope), startIp: "10.1.0.16", endIp: "10.1.0.31" });
    });
    expect(stack).toHaveProvider(MaasProvider);
    expect(stack).toHaveProviderWithProperties(MaasProvider, { api_url: "http://127.0.0.1:5240/MAAS" });
    expect(stack).toHaveResourceWithProperties(StaticRange, { start_ip: "10.1.0.32" });
  });
});

describe("attributes", () => {
  const cases = [...RESOURCES, ...DATA_SOURCES].flatMap(([type, build]) => {
    const kind = Object.values(KINDS).find((one) => one.type === type.tfResourceType);
    if (kind === undefined) throw new Error(`${type.name} is of no kind`);
    return (
      kind.fields
        .filter(({ references, namesInterface, names, presence }) => {
          const isConstruct =
            references !== undefined ||
            namesInterface !== undefined ||
            (names !== undefined && presence !== "computed");
          return !isConstruct;
        })
        // What a class says by its name, and what Terraform has as lists of objects.
        .filter(
          ({ name, type: of }) =>
            kind.construct.properties?.[name]?.implied !== true && !(Array.isArray(of) && Array.isArray(of[1])),
        )
        .map((field) => [type.name, propertyOf(kind, field.name), field.name, build] as const)
    );
  });

  test.each(cases)("of a %s: %s is the token of %s", (_, property, name, build) => {
    const stack = stackOf();
    const construct = build(stack) as TerraformElement & Readonly<Record<string, unknown>>;
    const resolver = new DefaultTokenResolver(new StringConcat());
    const token: unknown = Tokenization.resolve(construct[property], { scope: stack, resolver, preparing: false });
    expect(String(token)).toMatch(
      new RegExp(`^\\$\\{(data\\.)?maas_\\w+\\.${construct.friendlyUniqueId}\\.${name}\\}$`),
    );
  });
});

describe("generateConfigForImport", () => {
  const importsOf = (stack: TerraformStack): unknown =>
    (JSON.parse(Testing.synth(stack)) as { import?: unknown }).import;

  test.each(RESOURCES.map(([type]) => [type.name, type] as const))(
    "imports a %s, from the region that is given",
    (_, type) => {
      const stack = stackOf();
      new MaasProvider(stack, "maas");
      const provider = new MaasProvider(stack, "second", { alias: "second" });
      type.generateConfigForImport(stack, "plain", "1");
      type.generateConfigForImport(stack, "elsewhere", "2", provider);
      expect(importsOf(stack)).toEqual([
        { to: `${type.tfResourceType}.plain`, id: "1" },
        { to: `${type.tfResourceType}.elsewhere`, id: "2", provider: "maas.second" },
      ]);
    },
  );

  test("takes the stack's provider where that has a local name of its own, also one that is made later", () => {
    const stack = stackOf();
    Fabric.generateConfigForImport(stack, "fabric", "lab");
    new MaasProvider(stack, "maas", { localName: "networks" });
    expect(importsOf(stack)).toEqual([{ to: "maas_fabric.fabric", id: "lab", provider: "networks" }]);
  });

  test.each(DATA_SOURCES.map(([type]) => [type.name, type] as const))(
    "of a %s is refused at synth: it is looked up",
    (name, type) => {
      const message = messageOf(() => {
        const app = temporaryApp();
        const stack = stackOf(app);
        new MaasProvider(stack, "maas");
        type.generateConfigForImport(stack, "found", "host-1");
        app.synth();
      });
      expect(message).toContain("lab/found is to import");
      expect(message).toContain(`hostname: "host-1"`);
      expect(message).toContain(`new ${name}(`);
    },
  );

  test("is refused at synth where an apply step is the engine", () => {
    const message = messageOf(() => {
      const app = temporaryApp();
      const stack = stackOf(app);
      new MaasProvider(stack, "maas", { apiUrl: "http://127.0.0.1:5240/MAAS", engine: MaasEngine.APPLY_STEP });
      new ApplyStep(stack, "apply");
      Fabric.generateConfigForImport(stack, "fabric", "lab");
      app.synth();
    });
    expect(message).toContain("lab/fabric is to be imported by Terraform");
    expect(message).toContain("adoptExisting: true");
  });
});

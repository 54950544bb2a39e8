import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type * as Cdktf from "cdktf";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import type * as Library from "cdktf-maas";
import { messageOf, temporaryFolder } from "../../support/synth";

const ROOT = join(__dirname, "../../..");

/** A copy of the built package in a `node_modules` of its own, as npm makes them for two ranges of versions. */
function copyIn(folder: string): typeof Library {
  const root = join(folder, "node_modules", "cdktf-maas");
  mkdirSync(join(root, "dist"), { recursive: true });
  cpSync(join(ROOT, "package.json"), join(root, "package.json"));
  cpSync(join(ROOT, "dist/lib"), join(root, "dist/lib"), { recursive: true });
  symlinkSync(join(ROOT, "dist/bin"), join(root, "dist/bin"));
  // One copy of the peers, as npm has it.
  for (const peer of ["@cdktf", "cdktf", "constructs", "ip-address"])
    symlinkSync(join(ROOT, "node_modules", peer), join(folder, "node_modules", peer));
  return jest.requireActual<typeof Library>(join(root, "dist/lib/index.js"));
}

// The network breaks some rules, so that there is something to find, and is written all the same.
const CONTINUE = "CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS";

beforeEach(() => {
  process.env[CONTINUE] = "1";
});

afterEach(() => {
  Reflect.deleteProperty(process.env, CONTINUE);
});

const one = copyIn(temporaryFolder());
const other = copyIn(temporaryFolder());

/** A stack whose region, fabric and networks are made by `own`, and what refers to them by `shared`. */
function build(stack: TerraformStack, own: typeof Library, shared: typeof Library, engine?: Library.MaasEngine): void {
  new own.MaasProvider(stack, "maas", { apiUrl: "http://127.0.0.1:5240/MAAS", ...(engine && { engine }) });
  shared.Suppressions.of(stack).add({ id: "MAAS6-DUA-01", reason: "this VLAN has no IPv4 on purpose" });
  own.Suppressions.of(stack).add({ id: "MAAS6-DUA-02", reason: "this VLAN has no IPv4 on purpose" });
  const fabric = new own.Fabric(stack, "fabric", { name: "lab" });
  const rack = new own.RackController(stack, "rack", { hostname: "rack-1", regionUrl: "http://10.0.0.1:5240/MAAS" });
  const space = new own.Space(stack, "space", { name: "storage" });

  const vlan = new shared.Vlan(stack, "vlan", { fabric, vid: 10, space });
  const v6 = new own.Ipv6Subnet(stack, "v6", { vlan, cidr: "2001:db8:1::/64", gatewayIp: "2001:db8:1::1" });
  new shared.StaticRange(stack, "nodes", {
    subnet: v6,
    startIp: "2001:db8:1:0:1::",
    endIp: "2001:db8:1:0:1:ffff:ffff:ffff",
  });
  new own.StaticRange(stack, "more", { subnet: v6, startIp: "2001:db8:1:0:3::", endIp: "2001:db8:1:0:3::ffff" });
  new shared.DynamicRange(stack, "pool", { subnet: v6, startIp: "2001:db8:1:0:2::", endIp: "2001:db8:1:0:2::ffff" });
  const nic = new shared.RackInterface(stack, "nic", { rack, name: "eth1", vlan });
  new own.VlanDhcp(stack, "dhcp", { vlan, primary: nic });
  const router = { subnet: v6, router: "core-1", interfaceName: "eth0", addressesFromDhcp: true };
  new shared.RouterAdvertisement(stack, "advertisement", router);
  const token = new own.Ipv4Subnet(stack, "token", { vlan, cidr: "${var.cidr}" });
  new shared.ReservedRange(stack, "reserved", { subnet: token, startIp: "10.0.0.1", endIp: "${var.last}" });
  const machine = new own.Machine(stack, "machine", { hostname: "node-1" });
  const networkInterface = new shared.NodeInterface(stack, "eth0", { machine, name: "eth0" });
  new own.InterfaceLink(stack, "link", { networkInterface, subnet: v6 });
  new shared.DualStackSegment(stack, "segment", {
    ...{ fabric, vid: 20, ipv4Cidr: "10.2.0.0/24", ipv6Cidr: "2001:db8:2::/64", router: { name: "core-2" } },
    racks: [{ rack, interfaceName: "eth2" }],
  });
}

/** Every file of a stack's folder but the plugin, and the messages of its constructs. */
function written(own: typeof Library, shared: typeof Library, engine?: Library.MaasEngine): Record<string, string> {
  const app = new App({ outdir: join(temporaryFolder(), "cdktf.out"), skipValidation: true });
  const stack = new TerraformStack(app, "lab");
  build(stack, own, shared, engine);
  app.synth();
  const folder = join(app.outdir, "stacks", "lab");
  const files = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(json|md|sarif|conf)$/.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name));
  return {
    ...Object.fromEntries(files.map((file) => [file.slice(folder.length), readFileSync(file, "utf8")])),
    messages: stack.node
      .findAll()
      .flatMap(({ node }) => node.metadata.map(({ data }) => `${node.path}: ${String(data)}`))
      .join("\n"),
  };
}

test("the copies are two: neither has the other's classes", () => {
  expect(one.Fabric).not.toBe(other.Fabric);
  const fabric = new one.Fabric(new TerraformStack(new App({ outdir: temporaryFolder() }), "lab"), "lab", {
    name: "lab",
  });
  expect(fabric).not.toBeInstanceOf(other.Fabric);
});

test("an app of two copies of the package is written as one of a single copy: resources, document, report, radvd.conf", () => {
  const expected = written(one, one);
  expect(Object.keys(expected).sort()).toEqual([
    "/cdk.tf.json",
    "/maas-ipv6-report.codequality.json",
    "/maas-ipv6-report.json",
    "/maas-ipv6-report.md",
    "/maas-ipv6-report.sarif",
    "/maas-network.json",
    "/radvd/core-1.conf",
    "messages",
  ]);
  const { objects } = JSON.parse(expected["/maas-network.json"] ?? "") as { objects: Record<string, unknown[]> };
  const counts = Object.fromEntries(Object.entries(objects).map(([kind, list]) => [kind, list.length]));
  expect(counts).toMatchObject({ vlan: 2, subnet: 4, ip_range: 7, rack_interface: 2, router_advertisement: 2 });
  expect(expected.messages).toContain("MAAS6-URL-01");
  expect(expected["/maas-ipv6-report.json"]).toContain("two-copies.test.ts");
  expect(written(one, other)).toEqual(expected);
  expect(written(other, one)).toEqual(expected);
});

test("what only all constructs together tell is refused once, whichever copy made them", () => {
  const message = messageOf(() => {
    const app = new App({ outdir: join(temporaryFolder(), "cdktf.out"), stackTraces: false });
    const stack = new TerraformStack(app, "lab");
    new one.MaasProvider(stack, "maas");
    new one.Fabric(stack, "first", { name: "lab" });
    new other.Fabric(stack, "second", { name: "lab" });
    app.synth();
  });
  expect(message.match(/lab\/first and lab\/second are both the fabric lab/g)).toHaveLength(1);
});

test("an error in a stack of one copy keeps the stacks of the other from being written", () => {
  const app = new App({ outdir: join(temporaryFolder(), "cdktf.out"), stackTraces: false });
  const [first, second] = [new TerraformStack(app, "first"), new TerraformStack(app, "second")];
  new one.MaasProvider(first, "maas", { apiUrl: "http://127.0.0.1:5240/MAAS" });
  new one.Fabric(first, "fabric", { name: "lab" });
  new other.MaasProvider(second, "maas", { apiUrl: "http://127.0.0.1:5240/MAAS" });
  const { untagged: vlan } = new other.Fabric(second, "fabric", { name: "shop" });
  new other.Ipv6Subnet(second, "v6", { vlan, cidr: "2001:db8:1::/64", gatewayIp: "2001:db8:1::1" });
  expect(messageOf(() => app.synth())).toContain("MAAS6-");
  expect(readdirSync(join(app.outdir, "stacks", "first"))).not.toContain("cdk.tf.json");
});

test("a literal behind a variable of another copy of cdktf, as `npm link` makes one, is no API key either", () => {
  let copy: typeof Cdktf | undefined;
  jest.isolateModules(() => {
    copy = jest.requireActual<typeof Cdktf>("cdktf");
  });
  const app = new App({ outdir: join(temporaryFolder(), "cdktf.out"), stackTraces: false });
  const stack = new TerraformStack(app, "lab");
  const Variable = copy?.TerraformVariable ?? TerraformVariable;
  expect(Variable).not.toBe(TerraformVariable);
  const { stringValue: apiKey } = new Variable(stack, "key", { default: "consumer:token:secret", sensitive: true });
  new one.MaasProvider(stack, "maas", { apiKey });
  expect(messageOf(() => app.synth())).toContain("MAAS-CON-14");
});

test("an error of one copy is one of the other's class, and of no other class", () => {
  const thrown = (act: () => unknown): unknown => {
    try {
      return act();
    } catch (error) {
      return error;
    }
  };
  const stack = new TerraformStack(new App({ outdir: temporaryFolder() }), "lab");
  const refused = thrown(() => new one.Fabric(stack, "fabric", { name: "no name" }));
  const unplanned = thrown(() => new one.AddressPlan({ ipv6: "2001:db8::/126" }).segment(1));
  expect(refused).toBeInstanceOf(other.ConstructError);
  expect(refused).not.toBeInstanceOf(other.PlanError);
  expect(unplanned).toBeInstanceOf(other.PlanError);
  expect(unplanned).not.toBeInstanceOf(other.ConstructError);
  expect(new Error("lab")).not.toBeInstanceOf(other.ConstructError);
});

test("an apply step of one copy makes the objects of the other", () => {
  const app = new App({ outdir: join(temporaryFolder(), "cdktf.out"), stackTraces: false });
  const stack = new TerraformStack(app, "lab");
  new one.MaasProvider(stack, "maas", { apiUrl: "http://127.0.0.1:5240/MAAS", engine: one.MaasEngine.APPLY_STEP });
  const fabric = new other.Fabric(stack, "fabric", { name: "lab" });
  const step = new other.ApplyStep(stack, "apply");
  expect(fabric.fqn).toBe(step.fqn);
  app.synth();
  const folder = join(app.outdir, "stacks", "lab");
  const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), "utf8"));
  expect(read("maas-network.json")).toMatchObject({ objects: { fabric: [{ key: "lab", path: "lab/fabric" }] } });
  expect(read("cdk.tf.json")).not.toHaveProperty("resource.maas_fabric");
});

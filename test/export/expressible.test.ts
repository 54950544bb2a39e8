import * as fc from "fast-check";
import type { KindName } from "../../lib/model/field";
import type { Attributes } from "../../lib/model/known";
import { callLines, commentLines, expressible, quoted, terraformText } from "../../src/export/expressible";
import { select } from "../../src/export/selection";
import { typescriptSource } from "../../src/export/typescript-source";
import type { LiveObject } from "../../src/reconcile/region/live-objects";

let ids = 0;

const live = (kind: KindName, key: string, attributes: Attributes): LiveObject => ({
  kind,
  key,
  id: `${++ids}`,
  attributes,
});

const lab = live("fabric", "lab", { name: "lab", class_type: null });
const vlan = live("vlan", "lab:0", { fabric: "lab", vid: 0, name: null, mtu: 1500, space: null });

const subnet = (attributes: Attributes): LiveObject =>
  live("subnet", "10.0.0.0/24", { cidr: "10.0.0.0/24", vlan: "lab:0", name: "10.0.0.0/24", ...attributes });

const of = (...objects: LiveObject[]) => expressible(select(objects));

const attributesOf = ({ managed }: ReturnType<typeof of>, kind: KindName): Attributes | undefined =>
  managed.find((object) => object.kind === kind)?.attributes;

test("what MAAS reports is said, so that a later change by others is drift; defaults are expected anyway", () => {
  const usual = { description: "", gateway_ip: null, dns_servers: [], rdns_mode: 2, allow_dns: true, managed: true };
  expect(attributesOf(of(lab, vlan, subnet(usual)), "subnet")).toEqual({
    ...{ cidr: "10.0.0.0/24", vlan: "lab:0", name: "10.0.0.0/24", gateway_ip: "", dns_servers: [] },
  });
  const own = {
    name: "net",
    description: "x",
    gateway_ip: "10.0.0.1",
    dns_servers: ["10.0.0.2"],
    rdns_mode: 0,
    managed: false,
  };
  expect(attributesOf(of(lab, vlan, subnet(own)), "subnet")).toEqual({ cidr: "10.0.0.0/24", vlan: "lab:0", ...own });
});

test("an attribute that no construct takes is left out, and said so", () => {
  const result = of(lab, vlan, subnet({ dns_servers: ["2001:db8::53"], description: "kept" }));
  expect(attributesOf(result, "subnet")).toEqual({
    ...{ cidr: "10.0.0.0/24", vlan: "lab:0", name: "10.0.0.0/24", description: "kept" },
  });
  expect(result.leftOut).toEqual([
    "dns_servers of subnet 10.0.0.0/24: the DNS server 2001:db8::53 is not an IPv4 address",
  ]);
});

test("an object that no construct stands for is looked up by all that is in it", () => {
  const result = of(
    live("space", "far away", { name: "far away" }),
    live("fabric", "lab 1", { name: "lab 1" }),
    live("vlan", "lab 1:0", { fabric: "lab 1", vid: 0, space: "far away" }),
    live("subnet", "10.0.0.0/24", { cidr: "10.0.0.0/24", vlan: "lab 1:0" }),
    lab,
  );
  expect(result.managed.map(({ key }) => key)).toEqual(["lab 1:0", "10.0.0.0/24", "lab"]);
  expect(result.lookedUp.map(({ kind, attributes }) => [kind, attributes])).toEqual([
    ["fabric", { name: "lab 1" }],
    ["space", { name: "far away" }],
  ]);
  expect(result.leftOut).toEqual([
    'space far away: "far away" is not a name that MAAS takes; what refers to it looks it up',
    'fabric lab 1: "lab 1" is not a name that MAAS takes; what refers to it looks it up',
  ]);
  const source = typescriptSource(result, { apiUrl: "http://region:5240/MAAS", stackName: "lab", leftOut: [] });
  expect(source).toContain('Fabric.fromName(this, "lab-1", "lab 1")');
  expect(source).toContain('Space.fromName(this, "far-away", "far away")');
});

test("what is in a subnet that no construct stands for is left out with it", () => {
  const result = of(
    lab,
    vlan,
    live("subnet", "0.0.0.0/0", { cidr: "0.0.0.0/0", vlan: "lab:0" }),
    live("ip_range", "10.0.0.1-10.0.0.9 in 0.0.0.0/0", {
      ...{ type: "reserved", start_ip: "10.0.0.1", end_ip: "10.0.0.9", subnet: "0.0.0.0/0" },
    }),
  );
  expect(result.leftOut).toEqual([
    'subnet 0.0.0.0/0: "0.0.0.0/0" covers the whole address family',
    "IP range 10.0.0.1-10.0.0.9 in 0.0.0.0/0: what it refers to is left out, or not there",
  ]);
});

test("DHCP by a rack that the region does not list is left out, and no rack is looked up for nothing", () => {
  const result = of(
    lab,
    vlan,
    live("rack_controller", "rack1", { hostname: "rack1" }),
    live("vlan_dhcp", "lab:0", { vlan: "lab:0", primary_rack_controller: "g8ghqf" }),
  );
  expect(result.leftOut).toEqual(["DHCP of VLAN lab:0: what it refers to is left out, or not there"]);
  expect(result.lookedUp).toEqual([]);
});

test("of two links that nothing tells apart, the second is left out", () => {
  const link = (): LiveObject =>
    live("network_interface_link", "node-1/eth0:10.0.0.0/24", {
      machine: "node-1",
      network_interface: "eth0",
      subnet: "10.0.0.0/24",
      mode: "AUTO",
    });
  const first = link();
  const result = of(lab, vlan, subnet({}), live("machine", "node-1", { hostname: "node-1" }), first, link());
  expect(result.managed.filter(({ kind }) => kind === "network_interface_link").map(({ id }) => id)).toEqual([
    first.id,
  ]);
  expect(result.leftOut).toEqual([
    "network interface link node-1/eth0:10.0.0.0/24: there are several, and nothing tells them apart",
  ]);
});

test("a name that MAAS has given after the id is noted, since no other region takes it", () => {
  const named = live("fabric", "fabric-7", { name: "fabric-7" });
  const first: LiveObject = { ...live("fabric", "fabric-0", { name: "fabric-0" }), id: "0" };
  const { managed, notes, leftOut } = of(named, first, live("space", "space-3", { name: "space-3" }), lab);
  expect(managed).toHaveLength(4);
  expect(leftOut).toEqual([]);
  expect(notes).toEqual([
    expect.stringMatching(/^space space-3: on another region, no space can be given the name "space-3" .*"my-space-3"/),
    expect.stringMatching(/^fabric fabric-7: on another region, no fabric can be given the name "fabric-7" /),
  ]);
});

describe("literal", () => {
  /** What a literal of the source is worth. */
  const valueOf = (code: string): unknown =>
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the code is under test
    (new Function(`return ${code}`) as () => unknown)();

  test("every text comes back from its literal", () => {
    const texts = fc.string({ unit: fc.constantFrom("a", '"', "'", "`", "\\", "\n", "$", "{", "\u2028", "é") });
    fc.assert(fc.property(texts, (text) => valueOf(quoted(text)) === text));
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => valueOf(quoted(text)) === text));
  });

  test.each([
    ["lab", '"lab"'],
    ['say "lab"', "'say \"lab\"'"],
    ['it\'s "lab"', "'it\\'s \"lab\"'"],
    ["it's", '"it\'s"'],
  ])("%s is written as %s", (text, code) => {
    expect(quoted(text)).toBe(code);
  });

  test("what Terraform would take for an expression is escaped", () => {
    expect(terraformText("costs ${x}, %{if}, 100% $5")).toBe('"costs $${x}, %%{if}, 100% $5"');
  });

  test("a call is in one line while it fits, then its object is broken, then its arguments", () => {
    const properties = [{ name: "cidr", code: '"10.0.0.0/8"' }];
    const call = (id: string) => callLines({ head: "new Subnet", args: ["this", id], properties, tail: ";" }, "  ");
    expect(call('"a"')).toEqual(['  new Subnet(this, "a", { cidr: "10.0.0.0/8" });']);
    expect(call("a".repeat(90))).toEqual([
      `  new Subnet(this, ${"a".repeat(90)}, {`,
      '    cidr: "10.0.0.0/8",',
      "  });",
    ]);
    expect(call("a".repeat(110))).toEqual([
      "  new Subnet(",
      "    this,",
      `    ${"a".repeat(110)},`,
      '    { cidr: "10.0.0.0/8" },',
      "  );",
    ]);
  });

  test("a comment is wrapped at the width of a line, and nothing breaks out of it", () => {
    const lines = commentLines(`a\nb ${"word ".repeat(60)}`, "  ");
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(line).toMatch(/^ {2}\/\/ .{1,115}$/);
    expect(lines[0]).toContain("// a b word");
  });
});

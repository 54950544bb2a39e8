import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  Aspects,
  Fn,
  type IAspect,
  TerraformCount,
  TerraformIterator,
  TerraformResource,
  TerraformStack,
  TerraformVariable,
  Token,
} from "cdktf";
import {
  ApplyStep,
  DynamicRange,
  Fabric,
  Ipv4Subnet,
  Ipv6Subnet,
  MaasEngine,
  MaasProvider,
  RackController,
  RackInterface,
  ReservedRange,
  RouterAdvertisement,
  Space,
  StaticRange,
  Vlan,
  VlanDhcp,
} from "cdktf-maas";
import { caveatReport } from "../../../lib/aspects/caveat-report";
import { IPV6_ALONE, messageOf, synth, temporaryApp } from "../../support/synth";

const { APPLY_STEP, PROVIDER } = MaasEngine;

interface WrittenObject {
  readonly key: string;
  readonly path: string;
  readonly origin: string;
  readonly attributes: Record<string, unknown>;
  readonly ignore_changes?: readonly string[];
}

interface WrittenDocument {
  readonly objects: Readonly<Record<string, readonly WrittenObject[]>>;
  readonly unknown: readonly string[];
}

const url = "http://127.0.0.1:5240/MAAS";

/** A stack with one region and an apply step, and a fabric; the document that is written for it. */
function documentOf(build: (stack: TerraformStack, fabric: Fabric) => void, engine = PROVIDER): WrittenDocument {
  const { folder } = synth((stack) => {
    new MaasProvider(stack, "maas", { apiUrl: url, engine });
    build(stack, new Fabric(stack, "fabric", { name: "lab" }));
    new ApplyStep(stack, "apply");
  }, []);
  return JSON.parse(readFileSync(join(folder, "maas-network.json"), "utf8")) as WrittenDocument;
}

const keysOf = ({ objects }: WrittenDocument, kind: string): string[] => (objects[kind] ?? []).map(({ key }) => key);

const attributesOf = ({ objects }: WrittenDocument, kind: string, key: string): Record<string, unknown> | undefined =>
  (objects[kind] ?? []).find((object) => object.key === key)?.attributes;

/** Acts on every construct of a class. */
const onEach = <T>(type: new (...args: never[]) => T, act: (construct: T) => void): IAspect => ({
  visit: (node) => {
    if (node instanceof type) act(node);
  },
});

describe.each([PROVIDER, APPLY_STEP])("the document beside an apply step, with the engine %s", (engine) => {
  test("has overridden values, whoever overrode them and in whatever form", () => {
    const document = documentOf((stack, fabric) => {
      const vlan = fabric.untagged;
      const v4 = new Ipv4Subnet(stack, "v4", {
        vlan,
        cidr: "10.0.0.0/24",
        gatewayIp: "10.0.0.1",
        dnsServers: ["10.0.0.53", "10.0.0.54"],
      });
      v4.addOverride("gateway_ip", "10.0.0.9");
      v4.addOverride("dns_servers.0", "10.0.0.52");
      v4.addOverride("allow_dns", "false");
      v4.addOverride("rdns_mode", "1");
      const v = new Vlan(stack, "v", { fabric, vid: 20, mtu: 1500, name: "storage" });
      Aspects.of(stack).add(onEach(Vlan, (each) => each.addOverride("mtu", 9000)));
      v.addOverride("name", undefined);
    }, engine);
    expect(attributesOf(document, "subnet", "10.0.0.0/24")).toMatchObject({
      gateway_ip: "10.0.0.9",
      dns_servers: ["10.0.0.52", "10.0.0.54"],
      allow_dns: false,
      rdns_mode: 1,
    });
    expect(attributesOf(document, "vlan", "lab:20")).toEqual({ fabric: "lab", vid: 20, mtu: 9000 });
    expect(attributesOf(document, "vlan", "lab:0")).toMatchObject({ mtu: 9000 });
  });

  test("has the natural key that is synthesised, and what refers to the object has it too", () => {
    const document = documentOf((stack, fabric) => {
      fabric.addOverride("name", "other");
      const v = new Vlan(stack, "v", { fabric, vid: 20 });
      const v4 = new Ipv4Subnet(stack, "v4", { vlan: v, cidr: "10.0.0.0/24" });
      new DynamicRange(stack, "pool", { subnet: v4, startIp: "10.0.0.10", endIp: "10.0.0.20" });
      v.addOverride("vid", 30);
    }, engine);
    expect(keysOf(document, "fabric")).toEqual(["other"]);
    expect(keysOf(document, "vlan")).toEqual(["other:30"]);
    expect(attributesOf(document, "subnet", "10.0.0.0/24")).toMatchObject({ vlan: "other:30" });
  });

  test("follows a reference that was overridden to another construct", () => {
    const document = documentOf((stack, fabric) => {
      const [a, b] = [20, 30].map((vid) => new Vlan(stack, `v${vid}`, { fabric, vid })) as [Vlan, Vlan];
      const v4 = new Ipv4Subnet(stack, "v4", { vlan: a, cidr: "10.0.0.0/24" });
      v4.addOverride("vlan", b.id);
      new Ipv4Subnet(stack, "w4", { vlan: a, cidr: "10.1.0.0/24" }).addOverride("vlan", "${maas_vlan.v30.id}");
    }, engine);
    for (const cidr of ["10.0.0.0/24", "10.1.0.0/24"])
      expect(attributesOf(document, "subnet", cidr)).toMatchObject({ vlan: "lab:30" });
  });

  test("says what Terraform leaves alone, and keeps what it is made with", () => {
    const document = documentOf((stack, fabric) => {
      const lifecycle = { ignoreChanges: ["gateway_ip", "dns_servers[0]", "adopt_existing"] };
      new Ipv4Subnet(stack, "v4", { vlan: fabric.untagged, cidr: "10.0.0.0/24", gatewayIp: "10.0.0.1", lifecycle });
      new Space(stack, "space", { name: "s", description: "d", lifecycle: { ignoreChanges: "all" } });
    }, engine);
    expect(document.objects.subnet?.[0]).toMatchObject({
      attributes: { gateway_ip: "10.0.0.1" },
      ignore_changes: ["dns_servers", "gateway_ip"],
    });
    expect(document.objects.space?.[0]).toMatchObject({ key: "s", ignore_changes: ["description", "name"] });
    expect(document.objects.fabric?.[0]).not.toHaveProperty("ignore_changes");
  });

  test("has as many objects as count and forEach make", () => {
    const document = documentOf((stack, fabric) => {
      new Fabric(stack, "none", { name: "none", count: 0 });
      const two = TerraformCount.of(2);
      const vlans = new Vlan(stack, "vlans", { fabric, vid: 5, count: two });
      vlans.addOverride("vid", "${count.index + 100}");
      vlans.addOverride("name", "v-${count.index}");
      const nets = TerraformIterator.fromMap({ a: { cidr: "10.0.0.0/24" }, b: { cidr: "10.1.0.0/24" } });
      new Ipv4Subnet(stack, "nets", {
        vlan: fabric.untagged,
        cidr: nets.getString("cidr"),
        name: `net-${nets.key}`,
        forEach: nets,
      });
      const spaces = TerraformIterator.fromList(["x", "y"]);
      new Space(stack, "spaces", { name: Token.asString(spaces.value), forEach: spaces });
      const complex = TerraformIterator.fromComplexList([{ name: "c1" }, { name: "c2" }] as never, "name");
      new Space(stack, "complex", { name: complex.getString("name"), forEach: complex });
      new Space(stack, "one", { name: "one", count: 1 });
    }, engine);
    expect(keysOf(document, "fabric")).toEqual(["lab"]);
    expect(keysOf(document, "vlan")).toEqual(["lab:0", "lab:100", "lab:101"]);
    expect(attributesOf(document, "vlan", "lab:101")).toMatchObject({ name: "v-1" });
    expect(document.objects.subnet?.map(({ key, path, attributes }) => [key, path, attributes.name])).toEqual([
      ["10.0.0.0/24", 'lab/nets["a"]', "net-a"],
      ["10.1.0.0/24", 'lab/nets["b"]', "net-b"],
    ]);
    expect(keysOf(document, "space")).toEqual(["c1", "c2", "one", "x", "y"]);
    expect(document.unknown).toEqual([]);
  });

  test("follows references to one of several objects", () => {
    const document = documentOf((stack, fabric) => {
      const each = TerraformIterator.fromMap({
        a: { vid: 20, cidr: "10.0.0.0/24" },
        b: { vid: 30, cidr: "10.1.0.0/24" },
      });
      const vlans = new Vlan(stack, "vlans", { fabric, vid: each.getNumber("vid"), forEach: each });
      const nets = new Ipv4Subnet(stack, "nets", { vlan: vlans, cidr: each.getString("cidr"), forEach: each });
      nets.addOverride("vlan", "${maas_vlan.vlans[each.key].id}");
      const one = new Ipv4Subnet(stack, "one", { vlan: vlans, cidr: "10.2.0.0/24" });
      one.addOverride("vlan", '${maas_vlan.vlans["b"].id}');
    }, engine);
    expect(document.objects.subnet?.map(({ key, attributes }) => [key, attributes.vlan])).toEqual([
      ["10.0.0.0/24", "lab:20"],
      ["10.1.0.0/24", "lab:30"],
      ["10.2.0.0/24", "lab:30"],
    ]);
  });

  test("does not have what has moved to another construct", () => {
    const document = documentOf((stack) => {
      const target = new Fabric(stack, "new", { name: "moved" });
      target.addMoveTarget("target");
      new Fabric(stack, "old", { name: "moved" }).moveTo("target");
    }, engine);
    expect(document.objects.fabric?.map(({ key, path }) => [key, path])).toEqual([
      ["lab", "lab/fabric"],
      ["moved", "lab/new"],
    ]);
  });

  test.each<[string, (stack: TerraformStack, fabric: Fabric) => unknown]>([
    [
      "a count",
      (stack) => new Space(stack, "s", { name: "s", count: new TerraformVariable(stack, "n", {}).numberValue }),
    ],
    ["a conditional count", (stack) => new Space(stack, "s", { name: "s" }).addOverride("count", "${var.on ? 1 : 0}")],
    [
      "a list",
      (stack) => {
        const forEach = TerraformIterator.fromList(new TerraformVariable(stack, "n", {}).listValue);
        new Space(stack, "s", { name: Token.asString(forEach.value), forEach });
      },
    ],
    [
      "a count of a look-up",
      (stack) =>
        RackController.prototype &&
        new RackController(stack, "s", { hostname: "r", count: Token.asNumber("${var.n}") }),
    ],
  ])("can't be applied with %s that only Terraform knows", (_, build) => {
    const message = messageOf(() => documentOf((stack, fabric) => void build(stack, fabric), engine));
    expect(message).toContain(
      "how many objects lab/s comes to is only known when Terraform works out its count or forEach",
    );
    expect(message).not.toContain("is a token");
  });

  test("can't be applied with an override that only Terraform knows", () => {
    const message = messageOf(() =>
      documentOf((stack) => new Space(stack, "s", { name: "s" }).addOverride("description", "${var.text}"), engine),
    );
    expect(message).toContain("description of lab/s is a token");
  });
});

test("with the apply step as the engine, what only Terraform can act on is refused", () => {
  const build = (engine: MaasEngine) => () =>
    documentOf((stack) => {
      new Space(stack, "s", {
        name: "s",
        lifecycle: { preventDestroy: true, createBeforeDestroy: true },
        provisioners: [{ type: "local-exec", command: "true" }],
      });
    }, engine);
  expect(messageOf(build(APPLY_STEP))).toContain(
    "lab/s has provisioners, lifecycle.prevent_destroy, which only Terraform can act on",
  );
  expect(build(PROVIDER)).not.toThrow();
});

describe("references that can't be meant", () => {
  test.each<[string, number, string]>([
    ["none", 0, "comes to no object by its count or forEach. Fix: give lab/v the same count"],
    [
      "several",
      2,
      "comes to 2 objects by its count or forEach. Fix: say which one with addOverride(\"fabric\", '${maas_fabric.many[0].id}')",
    ],
  ])("are refused: %s of a count", (_, count, text) => {
    const message = messageOf(() =>
      synth((stack) => {
        new MaasProvider(stack, "maas");
        const many = new Fabric(stack, "many", { name: "many", count });
        if (count > 1) many.addOverride("name", "many-${count.index}");
        new Vlan(stack, "v", { fabric: many, vid: 20 });
      }),
    );
    expect(message).toContain(`lab/v refers to lab/many as its fabric, which ${text}`);
  });

  test.each([
    ["count", TerraformCount.of(2), "count.index"],
    ["forEach", TerraformIterator.fromMap({ a: { vid: 20 }, b: { vid: 30 } }), "each.key"],
  ])("are refused once, and paired by the fix where both have the same %s", (name, many, key) => {
    const build = (fix?: string) => (): unknown =>
      synth((stack) => {
        new MaasProvider(stack, "maas");
        const times = name === "count" ? { count: many as TerraformCount } : { forEach: many as TerraformIterator };
        const fabrics = new Fabric(stack, "many", { name: "x", ...times });
        fabrics.addOverride("name", `many-\${${key}}`);
        const vlans = new Vlan(stack, "v", { fabric: fabrics, vid: 20, ...times });
        if (fix !== undefined) vlans.addOverride("fabric", fix);
      });
    const fix = `\${maas_fabric.many[${key}].id}`;
    const message = messageOf(build());
    expect(message).toContain(
      `lab/v refers to lab/many as its fabric, which comes to 2 objects by its count or forEach. Fix: say which one with addOverride("fabric", '${fix}')`,
    );
    expect(message.split("refers to")).toHaveLength(2);
    expect(build(fix)).not.toThrow();
  });

  test("two objects of one count with one key are two of the same", () => {
    const message = messageOf(() =>
      synth((stack) => {
        new MaasProvider(stack, "maas");
        new Space(stack, "s", { name: "s", count: 2 });
      }),
    );
    expect(message).toContain("lab/s[0] and lab/s[1] are both the space s");
  });

  test("an override that MAAS would refuse is found at synth", () => {
    const message = messageOf(() =>
      synth((stack) => {
        new MaasProvider(stack, "maas");
        new Vlan(stack, "v", { fabric: new Fabric(stack, "f", { name: "f" }), vid: 20 }).addOverride("vid", 5000);
      }),
    );
    expect(message).toContain("lab/v: vid: 5000 is out of range");
  });
});

describe("the rules", () => {
  interface Lab {
    readonly stack: TerraformStack;
    readonly v4: Ipv4Subnet;
    readonly v6: Ipv6Subnet;
    readonly fabric: Fabric;
  }

  function lab(): Lab {
    const stack = new TerraformStack(temporaryApp(), "lab");
    new MaasProvider(stack, "maas", { apiUrl: url });
    const fabric = new Fabric(stack, "fabric", { name: "lab" });
    const v4 = new Ipv4Subnet(stack, "v4", { vlan: fabric.untagged, cidr: "10.0.0.0/24" });
    const v6 = new Ipv6Subnet(stack, "v6", { vlan: fabric.untagged, cidr: "2001:db8:1::/64" });
    return { stack, v4, v6, fabric };
  }

  const found = ({ stack }: Lab): string[] =>
    caveatReport(stack.node.root).findings.map(({ id, where }) => `${id} ${where.path}`);
  const open = ({ stack }: Lab): string[] =>
    caveatReport(stack.node.root).unjudged.map(({ id, where }) => `${id} ${where.path}`);

  test("find what count = 0 takes away", () => {
    const it = lab();
    expect(found(it)).not.toContain("MAAS6-DUA-01 lab/v6");
    it.v4.count = 0;
    expect(found(it)).toContain("MAAS6-DUA-01 lab/v6");
  });

  test("don't judge what may not be there, nor pass it", () => {
    const it = lab();
    it.v4.count = new TerraformVariable(it.stack, "n", {}).numberValue;
    expect(found(it)).not.toContain("MAAS6-DUA-01 lab/v6");
    expect(open(it)).toContain("MAAS6-DUA-01 lab/v6");
  });

  test("see overridden values, and what a for_each makes, each object by itself", () => {
    const it = lab();
    it.v6.addOverride("cidr", "2001:db8:1::/80");
    const nets = TerraformIterator.fromMap({ a: { cidr: "10.0.0.0/25" }, b: { cidr: "10.9.0.0/24" } });
    new Ipv4Subnet(it.stack, "nets", { vlan: it.fabric.untagged, cidr: nets.getString("cidr"), forEach: nets });
    expect(found(it).filter((row) => row.includes("NET-01"))).toHaveLength(1);
    expect(JSON.stringify(caveatReport(it.stack.node.root).findings)).toContain('lab/nets[\\"a\\"]');
  });

  test("don't judge what Terraform leaves alone on the region", () => {
    const it = lab();
    const pool = { startIp: "10.0.0.100", endIp: "10.0.0.199" };
    it.v4.addOverride("gateway_ip", "10.0.0.150");
    new DynamicRange(it.stack, "pool", { subnet: it.v4, ...pool });
    const judged = found(it).filter((row) => row.includes("RNG-04"));
    expect(judged).toHaveLength(1);
    it.v4.lifecycle = { ignoreChanges: ["gateway_ip"] };
    expect(found(it).filter((row) => row.includes("RNG-04"))).toEqual([]);
    it.v4.lifecycle = { ignoreChanges: "all" };
    expect(found(it)).not.toContain("MAAS6-DUA-01 lab/v6");
    expect(open(it)).toContain("MAAS6-DUA-01 lab/v6");
  });

  test("wait for the aspects of a stack, also of a later one", () => {
    const app = temporaryApp();
    const [first, second] = ["first", "second"].map((name, index) => {
      const stack = new TerraformStack(app, name);
      new MaasProvider(stack, "maas", { apiUrl: `http://${name}.example/MAAS` });
      const vlan = new Fabric(stack, "fabric", { name: "lab" }).untagged;
      new Ipv6Subnet(stack, "v6", { vlan, cidr: `2001:db8:${index + 1}::/64` });
      return stack;
    }) as [TerraformStack, TerraformStack];
    // Both lack an IPv4 subnet, until an aspect takes the IPv6 subnet away.
    for (const stack of [first, second])
      Aspects.of(stack).add(
        onEach(TerraformResource, (each) => {
          if (each.terraformResourceType === "maas_subnet") each.count = 0;
        }),
      );
    expect(() => app.synth()).not.toThrow();
    expect(
      first.node.findAll().flatMap(({ node }) => node.metadata.filter(({ type }) => type === "@cdktf/error")),
    ).toEqual([]);
  });

  test("find what an aspect breaks", () => {
    const message = messageOf(() =>
      synth((stack) => {
        new MaasProvider(stack, "maas", { apiUrl: url });
        const { untagged } = new Fabric(stack, "fabric", { name: "lab" });
        new Ipv4Subnet(stack, "v4", { vlan: untagged, cidr: "10.0.0.0/24" });
        new Ipv6Subnet(stack, "v6", { vlan: untagged, cidr: "2001:db8:1::/64" });
        Aspects.of(stack).add(onEach(Ipv4Subnet, (each) => (each.count = 0)));
      }),
    );
    expect(message).toContain("MAAS6-DUA-01[lab/v6]");
  });
});

describe("what is made around a subnet", () => {
  const segment = (stack: TerraformStack, cidr = "2001:db8:20::/64"): Ipv6Subnet => {
    new MaasProvider(stack, "maas", { apiUrl: url });
    const vlan = new Fabric(stack, "fabric", { name: "lab" }).untagged;
    return new Ipv6Subnet(stack, "v6", { vlan, cidr });
  };

  test("follows an overridden CIDR: static ranges, and the radvd.conf", () => {
    const { folder, resource } = synth((stack) => {
      const subnet = segment(stack);
      new StaticRange(stack, "nodes", { subnet, startIp: "2001:db8:20:0:1::", endIp: "2001:db8:20:0:1::ffff" });
      new RouterAdvertisement(stack, "ra", { subnet, router: "core-1", interfaceName: "eth1" });
      subnet.addOverride("cidr", "2001:db8:20::/63");
    }, IPV6_ALONE);
    const ends = Object.values(resource.maas_subnet_ip_range ?? {}).map(({ end_ip }) => end_ip);
    expect(ends).toContain("2001:db8:20:1:ffff:ffff:ffff:ffff");
    expect(readFileSync(join(folder, "radvd/core-1.conf"), "utf8")).toContain("prefix 2001:db8:20::/63 {");
  });

  test("leaves out ranges that are not made, and takes in each of a for_each", () => {
    const { resource } = synth((stack) => {
      const subnet = segment(stack);
      new StaticRange(stack, "nodes", { subnet, startIp: "2001:db8:20:0:1::", endIp: "2001:db8:20:0:1::ffff" });
      const each = TerraformIterator.fromMap({ a: { at: "2001:db8:20:0:2" }, b: { at: "2001:db8:20:0:3" } });
      new ReservedRange(stack, "kept", {
        subnet,
        startIp: `${each.getString("at")}::`,
        endIp: `${each.getString("at")}::ffff`,
        forEach: each,
      });
      new ReservedRange(stack, "gone", {
        subnet,
        startIp: "2001:db8:20:0:9::",
        endIp: "2001:db8:20:0:9::ff",
        count: 0,
      });
    }, IPV6_ALONE);
    const parts = Object.entries(resource.maas_subnet_ip_range ?? {}).filter(([name]) => name.startsWith("v6_static"));
    expect(parts.map(([, { start_ip, end_ip }]) => `${String(start_ip)}-${String(end_ip)}`).sort()).toEqual([
      "2001:db8:20:0:1:0:1:0-2001:db8:20:0:1:ffff:ffff:ffff",
      "2001:db8:20:0:2:0:1:0-2001:db8:20:0:2:ffff:ffff:ffff",
      "2001:db8:20:0:3:0:1:0-2001:db8:20:0:ffff:ffff:ffff:ffff",
      "2001:db8:20::1:0:0-2001:db8:20::ffff:ffff:ffff",
    ]);
  });
});

test("DHCP may be one of two by a condition that the program knows", () => {
  const document = documentOf((stack, fabric) => {
    const vlan = fabric.untagged;
    const v4 = new Ipv4Subnet(stack, "v4", { vlan, cidr: "10.0.0.0/24" });
    new DynamicRange(stack, "pool", { subnet: v4, startIp: "10.0.0.100", endIp: "10.0.0.199" });
    const rack = new RackController(stack, "rack", { hostname: "rack1" });
    const primary = new RackInterface(stack, "nic", { rack, name: "eth1", vlan });
    for (const [index, on] of [true, false].entries())
      new VlanDhcp(stack, `dhcp${index}`, { vlan, primary, count: on ? 1 : 0 });
    new Space(stack, "joined", { name: "plain", description: Fn.join("-", ["a", "b"]), count: 0 });
  });
  expect(keysOf(document, "vlan_dhcp")).toEqual(["lab:0"]);
  expect(document.unknown).toEqual([]);
});

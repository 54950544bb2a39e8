import { TerraformStack, TerraformVariable } from "cdktf";
import {
  DynamicRange,
  Fabric,
  InterfaceLink,
  Ipv4Subnet,
  Ipv6Subnet,
  LinkMode,
  Machine,
  MaasProvider,
  NodeInterface,
  ReservedRange,
  RouterAdvertisement,
  StaticRange,
} from "cdktf-maas";
import { caveatReport, inStack } from "../../../lib/aspects/caveat-report";
import { messageOf } from "../../support/synth";
import { appOf, dualStack, findingsOf, ipv4, ipv6Alone, saidOf, stackOf } from "./network";

const OTHER_REGION = "http://other.example:5240/MAAS";

describe("stacks of one app", () => {
  test("subnets of two stacks that overlap are found, with both places, in both stacks' parts", () => {
    const app = appOf();
    const stacks = [stackOf(app, "a"), stackOf(app, "b")] as const;
    ipv4(stacks[0], "10.0.0.0/16");
    ipv4(stacks[1], "10.0.1.0/24");
    expect(findingsOf(app)).toMatchObject([
      { id: "MAAS6-NET-01", where: { path: "b/v4" }, related: [{ path: "a/v4" }], level: "error" },
    ]);
    for (const stack of stacks) expect(inStack(stack, caveatReport(app)).findings).toHaveLength(1);
  });

  test("one subnet that two stacks make is found", () => {
    const app = appOf();
    ipv4(stackOf(app, "a"), "10.0.0.0/24");
    ipv4(stackOf(app, "b"), "10.0.0.0/24");
    expect(saidOf(app)).toEqual(["MAAS6-NET-01 b/v4"]);
  });

  test("a subnet that one stack makes and another looks up is one subnet, with the ranges of both", () => {
    const app = appOf();
    const subnet = ipv4(stackOf(app, "a"), "10.0.0.0/24");
    new ReservedRange(subnet, "routers", { subnet, startIp: "10.0.0.1", endIp: "10.0.0.20" });
    const other = stackOf(app, "b");
    const same = Ipv4Subnet.fromCidr(other, "v4", "10.0.0.0/24");
    new ReservedRange(other, "switches", { subnet: same, startIp: "10.0.0.20", endIp: "10.0.0.30" });
    expect(findingsOf(app)).toMatchObject([
      { id: "MAAS6-RNG-04", where: { path: "b/switches" }, related: [{ path: "a/v4/routers" }] },
    ]);
  });

  test("two regions are judged apart, also within one stack", () => {
    const app = appOf();
    const stack = stackOf(app, "a");
    ipv4(stack, "10.0.0.0/24");
    const provider = new MaasProvider(stack, "second", { apiUrl: OTHER_REGION, alias: "second" });
    const fabric = new Fabric(stack, "other-fabric", { name: "a-v4", provider });
    const subnet = new Ipv4Subnet(stack, "other", { vlan: fabric.untagged, cidr: "10.0.0.0/16", provider });
    new StaticRange(stack, "nodes", { subnet, startIp: "10.0.0.10", endIp: "10.0.0.20" });
    new ReservedRange(stack, "clash", { subnet, startIp: "10.0.0.15", endIp: "10.0.0.30", provider });
    ipv4(stackOf(app, "b", OTHER_REGION), "10.1.0.0/24");
    // The static range has no provider of its own: it is where its subnet is.
    expect(saidOf(app)).toEqual(["MAAS6-RNG-04 a/clash"]);
  });

  test("two spellings of one URL are one region, and so are two stacks that leave it to the environment", () => {
    const app = appOf();
    ipv4(stackOf(app, "a", "http://region.example:5240/MAAS"), "10.0.0.0/24");
    ipv4(stackOf(app, "b", "http://Region.example:5240/MAAS/"), "10.0.0.0/24");
    for (const id of ["c", "d"]) {
      const stack = new TerraformStack(app, id);
      new MaasProvider(stack, "maas");
      ipv4(stack, "10.0.0.0/24");
    }
    expect(saidOf(app)).toEqual(["MAAS6-NET-01 b/v4", "MAAS6-NET-01 d/v4"]);
  });

  test("findings are in the order of the rules over all regions", () => {
    const app = appOf();
    ipv6Alone(stackOf(app, "a"));
    ipv6Alone(stackOf(app, "b", OTHER_REGION));
    expect(saidOf(app)).toEqual(
      ["a", "b"].map((stack) => `MAAS6-DUA-01 ${stack}/v6`).concat(["MAAS6-DUA-02 a/v6", "MAAS6-DUA-02 b/v6"]),
    );
  });
});

describe("what is not known at synth", () => {
  test("a token is not judged, and does not pass", () => {
    const app = appOf();
    const stack = stackOf(app, "a");
    const { stringValue: cidr } = new TerraformVariable(stack, "cidr", { type: "string" });
    const subnet = ipv4(stack, cidr);
    new DynamicRange(stack, "pool", { subnet, startIp: "10.0.0.1", endIp: "10.0.0.9" });
    const report = caveatReport(app);
    expect(report.findings).toEqual([]);
    expect(report.unjudged).toContainEqual(
      expect.objectContaining({ id: "MAAS6-RNG-01", where: { path: "a/pool" }, missing: ["cidr of a/v4"] }),
    );
    const overlap = report.results.find(({ rule }) => rule.id === "MAAS6-NET-01");
    expect(overlap).toMatchObject({ compliant: 0, unknown: 1 });
    expect(() => app.synth()).not.toThrow();
  });

  test("what a looked-up VLAN lacks here may be on the region: it breaks no rule", () => {
    const app = appOf();
    const stack = stackOf(app, "a");
    const vlan = Fabric.fromName(stack, "fabric", "lab").untagged;
    new Ipv6Subnet(stack, "v6", { vlan, cidr: "2001:db8:1::/64", gatewayIp: "2001:db8:1::1" });
    expect(saidOf(app)).toEqual([]);
    expect(caveatReport(app).unjudged.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["MAAS6-DUA-01", "MAAS6-DUA-02"]),
    );
  });
});

describe("ranges of one subnet", () => {
  test("are refused when they overlap, with the address to start or end at, whatever their types", () => {
    const app = appOf();
    const stack = stackOf(app, "a");
    const subnet = ipv4(stack, "10.0.0.0/24");
    new DynamicRange(stack, "pool", { subnet, startIp: "10.0.0.100", endIp: "10.0.0.199" });
    new ReservedRange(stack, "wide", { subnet, startIp: "10.0.0.10", endIp: "10.0.0.109" });
    new StaticRange(stack, "nodes", { subnet, startIp: "10.0.0.50", endIp: "10.0.0.60" });
    const message = messageOf(() => app.synth());
    expect(message).toContain("Fix: Start a/pool at 10.0.0.110, or end a/wide at 10.0.0.99.");
    expect(message).toContain("Fix: Keep one of them, or take 10.0.0.50-10.0.0.60 out of a/wide.");
  });

  test("are compared across two look-ups of the subnet, and may touch", () => {
    const lookUpsWith = (second: string) => {
      const app = appOf();
      const stack = stackOf(app, "a");
      const [first, again] = ["s1", "s2"].map((id) => Ipv4Subnet.fromCidr(stack, id, "10.0.0.0/24")) as [never, never];
      new ReservedRange(stack, "low", { subnet: first, startIp: "10.0.0.10", endIp: "10.0.0.20" });
      new ReservedRange(stack, "high", { subnet: again, startIp: second, endIp: "10.0.0.30" });
      return saidOf(app);
    };
    expect(lookUpsWith("10.0.0.20")).toEqual(["MAAS6-RNG-04 a/high"]);
    expect(lookUpsWith("10.0.0.21")).toEqual([]);
  });
});

describe("machines", () => {
  const linked = (names: readonly [string, string], hostnames: readonly [string, string] = ["node-1", "node-1"]) => {
    const app = appOf();
    const stack = stackOf(app, "a");
    const vlan = Fabric.fromName(stack, "fabric", "lab").untagged;
    for (const index of [0, 1] as const) {
      const machine = new Machine(stack, `machine${index}`, { hostname: hostnames[index] });
      const networkInterface = new NodeInterface(stack, `nic${index}`, { machine, name: names[index] });
      const subnet = new Ipv6Subnet(stack, `v6-${index}`, { vlan, cidr: `2001:db8:${index + 1}::/64` });
      const mode = index === 0 ? LinkMode.AUTO : LinkMode.STATIC;
      new InterfaceLink(stack, `link${index}`, { networkInterface, subnet, mode });
    }
    return findingsOf(app).filter(({ id }) => id === "MAAS6-DUA-03");
  };

  test("an interface with links to two IPv6 subnets is refused, also when it is two constructs", () => {
    expect(linked(["eth0", "eth0"])).toMatchObject([
      {
        where: { path: "a/nic0" },
        what: "eth0 of node-1 is on 2 IPv6 subnets: 2001:db8:1::/64, 2001:db8:2::/64",
        related: [{ path: "a/v6-0" }, { path: "a/v6-1" }],
      },
    ]);
  });

  test("two interfaces, or the same one of two machines, are on one each", () => {
    expect(linked(["eth0", "eth1"])).toEqual([]);
    expect(linked(["eth0", "eth0"], ["node-1", "node-2"])).toEqual([]);
  });

  test("an IPv4 and an IPv6 link on one interface is the normal case", () => {
    const app = appOf();
    const stack = stackOf(app, "a");
    const { vlan, v6 } = dualStack(stack);
    const v4 = new Ipv4Subnet(stack, "more", { vlan, cidr: "10.9.0.0/24" });
    const machine = new Machine(stack, "machine", { hostname: "node-1" });
    const networkInterface = new NodeInterface(stack, "nic0", { machine, name: "eth0" });
    for (const subnet of [v4, v6]) new InterfaceLink(stack, `link-${subnet.node.id}`, { networkInterface, subnet });
    const rule = caveatReport(app).results.find(({ rule: { id } }) => id === "MAAS6-DUA-03");
    expect(rule).toMatchObject({ compliant: 1, violating: 0, unknown: 0 });
  });
});

test("a named source of router advertisements counts for its subnet", () => {
  const app = appOf();
  const stack = stackOf(app, "a");
  const { v6 } = dualStack(stack);
  RouterAdvertisement.fromRouter(stack, "ra", { subnet: v6, router: "core-1", autonomousAddresses: true });
  expect(saidOf(app)).toEqual(["MAAS6-RNG-07 a/pool6"]);
});

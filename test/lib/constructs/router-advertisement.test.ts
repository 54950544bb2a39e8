import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { App, TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";
import {
  DynamicRange,
  Fabric,
  type IRouterAdvertisement,
  Ipv4Subnet,
  Ipv6Subnet,
  MaasProvider,
  RackController,
  RackInterface,
  RouterAdvertisement,
  type RouterAdvertisementProps,
  RouterPreference,
  StaticRange,
  VlanDhcp,
} from "cdktf-maas";
import { caveatReport } from "../../../lib/aspects/caveat-report";
import { askRadvd, radvdIsMissing } from "../../support/radvd";
import { messageOf, readStack, synth, temporaryApp } from "../../support/synth";

/** A lab that passes all rules but those about router advertisements; with DHCPv6 unless told otherwise. */
function lab(stack: TerraformStack, { dhcpv6 = true, dhcp = true } = {}): Ipv6Subnet {
  new MaasProvider(stack, "maas");
  const vlan = new Fabric(stack, "lab", { name: "lab" }).untagged;
  const v4 = new Ipv4Subnet(stack, "v4", { vlan, cidr: "10.20.0.0/24", gatewayIp: "10.20.0.1" });
  new DynamicRange(stack, "pool", { subnet: v4, startIp: "10.20.0.100", endIp: "10.20.0.199" });
  const v6 = new Ipv6Subnet(stack, "v6", { vlan, cidr: "2001:db8:20::/64", gatewayIp: "2001:db8:20::1" });
  new StaticRange(stack, "nodes", {
    subnet: v6,
    startIp: "2001:db8:20:0:1::",
    endIp: "2001:db8:20:0:1:ffff:ffff:ffff",
  });
  if (dhcpv6)
    new DynamicRange(stack, "pool6", { subnet: v6, startIp: "2001:db8:20:0:2::", endIp: "2001:db8:20:0:2::ffff" });
  const rack = new RackController(stack, "rack1", {
    hostname: "rack1",
    regionUrl: "http://region.lab.example:5240/MAAS",
  });
  const eth1 = new RackInterface(stack, "eth1", { rack, name: "eth1", vlan });
  if (dhcp) new VlanDhcp(stack, "dhcp", { vlan, primary: eth1 });
  return v6;
}

const CORE = { router: "core-1", interfaceName: "eth1" };

/** The ids of the rules about routers that find something in the stack, and of those that lack something to judge. */
function routerRules(build: (stack: TerraformStack) => unknown): { found: string[]; unjudged: string[] } {
  const stack = new TerraformStack(temporaryApp(), "lab");
  build(stack);
  const { findings, unjudged } = caveatReport(stack.node.root);
  const ids = (list: readonly { readonly id: string }[]) =>
    list.map(({ id }) => id).filter((id) => id.startsWith("MAAS6-RTR-"));
  return { found: ids(findings), unjudged: ids(unjudged) };
}

describe("radvd.conf", () => {
  test("lies in the stack's folder, with the sections of all advertisements of the router", () => {
    let advertisement: RouterAdvertisement | undefined;
    const { folder } = synth((stack) => {
      const subnet = lab(stack);
      const v6 = new Ipv6Subnet(stack, "b6", {
        vlan: Fabric.fromName(stack, "b", "b").untagged,
        cidr: "2001:db8:21::/64",
      });
      new RouterAdvertisement(stack, "b-ra", { subnet: v6, router: "core-1", interfaceName: "eth2" });
      new RouterAdvertisement(stack, "other", { subnet, router: "core-2", interfaceName: "eth1" });
      advertisement = new RouterAdvertisement(stack, "ra", { subnet, ...CORE, addressesFromDhcp: true });
    });
    expect(readdirSync(join(folder, "radvd")).sort()).toEqual(["core-1.conf", "core-2.conf"]);
    const text = readFileSync(join(folder, advertisement?.configFile ?? ""), "utf8");
    expect(text.match(/^interface .*|prefix \S*/gm)).toEqual([
      "interface eth1 {",
      "prefix 2001:db8:20::/64",
      "interface eth2 {",
      "prefix 2001:db8:21::/64",
    ]);
    expect(text).toContain(advertisement?.config);
    if (!radvdIsMissing()) expect(askRadvd(text)).toMatchObject({ accepts: true });
  });

  test("has all that can be said about an interface, and the real radvd takes it", () => {
    let config = "";
    synth((stack) => {
      ({ config } = new RouterAdvertisement(stack, "ra", {
        subnet: lab(stack),
        ...CORE,
        addressesFromDhcp: true,
        routerPreference: RouterPreference.HIGH,
        mtu: 1500,
        dnsServers: ["2001:db8:20::53"],
        dnsServersLifetime: 7200,
        dnsSearch: ["lab.example"],
      }));
    });
    expect(config).toContain("AdvDefaultPreference high;");
    expect(config).toContain("AdvLinkMTU 1500;");
    expect(config).toMatch(/RDNSS 2001:db8:20::53 \{\s+AdvRDNSSLifetime 7200;/);
    expect(config).toMatch(/DNSSL lab.example \{\s+AdvDNSSLLifetime 1800;/);
    if (!radvdIsMissing()) expect(askRadvd(config)).toMatchObject({ accepts: true });
  });

  /** A second IPv6 subnet on the VLAN of the first, with a static range. */
  function second(stack: TerraformStack, { vlan }: Ipv6Subnet): Ipv6Subnet {
    const subnet = new Ipv6Subnet(stack, "b6", { vlan, cidr: "fd5a:7c01:9b3e:20::/64" });
    const [startIp, endIp] = ["fd5a:7c01:9b3e:20:1::", "fd5a:7c01:9b3e:20:1:ffff:ffff:ffff"];
    new StaticRange(stack, "b-nodes", { subnet, startIp, endIp });
    return subnet;
  }

  test("has one section with two prefixes where two subnets are advertised on one interface", () => {
    const { folder } = synth(
      (stack) => {
        const subnet = lab(stack);
        const shared = { mtu: 1500, dnsServers: ["2001:db8:20::53"] };
        new RouterAdvertisement(stack, "ra", { subnet, ...CORE, ...shared, addressesFromDhcp: true });
        const b6 = second(stack, subnet);
        new RouterAdvertisement(stack, "b-ra", {
          subnet: b6,
          ...CORE,
          autonomousAddresses: true,
          dnsServers: ["2001:db8:20::53", "fd5a:7c01:9b3e:20::53"],
        });
      },
      ["MAAS6-DUA-04"],
    );
    const text = readFileSync(join(folder, "radvd/core-1.conf"), "utf8");
    expect(text.match(/^interface .*|prefix \S*|Adv(Autonomous|ManagedFlag|LinkMTU) .*|RDNSS .*/gm)).toEqual([
      "interface eth1 {",
      "AdvManagedFlag on;",
      "AdvLinkMTU 1500;",
      "prefix 2001:db8:20::/64",
      "AdvAutonomous off;",
      "prefix fd5a:7c01:9b3e:20::/64",
      "AdvAutonomous on;",
      "RDNSS 2001:db8:20::53 fd5a:7c01:9b3e:20::53 {",
    ]);
    if (!radvdIsMissing()) expect(askRadvd(text)).toMatchObject({ accepts: true });
  });

  test.each<[string, Partial<RouterAdvertisementProps>, Partial<RouterAdvertisementProps>, RegExp]>([
    ["two MTUs", { mtu: 1500 }, { mtu: 9000 }, /mtu 1500 and 9000, .* Fix: set mtu to 1500/],
    ["two lifetimes", { routerLifetime: 1800 }, { routerLifetime: 900 }, /routerLifetime 1800 and 900/],
    [
      "a lifetime of DNS servers that is too short for the other's interval",
      { routerLifetime: 30, dnsServersLifetime: 30, dnsServers: ["2001:db8:20::53"] },
      {},
      /^$/,
    ],
    [
      "a preference beside a router that leads nowhere",
      { routerPreference: RouterPreference.LOW },
      { routerLifetime: 0 },
      /don't go together on eth1 of core-1: routerPreference: /,
    ],
  ])("is refused with %s on one interface, unless they are one", (_, first, other, message) => {
    const build = () =>
      synth(
        (stack) => {
          const subnet = lab(stack);
          new RouterAdvertisement(stack, "ra", { subnet, ...CORE, addressesFromDhcp: true, ...first });
          new RouterAdvertisement(stack, "b-ra", { subnet: second(stack, subnet), ...CORE, ...other });
        },
        ["MAAS6-DUA-04"],
      );
    if (message.source === "^$") expect(build).not.toThrow();
    else expect(messageOf(build)).toMatch(message);
  });

  test("is refused with subnets of two VLANs on one interface", () => {
    const build = () =>
      synth((stack) => {
        const subnet = lab(stack);
        const { untagged } = Fabric.fromName(stack, "b", "b");
        const b6 = new Ipv6Subnet(stack, "b6", { vlan: untagged, cidr: "2001:db8:21::/64" });
        new RouterAdvertisement(stack, "ra", { subnet, ...CORE, addressesFromDhcp: true });
        new RouterAdvertisement(stack, "b-ra", { subnet: b6, ...CORE });
      });
    expect(messageOf(build)).toContain("their subnets are on two VLANs (lab:0 and b:0)");
  });

  test("of a router that is gone is gone after the next synth", () => {
    const app = temporaryApp();
    const stack = new TerraformStack(app, "lab");
    new RouterAdvertisement(stack, "ra", { subnet: lab(stack), ...CORE });
    app.synth();
    const { folder } = readStack(app, "lab");
    expect(existsSync(join(folder, "radvd/core-1.conf"))).toBe(true);

    const nextApp = new App({ outdir: app.outdir, stackTraces: false });
    const next = new TerraformStack(nextApp, "lab");
    new RouterAdvertisement(next, "ra", { subnet: lab(next), router: "core-2", interfaceName: "eth1" });
    nextApp.synth();
    expect(readdirSync(join(folder, "radvd"))).toEqual(["core-2.conf"]);
  });

  test("can be an output of the stack", () => {
    const app = temporaryApp();
    const stack = new TerraformStack(app, "lab");
    const advertisement = new RouterAdvertisement(stack, "ra", {
      subnet: lab(stack),
      ...CORE,
      addressesFromDhcp: true,
    });
    new TerraformOutput(stack, "radvd", { value: advertisement.config });
    app.synth();
    const { output } = JSON.parse(readFileSync(join(app.outdir, "stacks/lab/cdk.tf.json"), "utf8")) as {
      output: Record<string, { value: string }>;
    };
    expect(output.radvd?.value).toBe(advertisement.config);
    expect(advertisement.config).toContain("AdvManagedFlag on;");
  });

  test("is not written for a router that has a configuration of its own", () => {
    const { folder } = synth((stack) =>
      RouterAdvertisement.fromRouter(stack, "ra", { subnet: lab(stack), router: "the core switch" }),
    );
    expect(existsSync(join(folder, "radvd"))).toBe(false);
  });
});

describe("refused", () => {
  const refusal = (props: (subnet: Ipv6Subnet, stack: TerraformStack) => Partial<RouterAdvertisementProps>) =>
    messageOf(() =>
      synth((stack) => {
        const subnet = lab(stack);
        new RouterAdvertisement(stack, "ra", { subnet, ...CORE, ...props(subnet, stack) });
      }),
    );

  test("are all faults at once, with the construct's path and a fix each", () => {
    const message = refusal(() => ({ interfaceName: "on", routerLifetime: 1, router: "../core" }));
    expect(message).toMatch(/^\[lab\/ra\] this router advertisement can't be right:/);
    expect(message).toMatch(/interfaceName: .*such as eth1/);
    expect(message).toMatch(/routerLifetime: .*Write 1800/);
    expect(message).toMatch(/router: .*Write it as core-1/);
  });

  test("are values that are not known at synth", () => {
    const message = refusal((_, stack) => {
      const late = new TerraformVariable(stack, "late", { type: "any" });
      return { interfaceName: late.stringValue, validLifetime: late.numberValue, dnsServers: late.listValue };
    });
    for (const name of ["interfaceName", "validLifetime", "dnsServers"])
      expect(message).toContain(`${name} is not known at synth`);
  });

  test("are IPv4 subnets, whoever sends", () => {
    const v4 = (stack: TerraformStack) => Ipv4Subnet.fromCidr(stack, "other", "10.21.0.0/24");
    expect(refusal((_, stack) => ({ subnet: v4(stack) }))).toContain("10.21.0.0/24 is an IPv4 network");
    const stated = (stack: TerraformStack) =>
      RouterAdvertisement.fromRouter(stack, "ra", { subnet: v4(stack), router: "core-1" });
    expect(messageOf(() => synth(stated))).toContain("Give the Ipv6Subnet of the same VLAN");
  });

  test("are two subnets on one interface of a router", () => {
    const message = messageOf(() =>
      synth((stack) => {
        const subnet = lab(stack);
        new RouterAdvertisement(stack, "ra", { subnet, ...CORE });
        new RouterAdvertisement(stack, "again", { subnet, ...CORE });
      }),
    );
    expect(message).toContain("lab/ra and lab/again both configure eth1 of core-1");
  });
});

describe("the rules about routers", () => {
  const advertise =
    (props: Partial<RouterAdvertisementProps>, options = {}) =>
    (stack: TerraformStack) =>
      new RouterAdvertisement(stack, "ra", { subnet: lab(stack, options), ...CORE, ...props });

  test("ask for a source of advertisements where DHCPv6 gives out addresses", () => {
    expect(routerRules((stack) => lab(stack)).found).toEqual(["MAAS6-RTR-01"]);
  });

  test.each<[string, (stack: TerraformStack) => IRouterAdvertisement]>([
    ["a RouterAdvertisement with M", advertise({ addressesFromDhcp: true })],
    [
      "all mechanisms at once",
      advertise({ addressesFromDhcp: true, otherConfigFromDhcp: true, autonomousAddresses: true }),
    ],
    ["a route and nothing else, without DHCPv6", advertise({}, { dhcpv6: false })],
    ["addresses by prefix, without DHCPv6", advertise({ autonomousAddresses: true }, { dhcpv6: false })],
    [
      "another router with M",
      (stack) =>
        RouterAdvertisement.fromRouter(stack, "ra", {
          subnet: lab(stack),
          router: "core-1",
          addressesFromDhcp: true,
          otherConfigFromDhcp: false,
          autonomousAddresses: false,
        }),
    ],
  ])("are satisfied by %s", (_, build) => {
    expect(routerRules(build)).toEqual({ found: [], unjudged: [] });
  });

  test("leave open what is not known about another router, and count it as a source", () => {
    const { found, unjudged } = routerRules((stack) =>
      RouterAdvertisement.fromRouter(stack, "ra", { subnet: lab(stack), router: "core-1" }),
    );
    expect(found).toEqual([]);
    expect(new Set(unjudged)).toEqual(new Set(["MAAS6-RTR-03", "MAAS6-RTR-04"]));
  });

  test.each<[string, (stack: TerraformStack) => IRouterAdvertisement, string]>([
    ["M without a dynamic range", advertise({ addressesFromDhcp: true }, { dhcpv6: false }), "MAAS6-RTR-03"],
    ["O without DHCP", advertise({ otherConfigFromDhcp: true }, { dhcpv6: false, dhcp: false }), "MAAS6-RTR-03"],
    ["a dynamic range that nobody is told of", advertise({}), "MAAS6-RTR-04"],
    [
      "addresses by prefix on other networks than a /64",
      (stack) => {
        lab(stack);
        const subnet = Ipv6Subnet.fromCidr(stack, "wide", "2001:db8:30::/56");
        return new RouterAdvertisement(stack, "ra", { subnet, ...CORE, autonomousAddresses: true });
      },
      "MAAS6-RTR-03",
    ],
  ])("find %s", (_, build, id) => {
    expect(routerRules(build).found).toContain(id);
  });
});

import { createHash } from "node:crypto";
import { Fn, TerraformVariable } from "cdktf";
import {
  AddressPlan,
  DynamicRange,
  Fabric,
  Ipv4Subnet,
  Ipv6Subnet,
  type IVlan,
  MaasProvider,
  ReservedRange,
  UniqueLocalPrefix,
} from "cdktf-maas";
import type { Construct } from "constructs";
import fc from "fast-check";
import { Cidr } from "../../../lib/model/cidr";
import { specialNetwork } from "../../../lib/rules/ipv6/special-networks";
import { block, IPV6_ALONE, messageOf, synth } from "../../support/synth";

const pxe = (scope: Construct): IVlan => new Fabric(scope, "lab", { name: "lab" }).untagged;

test("a subnet synthesises every property under Terraform's name", () => {
  const { resource } = synth((stack) => {
    new MaasProvider(stack, "maas");
    new Ipv6Subnet(stack, "v6", {
      vlan: pxe(stack),
      cidr: "2001:db8:20::/64",
      name: "lab v6",
      description: "d",
      gatewayIp: "fe80::1",
      dnsServers: ["2001:db8::53"],
      rdnsMode: 1,
      allowDns: false,
      allowProxy: false,
      activeDiscovery: true,
      managed: false,
      disabledBootArchitectures: ["pxe"],
      adoptExisting: true,
    });
  });
  expect(block(resource, "maas_subnet", "v6")).toEqual({
    vlan: expect.stringMatching(/^\$\{maas_vlan\.lab_untagged_\w+\.id\}$/) as string,
    cidr: "2001:db8:20::/64",
    name: "lab v6",
    description: "d",
    gateway_ip: "fe80::1",
    dns_servers: ["2001:db8::53"],
    rdns_mode: 1,
    allow_dns: false,
    allow_proxy: false,
    active_discovery: true,
    managed: false,
    disabled_boot_architectures: ["pxe"],
    adopt_existing: true,
  });
});

test("empty text is synthesised, since it empties what MAAS has, and no rule takes it for a gateway", () => {
  const { resource } = synth((stack) => {
    new MaasProvider(stack, "maas");
    new Ipv6Subnet(stack, "v6", { vlan: pxe(stack), cidr: "2001:db8:20::/64", gatewayIp: "", description: "" });
  }, IPV6_ALONE);
  expect(block(resource, "maas_subnet", "v6")).toMatchObject({ gateway_ip: "", description: "" });
});

test("tokens in texts and lists pass and are left to Terraform", () => {
  const { resource } = synth(
    (stack) => {
      new MaasProvider(stack, "maas");
      const site = new TerraformVariable(stack, "site", { type: "number" });
      const servers = new TerraformVariable(stack, "servers", { type: "list(string)" });
      const vlan = pxe(stack);
      new Ipv4Subnet(stack, "v4", {
        vlan,
        cidr: `10.${site.stringValue}.0.0/24`,
        gatewayIp: Fn.cidrhost(`10.${site.stringValue}.0.0/24`, 1),
        dnsServers: ["10.0.0.53", site.stringValue],
      });
      new Ipv6Subnet(stack, "v6", { vlan, cidr: "2001:db8::/64", dnsServers: servers.listValue });
    },
    ["MAAS6-DUA-02"],
  );
  expect(block(resource, "maas_subnet", "v4")).toMatchObject({
    cidr: "10.${var.site}.0.0/24",
    dns_servers: ["10.0.0.53", "${var.site}"],
  });
  expect(block(resource, "maas_subnet", "v6")).toMatchObject({ dns_servers: "${var.servers}" });
});

test("a network of the other family is refused, and the message shows the class that takes it", () => {
  const v4 = messageOf(() =>
    synth((stack) => new Ipv4Subnet(stack, "s", { vlan: pxe(stack), cidr: "2001:db8::/64", gatewayIp: "10.0.0.1" })),
  );
  expect(v4).toContain("[lab/s]");
  expect(v4).toContain('new Ipv6Subnet(…, { cidr: "2001:db8::/64" })');
  expect(v4).toContain("gatewayIp: the gateway 10.0.0.1 is outside 2001:db8::/64");

  const v6 = messageOf(() => synth((stack) => new Ipv6Subnet(stack, "s", { vlan: pxe(stack), cidr: "10.0.0.0/24" })));
  expect(v6).toContain('new Ipv4Subnet(…, { cidr: "10.0.0.0/24" })');
});

test("a subnet is looked up by its CIDR, in the class of its family only", () => {
  const { data } = synth((stack) => {
    new MaasProvider(stack, "maas");
    Ipv4Subnet.fromCidr(stack, "v4", "10.0.0.0/24");
    Ipv6Subnet.fromCidr(stack, "v6", "2001:db8::/64");
  });
  expect(block(data, "maas_subnet", "v4")).toEqual({ cidr: "10.0.0.0/24" });
  expect(block(data, "maas_subnet", "v6")).toEqual({ cidr: "2001:db8::/64" });
  expect(messageOf(() => synth((stack) => Ipv4Subnet.fromCidr(stack, "s", "2001:db8::/64")))).toContain(
    'Ipv6Subnet.fromCidr(…, "2001:db8::/64")',
  );
});

test("host bits, a foreign gateway and a foreign DNS server are refused with the value to write", () => {
  const host = messageOf(() => synth((stack) => new Ipv4Subnet(stack, "s", { vlan: pxe(stack), cidr: "10.0.0.1/24" })));
  expect(host).toContain("Write 10.0.0.0/24");
  const gateway = messageOf(() =>
    synth(
      (stack) =>
        new Ipv4Subnet(stack, "s", {
          vlan: pxe(stack),
          cidr: "10.0.0.0/24",
          gatewayIp: "10.9.0.1",
          dnsServers: ["2001:db8::53"],
        }),
    ),
  );
  expect(gateway).toContain("gatewayIp: the gateway 10.9.0.1 is outside 10.0.0.0/24");
  expect(gateway).toContain("dnsServers: the DNS server 2001:db8::53 is not an IPv4 address");
});

describe("ip range", () => {
  const v4 = (scope: Construct) =>
    new Ipv4Subnet(scope, "v4", { vlan: new Fabric(scope, "lab", { name: "lab" }).untagged, cidr: "10.0.0.0/24" });

  test("dynamic and reserved ranges differ in their type", () => {
    const { resource } = synth((stack) => {
      new MaasProvider(stack, "maas");
      const subnet = v4(stack);
      new DynamicRange(stack, "pool", { subnet, startIp: "10.0.0.100", endIp: "10.0.0.199", adoptExisting: true });
      new ReservedRange(stack, "routers", { subnet, startIp: "10.0.0.1", endIp: "10.0.0.9", comment: "routers" });
    });
    const subnet = "${maas_subnet.v4.id}";
    expect(block(resource, "maas_subnet_ip_range", "pool")).toEqual({
      subnet,
      type: "dynamic",
      start_ip: "10.0.0.100",
      end_ip: "10.0.0.199",
      adopt_existing: true,
    });
    expect(block(resource, "maas_subnet_ip_range", "routers")).toEqual({
      subnet,
      type: "reserved",
      start_ip: "10.0.0.1",
      end_ip: "10.0.0.9",
      comment: "routers",
    });
  });

  test("a range is checked against the literal CIDR of its subnet, managed or looked up", () => {
    const managed = messageOf(() =>
      synth((stack) => new DynamicRange(stack, "pool", { subnet: v4(stack), startIp: "10.0.1.1", endIp: "10.0.1.9" })),
    );
    expect(managed).toContain("[lab/pool] this IP range can't be right:");
    expect(managed).toContain("startIp: 10.0.1.1 is outside the subnet 10.0.0.0/24");
    expect(managed).toContain("endIp: 10.0.1.9 is outside the subnet 10.0.0.0/24");
    expect(managed).toContain("use addresses from 10.0.0.1 to 10.0.0.254");

    const existing = messageOf(() =>
      synth((stack) => {
        const subnet = Ipv6Subnet.fromCidr(stack, "v6", "2001:db8::/64");
        new ReservedRange(stack, "r", { subnet, startIp: "2001:db8::10", endIp: "2001:db8::20" });
      }),
    );
    expect(existing).toContain("Start at 2001:db8::1:0:0 or later");
  });

  test("a range is its own check where the CIDR is a token", () => {
    const range = (startIp: string, endIp: string) =>
      synth((stack) => {
        new MaasProvider(stack, "maas");
        const cidr = new TerraformVariable(stack, "cidr", {}).stringValue;
        const vlan = new Fabric(stack, "lab", { name: "lab" }).untagged;
        new DynamicRange(stack, "pool", { subnet: new Ipv6Subnet(stack, "v6", { vlan, cidr }), startIp, endIp });
      }, IPV6_ALONE);
    expect(messageOf(() => range("2001:db8::1:0:0:0", "2001:db8::1:0:0:9"))).toContain("MAAS needs at least 256");
    expect(messageOf(() => range("2001:db8::2", "2001:db8::1"))).toContain("Swap them: startIp 2001:db8::1");
    expect(() => range("2001:db8::1:0:0:0", "2001:db8::1:0:0:ff")).not.toThrow();
  });
});

describe("unique local prefix", () => {
  const SEED = "lab.example 8f14e45fceea167a5a36dedd4bea2543";
  const seeds = fc.string({ minLength: 16, maxLength: 60 });

  test("is a /48 of fd00::/8, the same for the same text", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const prefix = Cidr.parse(UniqueLocalPrefix.fromSeed(seed));
        expect([prefix.prefixLength, prefix.first.value >> 120n]).toEqual([48, 0xfdn]);
        expect(UniqueLocalPrefix.fromSeed(seed)).toBe(prefix.toString());
      }),
    );
  });

  test("is another one for another text", () => {
    fc.assert(
      fc.property(fc.uniqueArray(seeds, { minLength: 2, maxLength: 20 }), (texts) => {
        expect(new Set(texts.map((text) => UniqueLocalPrefix.fromSeed(text))).size).toBe(texts.length);
      }),
    );
  });

  test("stays what it is from release to release: the last 40 bits of the text's SHA-256", () => {
    expect(createHash("sha256").update(SEED).digest("hex")).toMatch(/0389730d97$/);
    expect(UniqueLocalPrefix.fromSeed(SEED)).toBe("fd03:8973:d97::/48");
  });

  test("can be carved, and is for machines", () => {
    const { ipv6Cidr } = new AddressPlan({ ipv6: UniqueLocalPrefix.fromSeed(SEED), sites: 16 }).site(3).segment(20);
    expect(specialNetwork(Cidr.parse(ipv6Cidr))).toBeUndefined();
  });

  test.each(["lab", "", "${TfToken[TOKEN.0]} and more"])("takes no seed such as %j", (seed) => {
    expect(messageOf(() => UniqueLocalPrefix.fromSeed(seed))).toContain("openssl rand -hex 16");
  });
});

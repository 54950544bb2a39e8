import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformStack, TerraformVariable } from "cdktf";
import {
  AddressBlock,
  AddressPlan,
  DualStackSegment,
  type DualStackSegmentProps,
  Fabric,
  MaasProvider,
  RackController,
  ReservedRange,
  Space,
  UniqueLocalPrefix,
  Vlan,
} from "cdktf-maas";
import { caveatReport } from "../../../lib/aspects/caveat-report";
import { messageOf, synth, type SynthesisedStack, temporaryApp } from "../../support/synth";

const REGION_URL = "http://region.lab.example:5240/MAAS";
const SEED = "cdktf-maas tests 60b725f10c9c85c70d97880dfe8191b3";
const PLAN = new AddressPlan({ ipv6: UniqueLocalPrefix.fromSeed(SEED), ipv4: "10.20.0.0/16" });
const { ipv4Cidr = "", ipv6Cidr } = PLAN.segment(20);

function segment(stack: TerraformStack, props: Partial<DualStackSegmentProps> = {}): DualStackSegment {
  new MaasProvider(stack, "maas", { apiUrl: REGION_URL });
  const fabric = new Fabric(stack, "lab", { name: "lab" });
  const rack = new RackController(stack, "rack1", { hostname: "rack1", regionUrl: REGION_URL });
  return new DualStackSegment(stack, "segment", {
    ...(props.vlan === undefined && { fabric, vid: 20 }),
    ipv4Cidr,
    ipv6Cidr,
    racks: [{ rack, interfaceName: "eth1" }],
    router: { name: "core-1" },
    ...props,
  });
}

/** The findings and the objects not judged, in a word each; those about the address of the rack apart: it reports that later. */
function verdicts(props: Partial<DualStackSegmentProps> = {}): { findings: string[]; unjudged: string[] } {
  const stack = new TerraformStack(temporaryApp(), "lab");
  segment(stack, props);
  const { findings, unjudged } = caveatReport(stack.node.root);
  return {
    findings: findings.map(({ level, id }) => `${level} ${id}`),
    unjudged: [...new Set(unjudged.map(({ id }) => id))],
  };
}

function ranges({ resource }: SynthesisedStack): string[] {
  return Object.values(resource.maas_subnet_ip_range ?? {})
    .map(({ type, start_ip, end_ip }) => [type, start_ip, end_ip].join(" "))
    .sort();
}

test.each<[string, Partial<DualStackSegmentProps>]>([
  ["as it is", {}],
  ["with a router that runs radvd", { router: { name: "core-1", interfaceName: "eth3" } }],
  ["with addresses by prefix beside DHCPv6", { autonomousAddresses: true }],
])("%s, it passes all IPv6 caveats; only that DHCPv6 addresses are unknown to MAAS is told", (_, props) => {
  const { findings, unjudged } = verdicts(props);
  expect(findings).toEqual(["information MAAS6-RNG-07"]);
  // The addresses of the rack's interface are known once the rack reports them.
  expect(unjudged).toEqual(["MAAS6-DHC-05", "MAAS6-DUA-05"]);
});

test("without DHCPv6 there is nothing to tell at all", () => {
  expect(verdicts({ addressesFromDhcp: false }).findings).toEqual([]);
  const parts = { pool6: 1 as unknown };
  synth((stack) => (parts.pool6 = segment(stack, { addressesFromDhcp: false }).ipv6DynamicRange));
  expect(parts.pool6).toBeUndefined();
});

test("makes the VLAN, both subnets with their routers, the ranges, the rack's interface and DHCP", () => {
  const stack = synth((stack) =>
    segment(stack, {
      ipv4Cidr: "10.20.0.0/24",
      ipv6Cidr: "2001:db8:20::/64",
      dnsServers: ["10.20.0.53", "2001:db8:20::53"],
      space: new Space(stack, "space", { name: "lab" }),
    }),
  );
  const { resource } = stack;
  expect(Object.values(resource.maas_vlan ?? {})).toMatchObject([{ vid: 20, space: "${maas_space.space.name}" }]);
  const subnets = Object.values(resource.maas_subnet ?? {}).map(({ cidr, gateway_ip, dns_servers }) => ({
    cidr,
    gateway_ip,
    dns_servers,
  }));
  expect(subnets).toEqual([
    { cidr: "10.20.0.0/24", gateway_ip: "10.20.0.1", dns_servers: ["10.20.0.53"] },
    { cidr: "2001:db8:20::/64", gateway_ip: "2001:db8:20::1", dns_servers: ["2001:db8:20::53"] },
  ]);
  expect(ranges(stack)).toEqual([
    "dynamic 10.20.0.128 10.20.0.191",
    "dynamic 2001:db8:20:0:2:: 2001:db8:20:0:2::ffff",
    "reserved 2001:db8:20:0:2:0:1:0 2001:db8:20:0:ffff:ffff:ffff:ffff",
    "reserved 2001:db8:20::1:0:0 2001:db8:20::ffff:ffff:ffff",
  ]);
  expect(Object.keys(resource.maas_rack_interface ?? {})).toHaveLength(1);
  const [dhcp] = Object.values(resource.maas_vlan_dhcp ?? {});
  expect(dhcp?.ip_ranges).toHaveLength(2);
  expect(existsSync(join(stack.folder, "radvd"))).toBe(false);
});

test("writes the radvd.conf of a router that runs radvd, with what fits the segment", () => {
  const { folder } = synth((stack) =>
    segment(stack, {
      router: { name: "core-1", interfaceName: "eth3" },
      dnsServers: ["10.20.0.53", "2001:db8:20::53"],
    }),
  );
  const text = readFileSync(join(folder, "radvd/core-1.conf"), "utf8");
  for (const line of [
    "interface eth3 {",
    "AdvManagedFlag on;",
    "AdvOtherConfigFlag on;",
    "AdvAutonomous off;",
    `prefix ${ipv6Cidr} {`,
    "RDNSS 2001:db8:20::53 {\n        AdvRDNSSLifetime 1800;",
  ]) {
    expect(text).toContain(line);
  }
});

test("takes a VLAN that is there, other ranges and a second rack; its parts can be referred to", () => {
  const stack = synth((stack) => {
    const lab = Fabric.fromName(stack, "there", "there");
    const racks = ["rack1", "rack2"].map((hostname) => ({
      rack: new RackController(stack, `other-${hostname}`, { hostname, regionUrl: REGION_URL }),
      interfaceName: "eth1",
    }));
    const { ipv4Subnet, dhcp, rackInterfaces, vlan } = segment(stack, {
      vlan: lab.untagged,
      racks,
      ipv4Cidr: "10.20.0.0/29",
      ipv6Cidr: "2001:db8:20::/64",
      ipv4DynamicRange: AddressBlock.between("10.20.0.4", "10.20.0.6"),
      ipv6DynamicRange: AddressBlock.dynamicRange("2001:db8:20::/64", 20),
      staticRange: AddressBlock.of("2001:db8:20::/64", 3, 48),
      ipv6Gateway: "fe80::1",
    });
    new ReservedRange(stack, "printers", { subnet: ipv4Subnet, startIp: "10.20.0.2", endIp: "10.20.0.3" });
    expect([vlan, rackInterfaces.length]).toEqual([lab.untagged, 2]);
    expect(dhcp.vlan).toBe(lab.untagged);
  });
  expect(ranges(stack)).toEqual(
    expect.arrayContaining([
      "dynamic 10.20.0.4 10.20.0.6",
      "dynamic 2001:db8:20:0:2:: 2001:db8:20:0:2:0:f:ffff",
      "reserved 10.20.0.2 10.20.0.3",
      "reserved 2001:db8:20::1:0:0 2001:db8:20:0:1:ffff:ffff:ffff",
      "reserved 2001:db8:20:0:4:: 2001:db8:20:0:ffff:ffff:ffff:ffff",
    ]),
  );
  expect(stack.resource.maas_vlan).toBeUndefined();
  expect(Object.values(stack.resource.maas_vlan_dhcp ?? {})[0]).toHaveProperty("secondary_rack_controller");
});

test("VID 0 stands for the fabric's untagged VLAN", () => {
  let untagged: unknown;
  let vlan: unknown;
  synth((stack) => {
    const fabric = new Fabric(stack, "other", { name: "other" });
    vlan = segment(stack, { fabric, vid: 0 }).vlan;
    untagged = fabric.untagged;
  });
  expect(vlan).toBe(untagged);
});

test.each<[string, (stack: TerraformStack) => Partial<DualStackSegmentProps>, RegExp]>([
  ["no VLAN", () => ({ vid: undefined }), /vlan: the segment has no VLAN/],
  [
    "two VLANs",
    (stack) => ({ vlan: new Fabric(stack, "b", { name: "b" }).untagged, vid: 7 }),
    /vlan: the VLAN is given in two ways/,
  ],
  [
    "a space for a VLAN that is not made here",
    (stack) => ({
      vlan: Vlan.fromVid(stack, "b", Fabric.fromName(stack, "f", "f"), 7),
      space: new Space(stack, "s", { name: "s" }),
    }),
    /given in two ways/,
  ],
  ["no rack", () => ({ racks: [] }), /racks: 0 rack controllers.*interfaceName: "eth1"/],
  ["an IPv6 network that is no /64", () => ({ ipv6Cidr: "2001:db8:20::/56" }), /Give 2001:db8:20::\/64/],
  ["an IPv4 network without room", () => ({ ipv4Cidr: "10.20.0.0/29" }), /AddressBlock.between/],
  ["text that is no network", () => ({ ipv4Cidr: "10.20.0.0" }), /10.20.0.0\/24/],
  [
    "a network that is not known yet",
    (stack) => ({ ipv6Cidr: new TerraformVariable(stack, "late", { type: "string" }).stringValue }),
    /ipv6Cidr is not known at synth.*as text/,
  ],
  [
    "a DNS server that is not known yet",
    (stack) => ({ dnsServers: [new TerraformVariable(stack, "late", { type: "string" }).stringValue] }),
    /dnsServers are not known at synth/,
  ],
  ["a DNS server that is no address", () => ({ dnsServers: ["ns.example"] }), /dnsServers: "ns.example"/],
])("%s: refused with a fix", (_, props, fix) => {
  expect(messageOf(() => synth((stack) => segment(stack, props(stack))))).toMatch(fix);
});

import { Fn, TerraformVariable } from "cdktf";
import { Fabric, Ipv4Subnet, Ipv6Subnet, MaasProvider, type IVlan } from "cdktf-maas";
import type { Construct } from "constructs";
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

import { Fn, TerraformOutput, TerraformStack, Testing } from "cdktf";
import * as library from "cdktf-maas";
import {
  ApplyStep,
  BondInterfaces,
  Fabric,
  Fabrics,
  InterfaceLinks,
  Ipv4Subnet,
  type ISubnet,
  type IVlan,
  IpRanges,
  MaasEngine,
  MaasProvider,
  Machine,
  NodeInterface,
  RegionNetwork,
  SubnetAddresses,
  Subnets,
  Vlan,
  Vlans,
} from "cdktf-maas";
import type { Kind } from "../../../lib/model/kind";
import { KINDS } from "../../../lib/model/kinds";
import { pluralClassOf, pluralOf } from "../../../lib/model/listing";
import { DATA_SOURCES } from "../../../src/provider/data-sources";
import { block, messageOf, synth, temporaryApp } from "../../support/synth";

const LISTS = Object.values<Kind>(KINDS).map((kind) => [pluralClassOf(kind), `maas_${pluralOf(kind)}`] as const);

test.each(LISTS)("%s is the construct of %s", (name, type) => {
  const List = (library as unknown as Record<string, typeof Fabrics>)[name];
  expect(List?.tfResourceType).toBe(type);
  expect(DATA_SOURCES.has(type)).toBe(true);
});

test("lists take constructs and patterns, and their answers go on to others", () => {
  const { data, output } = synth((stack) => {
    new MaasProvider(stack, "maas");
    const fabric = Fabric.fromName(stack, "lab", "lab");
    const vlans = new Vlans(stack, "vlans", { fabric, nameRegex: "^pxe" });
    new Subnets(stack, "unmanaged", { managed: false });
    new IpRanges(stack, "dynamic", { type: "dynamic" });
    const host = new Machine(stack, "host", { hostname: "host-1" });
    const eth0 = new NodeInterface(stack, "eth0", { machine: host, name: "eth0" });
    new InterfaceLinks(stack, "links", { machine: host, networkInterface: eth0 });
    new TerraformOutput(stack, "ids", { value: vlans.ids });
    new TerraformOutput(stack, "vids", { value: vlans.valuesOf("vid") });
    new TerraformOutput(stack, "all", { value: vlans.objects });
  }) as unknown as ReturnType<typeof synth> & { output: Record<string, { value: string }> };
  expect(block(data, "maas_vlans", "vlans")).toEqual({ fabric: "${data.maas_fabric.lab.id}", name_regex: "^pxe" });
  expect(block(data, "maas_subnets", "unmanaged")).toEqual({ managed: false });
  expect(block(data, "maas_ip_ranges", "dynamic")).toEqual({ type: "dynamic" });
  expect(block(data, "maas_network_interface_links", "links")).toMatchObject({ network_interface: "eth0" });
  expect([output.ids?.value, output.vids?.value, output.all?.value]).toEqual([
    "${data.maas_vlans.vlans.ids}",
    "${data.maas_vlans.vlans.vlans[*].vid}",
    "${data.maas_vlans.vlans.vlans}",
  ]);
});

test("an object of a list has its attributes with their types", () => {
  const { output } = synth((stack) => {
    new MaasProvider(stack, "maas");
    const first = new Subnets(stack, "all").get(0);
    const cidr: string = first.cidr;
    const servers: string[] = first.dnsServers;
    const mode: number = first.rdnsMode;
    const values = { cidr, servers: Fn.element(servers, 0) as string, mode, managed: first.managed, id: first.id };
    const parents = new BondInterfaces(stack, "bonds").get(2).parents;
    for (const [id, value] of Object.entries({ ...values, parents })) new TerraformOutput(stack, id, { value });
  }) as unknown as { output: Record<string, { value: string }> };
  const at = (member: string): string => `\${data.maas_subnets.all.subnets[0].${member}}`;
  expect(Object.fromEntries(Object.entries(output).map(([id, { value }]) => [id, value]))).toEqual({
    ...{ cidr: at("cidr"), mode: at("rdns_mode"), managed: at("managed"), id: at("id") },
    servers: "${element(data.maas_subnets.all.subnets[0].dns_servers, 0)}",
    parents: "${data.maas_network_interface_bonds.bonds.network_interface_bonds[2].parents}",
  });
});

test("the network of a region and the addresses of a subnet are constructs as well", () => {
  const { data } = synth((stack) => {
    new MaasProvider(stack, "maas");
    const lab = Fabric.fromName(stack, "lab", "lab");
    new RegionNetwork(stack, "all");
    const network = new RegionNetwork(stack, "network", { fabrics: [lab], machines: true });
    const subnet = Ipv4Subnet.fromCidr(stack, "v4", "10.20.0.0/24");
    const addresses = new SubnetAddresses(stack, "addresses", { subnet });
    for (const [id, value] of Object.entries({ network: network.document, addresses: addresses.ipAddresses }))
      new TerraformOutput(stack, `${id}-output`, { value });
  });
  expect(block(data, "maas_network", "all")).toEqual({});
  expect(block(data, "maas_network", "network")).toEqual({ fabrics: ["${data.maas_fabric.lab.id}"], machines: true });
  expect(block(data, "maas_subnet_addresses", "addresses")).toEqual({ subnet: "${data.maas_subnet.v4.id}" });
});

test("a list is in the region of what it is filtered by, unless it has a provider itself", () => {
  const { data } = synth((stack) => {
    new MaasProvider(stack, "maas", { apiUrl: "http://east.example:5240/MAAS" });
    const west = new MaasProvider(stack, "west", { alias: "west", apiUrl: "http://west.example:5240/MAAS" });
    const fabric = new Fabric(stack, "fabric", { name: "lab", provider: west });
    new Vlans(stack, "there", { fabric });
    new Vlans(stack, "here");
    new Vlans(stack, "far", { provider: west });
  });
  const { there, here, far } = data.maas_vlans ?? {};
  expect([there?.provider, here?.provider, far?.provider]).toEqual(["maas.west", undefined, "maas.west"]);
});

test("a list is written in HCL as well", () => {
  const stack = new TerraformStack(Testing.app(), "lab");
  new Subnets(stack, "all", { nameRegex: "^lab", rdnsMode: 0, managed: true });
  expect(Testing.synthHcl(stack)).toContain(
    'data "maas_subnets" "all" {\nrdns_mode = 0\nmanaged = true\nname_regex = "^lab"\n}',
  );
});

test("a list is refused at synth where an apply step is the engine, in words", () => {
  const app = temporaryApp();
  const stack = new TerraformStack(app, "lab");
  new MaasProvider(stack, "maas", { apiUrl: "http://127.0.0.1:5240/MAAS", engine: MaasEngine.APPLY_STEP });
  new Vlans(stack, "vlans");
  new ApplyStep(stack, "apply");
  const message = messageOf(() => {
    app.synth();
  });
  expect(message).toContain("lab/vlans reads the region when Terraform plans");
});

test.each<[string, (stack: TerraformStack) => unknown, string]>([
  [
    "a pattern that is none",
    (stack) => new Subnets(stack, "x", { nameRegex: "(" }),
    'is not a regular expression. Regular expressions are those of JavaScript, with the flag u. Write one such as nameRegex = "^lab-"',
  ],
  ["a CIDR that is none", (stack) => new Subnets(stack, "x", { cidr: "lab" }), "cidr"],
  [
    "a VLAN by its id",
    (stack) => new Subnets(stack, "x", { vlan: "5001" as unknown as IVlan }),
    "is no Vlan construct",
  ],
  [
    "a subnet by its CIDR",
    (stack) => new SubnetAddresses(stack, "x", { subnet: "10.20.0.0/24" as unknown as ISubnet }),
    "is no",
  ],
  ["an object that is none", (stack) => new Vlans(stack, "x", { vid: 5000 }), "5000"],
])("refuses %s when it is made", (_, make, message) => {
  const stack = new TerraformStack(temporaryApp(), "lab");
  new Vlan(stack, "vlan", { fabric: new Fabric(stack, "fabric", { name: "lab" }), vid: 10 });
  expect(() => make(stack)).toThrow(message);
});

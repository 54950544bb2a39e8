import { TerraformStack, TerraformVariable, Token } from "cdktf";
import {
  DnsDomain,
  DnsRecord,
  DnsZone,
  type DnsZoneProps,
  DynamicRange,
  Fabric,
  Ipv4Subnet,
  Ipv6Subnet,
  MaasProvider,
} from "cdktf-maas";
import { caveatReport } from "../../../lib/aspects/caveat-report";
import { messageOf, synth, temporaryApp } from "../../support/synth";

const V4 = "10.20.0.0/24";
const V6 = "2001:db8:20::/64";

function lab(stack: TerraformStack, rdnsMode?: number) {
  new MaasProvider(stack, "maas");
  const vlan = new Fabric(stack, "lab", { name: "lab" }).untagged;
  return [
    new Ipv4Subnet(stack, "v4", { vlan, cidr: V4, ...(rdnsMode !== undefined && { rdnsMode }) }),
    new Ipv6Subnet(stack, "v6", { vlan, cidr: V6 }),
  ] as const;
}

const HOSTS: DnsZoneProps["hosts"] = [
  { name: "www", addresses: ["10.20.0.5", "2001:DB8:20::5"], ttl: 60, aliases: ["web"] },
  { name: "@", addresses: ["10.20.0.5"] },
];

test("a zone has a domain, one record for the addresses of each name, and its aliases", () => {
  const { resource } = synth((stack) => {
    new MaasProvider(stack, "maas");
    const zone = new DnsZone(stack, "zone", { name: "lab.example", ttl: 300, hosts: HOSTS });
    for (const mail of ["10 mail.lab.example.", "20 mail2.lab.example."]) zone.addRecord("MX", "@", mail);
    zone.addAlias("docs", "pages.example.");
  });
  const made = Object.entries(resource ?? {}).flatMap(([type, blocks]) =>
    Object.values(blocks).map((block) => ({ type, block })),
  );
  const domain = "${maas_dns_domain.zone_domain_";
  expect(made.filter(({ type }) => type === "maas_dns_domain").map(({ block }) => block)).toMatchObject([
    { name: "lab.example", ttl: 300 },
  ]);
  const records = made
    .filter(({ type }) => type === "maas_dns_record")
    .map(({ block }) => block as unknown as Record<string, unknown>);
  const wanted = [
    ["A/AAAA", "www", "10.20.0.5 2001:DB8:20::5", 60],
    ["CNAME", "web", expect.stringMatching(/^www\.\$\{maas_dns_domain\..*\.name\}\.$/), 60],
    ["A/AAAA", "@", "10.20.0.5", undefined],
    ["MX", "@", "10 mail.lab.example.", undefined],
    ["MX", "@", "20 mail2.lab.example.", undefined],
    ["CNAME", "docs", "pages.example.", undefined],
  ];
  const found = records.map(({ type, name, data, ttl }) => [type, name, data, ttl]);
  expect(found).toHaveLength(wanted.length);
  expect(found).toEqual(expect.arrayContaining(wanted));
  for (const { domain: of } of records) expect(of).toContain(domain);
});

test("the reverse names of both families are MAAS's, where it has the subnet and is to make them", () => {
  const stack = new TerraformStack(temporaryApp(), "lab");
  const [v4, v6] = lab(stack, 0);
  const zone = new DnsZone(stack, "zone", { name: "lab.example", hosts: HOSTS, subnets: [v4, v6] });
  const six = `5${".0".repeat(19)}.0.2.0.0.8.b.d.0.1.0.0.2.ip6.arpa`;
  expect(zone.reverse.map(({ address, target, madeByMaas }) => [address, target, madeByMaas])).toEqual([
    ["10.20.0.5", "www.lab.example", false],
    ["10.20.0.5", "lab.example", false],
    ["2001:db8:20::5", "www.lab.example", true],
  ]);
  expect(zone.reverse.map(({ reason }) => reason)).toEqual([
    "rdnsMode of the subnet 10.20.0.0/24 is 0",
    "rdnsMode of the subnet 10.20.0.0/24 is 0",
    "MAAS makes the reverse zone of the subnet 2001:db8:20::/64",
  ]);
  expect(zone.reverse[2]?.pointer).toBe(six);
  expect(zone.reverseElsewhere).toEqual([
    "5.0.20.10.in-addr.arpa. IN PTR www.lab.example.",
    "5.0.20.10.in-addr.arpa. IN PTR lab.example.",
  ]);
  const other = new DnsZone(stack, "other", {
    domain: DnsDomain.fromName(stack, "there", "Other.example"),
    hosts: HOSTS,
  });
  expect(other.reverse[0]).toMatchObject({ target: "www.other.example", madeByMaas: false });
});

const said = (props: DnsZoneProps): string =>
  messageOf(() =>
    synth((stack) => {
      new DnsZone(stack, "zone", { ...props, ...(props.subnets && { subnets: [...lab(stack)] }) });
    }),
  );

test.each<[string, DnsZoneProps, string]>([
  ["without a name", {}, "the zone has no name"],
  ["with a name and a domain", { name: "a.example", domain: 7 as never }, "the zone has a name and a domain"],
  [
    "with an address of no subnet",
    { name: "a.example", subnets: [], hosts: [{ name: "www", addresses: ["10.20.1.5"] }] },
    "10.20.1.5 of www is in none of the zone's subnets",
  ],
  [
    "with a name without addresses",
    { name: "a.example", hosts: [{ name: "www", addresses: [] }] },
    "www has no address",
  ],
  [
    "with text in place of addresses",
    { name: "a.example", hosts: [{ name: "www", addresses: ["web"] }] },
    '"web" is not an IP address',
  ],
  ["with a bad name", { name: "-a.example" }, '"-a.example" is not a name that MAAS takes'],
])("a zone %s is refused", (_, props, what) => expect(said(props)).toContain(what));

test("an address that is known after apply is left to Terraform", () => {
  const stack = new TerraformStack(temporaryApp(), "lab");
  const subnets = [...lab(stack)];
  const address = Token.asString(new TerraformVariable(stack, "address", {}).value);
  const zone = new DnsZone(stack, "zone", {
    name: "lab.example",
    subnets,
    hosts: [{ name: "www", addresses: [address] }],
  });
  expect(zone.reverse).toEqual([]);
});

const finding = (make: (stack: TerraformStack, domain: DnsDomain) => unknown): string =>
  messageOf(() =>
    synth((stack) => {
      new MaasProvider(stack, "maas");
      make(stack, new DnsDomain(stack, "domain", { name: "lab.example" }));
    }),
  );

test("a CNAME beside another record breaks a rule, and two records of addresses are one object", () => {
  const cname = finding((stack, domain) => {
    new DnsRecord(stack, "a", { type: "CNAME", name: "WWW", domain, data: "web" });
    new DnsRecord(stack, "b", { type: "TXT", name: "www", domain, data: "x" });
  });
  expect(cname).toContain("MAAS6-DNS-01");
  const twice = finding((stack, domain) => {
    new DnsRecord(stack, "a", { type: "A", name: "www", domain, data: "10.0.0.1" });
    new DnsRecord(stack, "b", { type: "AAAA", name: "www", domain, data: "2001:db8::1" });
  });
  expect(twice).toContain("A/AAAA www in lab.example");
});

test("a record at the name of another domain breaks a rule, and one at the top of that domain does not", () => {
  const told = finding((stack, domain) => {
    new DnsDomain(stack, "sub", { name: "Eu.lab.example" });
    new DnsRecord(stack, "a", { type: "A", name: "eu", domain, data: "10.0.0.1" });
  });
  expect(told).toContain("MAAS6-DNS-04");
  expect(told).toContain('Set name to "@" and domain to lab/sub');
  synth((stack) => {
    new MaasProvider(stack, "maas");
    const domain = new DnsDomain(stack, "domain", { name: "lab.example" });
    const sub = new DnsDomain(stack, "sub", { name: "eu.lab.example" });
    new DnsRecord(stack, "a", { type: "A", name: "@", domain: sub, data: "10.0.0.1" });
    new DnsRecord(stack, "b", { type: "A", name: "us", domain, data: "10.0.0.2" });
  });
});

test("an address of a dynamic range is warned of", () => {
  const stack = new TerraformStack(temporaryApp(), "lab");
  const [v4] = lab(stack);
  new DynamicRange(stack, "pool", { subnet: v4, startIp: "10.20.0.100", endIp: "10.20.0.199" });
  new DnsZone(stack, "zone", { name: "lab.example", hosts: [{ name: "www", addresses: ["10.20.0.150"] }] });
  const { findings } = caveatReport(stack.node.root);
  expect(findings.filter(({ id }) => id.startsWith("MAAS6-DNS"))).toMatchObject([
    {
      id: "MAAS6-DNS-02",
      what: "10.20.0.150 is in the dynamic range 10.20.0.100-10.20.0.199 of IPv4 subnet 10.20.0.0/24",
    },
  ]);
});

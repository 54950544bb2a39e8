import * as fc from "fast-check";
import type { Seed, SeedMachineInterface, SeedSubnet, SeedVlan } from "../../src/simulator/seed/notation";

/** Names that are no identifiers, or identifiers that mean something in a source. */
const NAMES = [
  "lab",
  "Lab",
  "LAB",
  "class",
  "await",
  "id",
  "this",
  "maas",
  "10",
  "4-2",
  "a-b",
  "a_b",
  "rack1",
  "_x",
  "Vlan",
  "space",
  ...["Büro", "日本", "Straße", "größe", "Łódź", "١٠", "１２", "Ⅷ", "ひらがな_2", "ᄒ", "ﬀ", "Å"],
];

const VLAN_NAMES = ["pxe", "class", "10 g", "a-b c", "storage_2", "übung", "第 三"];

const TEXTS = [
  "of a test",
  'a "quoted" word, and it\'s `ticked`',
  "${var.x} costs $${y}, %{ if z } and %%{",
  "two\nlines\tand \\n",
  "Füße 网络 🚀",
  "*/ // <!-- ".repeat(12),
];

interface NetworkPlan {
  readonly at: number;
  readonly family: 4 | 6;
  readonly index: number;
  readonly ranges: readonly number[];
  readonly own: Omit<SeedSubnet, "cidr" | "fabric" | "vid" | "gateway_ip" | "dns_servers">;
  readonly gateway: boolean;
  readonly dns: number;
}

/** The start of the network's addresses, without what follows. */
const stem = ({ family, index }: NetworkPlan): string => (family === 4 ? `10.${index}.0.` : `2001:db8:${index}`);

const cidrOf = (plan: NetworkPlan): string => (plan.family === 4 ? `${stem(plan)}0/24` : `${stem(plan)}::/64`);

/** The ranges of a network, by number; 0 is dynamic, for which MAAS finds no room on a subnet that it does not manage. */
const numbersOf = ({ ranges, own }: Pick<NetworkPlan, "ranges" | "own">): number[] =>
  ranges.filter((number) => number !== 0 || own.managed !== false);

/** Ranges that do not touch each other. */
function rangesOf(plan: NetworkPlan): NonNullable<Seed["ip_ranges"]> {
  const ends =
    plan.family === 4
      ? (
          [
            ["100", "199"],
            ["2", "9"],
            ["20", "20"],
            ["240", "254"],
          ] as const
        ).map((pair) => pair.map((end) => stem(plan) + end))
      : (["1", "2", "3", "4"] as const).map((group) => [
          `${stem(plan)}:0:${group}::`,
          `${stem(plan)}:0:${group}::ffff`,
        ]);
  return numbersOf(plan).map((number) => ({
    type: number === 0 ? "dynamic" : "reserved",
    start_ip: ends[number]?.[0] ?? "",
    end_ip: ends[number]?.[1] ?? "",
    subnet: cidrOf(plan),
    ...(number === 2 && { comment: TEXTS[plan.index % TEXTS.length] ?? "" }),
  }));
}

const some = <T>(values: readonly T[]): fc.Arbitrary<T[]> =>
  fc.shuffledSubarray([...values], { minLength: 1, maxLength: 4 });

const networks: fc.Arbitrary<Omit<NetworkPlan, "index">> = fc.record({
  at: fc.nat(20),
  family: fc.constantFrom(4 as const, 6 as const),
  ranges: fc.subarray([0, 1, 2, 3]),
  own: fc.record(
    {
      name: fc.constantFrom("lab net", "10.0.0.0/24", "class", "a.b:c/d-e_f"),
      description: fc.constantFrom(...TEXTS),
      rdns_mode: fc.constantFrom(0, 1, 2),
      allow_dns: fc.boolean(),
      allow_proxy: fc.boolean(),
      active_discovery: fc.boolean(),
      managed: fc.boolean(),
    },
    { requiredKeys: [] },
  ),
  gateway: fc.boolean(),
  dns: fc.nat(3),
});

const vlans: fc.Arbitrary<SeedVlan> = fc
  .tuple(
    fc.constantFrom(0, 1, 10, 20, 4094),
    fc.record({ name: fc.constantFrom(...VLAN_NAMES), mtu: fc.constantFrom(552, 1500, 9000) }, { requiredKeys: [] }),
  )
  .map(([vid, { name, ...own }]) => ({ vid, ...own, ...(vid !== 0 && name !== undefined && { name }) }));

interface Plan {
  readonly spaces: readonly string[];
  readonly fabrics: readonly {
    readonly name: string;
    readonly class_type: string | undefined;
    readonly vlans: readonly SeedVlan[];
  }[];
  readonly networks: readonly Omit<NetworkPlan, "index">[];
  readonly nics: readonly number[];
  readonly dhcp: readonly boolean[];
  readonly links: number;
}

const plans: fc.Arbitrary<Plan> = fc.record({
  // MAAS reads a number, in whatever digits, as a space's id.
  spaces: fc.subarray(NAMES.filter((name) => !/^\p{Nd}+$/u.test(name))),
  fabrics: some(NAMES).chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        fc.record({
          name: fc.constant(name),
          class_type: fc.option(fc.constantFrom("10g", "class"), { nil: undefined }),
          vlans: fc
            .uniqueArray(vlans, { selector: ({ vid }) => vid, maxLength: 4 })
            .map((own) => (own.some(({ vid }) => vid === 0) ? own : [{ vid: 0 }, ...own])),
        }),
      ),
    ),
  ),
  networks: fc.array(networks, { maxLength: 12 }),
  nics: fc.array(fc.nat(20), { minLength: 4, maxLength: 4 }),
  dhcp: fc.array(
    fc.nat(3).map((chance) => chance > 0),
    { minLength: 20, maxLength: 20 },
  ),
  links: fc.nat(3),
});

/** Every VLAN of the plan. */
function placesOf({ fabrics }: Plan): { fabric: string; vid: number }[] {
  return fabrics.flatMap(({ name: fabric, vlans: own }) => own.map(({ vid }) => ({ fabric, vid })));
}

interface Place {
  readonly fabric: string;
  readonly vid: number;
}

function seedOf(plan: Plan): Seed {
  const places = placesOf(plan);
  const place = (index: number): { fabric: string; vid: number } =>
    places[index % places.length] ?? { fabric: "fabric-0", vid: 0 };
  const isAt = (index: number, { fabric, vid }: { fabric: string; vid: number }): boolean =>
    place(index).fabric === fabric && place(index).vid === vid;
  const numbered = plan.networks.map((network, index) => ({ ...network, index: index + 1 }));
  // Racks are mostly where there is something to serve.
  const served = numbered.find((network) => numbersOf(network).includes(0));
  const nics = plan.nics.map((at, index) => ({
    rack: `rack${(index % 2) + 1}`,
    name: `eth${index >> 1}`,
    at: at % 3 === 0 ? at : (served?.at ?? at),
  }));

  const serve = (vlan: SeedVlan, fabric: string, index: number): SeedVlan => {
    const here = { fabric, vid: vlan.vid };
    const hasPool = numbered.some((network) => isAt(network.at, here) && numbersOf(network).includes(0));
    const [primary, secondary] = [...new Set(nics.filter(({ at }) => isAt(at, here)).map(({ rack }) => rack))];
    if (plan.dhcp[index] !== true) return vlan;
    if (hasPool && primary !== undefined)
      return {
        ...vlan,
        dhcp_on: true,
        primary_rack: primary,
        ...(secondary !== undefined && { secondary_rack: secondary }),
      };
    // MAAS relays to no VLAN that is relayed itself.
    const targets = [...places.filter(({ vid }) => vid === 0), { fabric: "fabric-0", vid: 0 }];
    return vlan.vid === 0 ? vlan : { ...vlan, relay_vlan: targets[index % targets.length] ?? here };
  };

  let index = 0;
  const fabrics = plan.fabrics.map(({ name, class_type: classType, vlans: own }) => ({
    name,
    ...(classType !== undefined && { class_type: classType }),
    vlans: own.map((vlan, at) => {
      const space = plan.spaces[(at + own.length) % (plan.spaces.length + 1)];
      return serve({ ...vlan, ...(space !== undefined && { space }) }, name, index++);
    }),
  }));
  const subnets = numbered.map((network): SeedSubnet => {
    const servers = network.family === 4 ? ["10.0.0.53", "192.0.2.53"] : ["2001:db8::53", "2001:db8::54"];
    return {
      ...network.own,
      ...place(network.at),
      cidr: cidrOf(network),
      ...(network.gateway && { gateway_ip: network.family === 4 ? `${stem(network)}1` : `${stem(network)}::1` }),
      ...(network.dns > 0 && network.dns < 3 && { dns_servers: servers.slice(0, network.dns) }),
    };
  });
  const [linked] = numbered;
  const links = numbered.filter(({ at }) => linked !== undefined && isAt(at, place(linked.at))).slice(0, plan.links);
  return {
    spaces: plan.spaces.map((name, at) => ({
      name,
      ...(at % 2 === 0 && { description: TEXTS[at % TEXTS.length] ?? "" }),
    })),
    fabrics,
    subnets,
    ip_ranges: numbered.flatMap(rangesOf),
    racks: ["rack1", "rack2"].map((hostname) => ({
      hostname,
      interfaces: nics.filter(({ rack }) => rack === hostname).map(({ name, at }) => ({ name, ...place(at) })),
    })),
    machines: [
      {
        hostname: "node-1",
        interfaces: [
          {
            name: "eth0",
            ...place(linked?.at ?? 0),
            links: links.map((network, at) => ({
              subnet: cidrOf(network),
              ...(at === 1
                ? {
                    mode: "static",
                    ip_address: network.family === 4 ? `${stem(network)}50` : `${stem(network)}:0:9::50`,
                  }
                : { mode: "auto" }),
            })),
          },
        ],
      },
    ],
  };
}

/** Interfaces of the machine that are made over others, on VLANs of one fabric. */
function layersOf(plan: Plan, places: readonly Place[], { fabric }: Place): SeedMachineInterface[] {
  const size = plan.networks.length;
  const [tagged] = places.filter((place) => place.fabric === fabric && place.vid > 0);
  const settings: Partial<SeedMachineInterface>[] = [
    {},
    { params: { mtu: 9000 } },
    { tags: ["sriov", "fast"] },
    { params: { "accept-ra": false } },
  ];
  const bond: Record<string, string | number>[] = [
    {},
    { bond_mode: "802.3ad", bond_lacp_rate: "slow" },
    { bond_miimon: 50, bond_num_grat_arp: 3 },
  ];
  return [
    ...["eth1", "eth2"].map((name) => ({ name, fabric })),
    { name: "eth3", fabric, ...settings[size % 4] },
    { name: "bond0", type: "bond", parents: ["eth1", "eth2"], fabric, params: bond[size % 3] ?? {} },
    ...(tagged === undefined ? [] : [{ name: "storage", type: "vlan" as const, parents: ["bond0"], ...tagged }]),
    { name: "br0", type: "bridge", parents: ["eth3"], fabric, params: size % 2 === 0 ? { bridge_stp: true } : {} },
  ];
}

/** DNS of the region: records of every type, some at one name, and addresses of the first network. */
function dnsOf(plan: Plan): Pick<Seed, "domains" | "dns_resources" | "dns_records"> {
  const size = plan.networks.length + plan.spaces.length;
  if (size % 4 === 0) return {};
  const [first] = plan.networks.map((network, index) => ({ ...network, index: index + 1 }));
  const outside = size % 2 === 0 ? ["192.0.2.20", "2001:db8:ffff::20"] : ["192.0.2.20"];
  const inside = first === undefined ? [] : [first.family === 4 ? `${stem(first)}20` : `${stem(first)}:0:9::20`];
  const domain = "lab.example";
  return {
    domains: [
      { name: domain, ...(size % 3 === 0 && { ttl: 300 }) },
      { name: "other.example", authoritative: false },
    ],
    dns_resources: [
      { name: "www", domain, ip_addresses: [...inside, ...outside], ...(size % 3 === 1 && { address_ttl: 60 }) },
      ...["@", "alias", "_sip._tcp", "text"].map((name) => ({ name, domain })),
    ],
    dns_records: [
      { dnsresource: domain, rrtype: "MX", rrdata: "10 mail.lab.example." },
      { dnsresource: domain, rrtype: "MX", rrdata: "20 mail2.lab.example.", ttl: 0 },
      { dnsresource: `alias.${domain}`, rrtype: "CNAME", rrdata: "www.lab.example." },
      { dnsresource: `_sip._tcp.${domain}`, rrtype: "SRV", rrdata: "0 5 5060 sip.lab.example." },
      { dnsresource: `text.${domain}`, rrtype: "TXT", rrdata: TEXTS[size % 3] ?? "" },
    ],
  };
}

const SETTINGS: readonly Record<string, string>[] = [
  {},
  { upstream_dns: "192.0.2.53 2001:db8::53", dnssec_validation: "no" },
  { ntp_servers: "ntp.example 192.0.2.1", ntp_external_only: "true" },
];

/** What is beside the networks: routes from and to the first ones of a family, leases, a device and settings. */
function besidesOf(plan: Plan): Pick<Seed, "static_routes" | "reserved_ips" | "devices" | "settings"> {
  const size = plan.networks.length + plan.spaces.length;
  const networks = plan.networks.map((network, index) => ({ ...network, index: index + 1 }));
  const at = (network: NetworkPlan, host: string): string =>
    network.family === 4 ? `${stem(network)}${host}` : `${stem(network)}:0:9::${host}`;
  const routes = ([4, 6] as const).flatMap((family) => {
    const [source, destination] = networks.filter((network) => network.family === family);
    return source === undefined || destination === undefined ? [] : [{ source, destination }];
  });
  return {
    static_routes: routes.map(({ source, destination }) => ({
      ...{ source: cidrOf(source), destination: cidrOf(destination), gateway_ip: at(source, "30") },
      ...(size % 2 === 0 && { metric: 10 }),
    })),
    reserved_ips: networks.slice(0, 2).map((network, index) => ({
      ...{ ip: at(network, "60"), mac_address: `52:54:00:00:60:0${index}`, comment: TEXTS[size % 2] ?? "" },
    })),
    devices:
      size % 3 === 0
        ? []
        : [{ hostname: "switch-1", interfaces: [{ name: "eth0", mac_address: "52:54:00:00:70:01" }] }],
    settings: SETTINGS[size % 3] ?? {},
  };
}

/** Regions that MAAS could hold, of both families, with names that a source finds hard. */
export const regions: fc.Arbitrary<Seed> = plans.map(seedOf);

/** The same with all else that is managed, and a machine whose interfaces are made over others. Snippets no seed can say. */
export const layeredRegions: fc.Arbitrary<Seed> = plans.map((plan) => {
  const seed = seedOf(plan);
  const places = placesOf(plan);
  const place = places[plan.links % places.length] ?? { fabric: "fabric-0", vid: 0 };
  const machines = (seed.machines ?? []).map((machine) => ({
    ...machine,
    interfaces: [...(machine.interfaces ?? []), ...layersOf(plan, places, place)],
  }));
  return { ...seed, ...dnsOf(plan), ...besidesOf(plan), machines };
});

import { Cidr } from "../../lib/model/cidr";
import { netplansOf, type RouterChoice, routersOf } from "../../src/rollout/devices";
import { advertisersIn } from "../../src/rollout/advertisers";
import { planRollout } from "../../src/rollout/plan";
import { rolloutDocument } from "../../src/rollout/render/document";
import { prefixOf, prefixOfSeed } from "../../src/rollout/request";
import type { Rollout, RolloutNetwork } from "../../src/rollout/rollout";
import { rolloutJson } from "../../src/rollout/rollout-json";
import type { Seed } from "../../src/simulator/seed/notation";
import { messageOf } from "../support/synth";
import { bothWays, grown, IPV4_ONLY, regionOf, request } from "./regions";

jest.setTimeout(60_000);

const CHOICE: RouterChoice = { routers: new Map(), interfaceName: "eth0.{vid}", dnsServers: [] };

const at = ({ networks }: Rollout, title: string): RolloutNetwork => {
  const found = networks.find((network) => network.title === title);
  if (found === undefined) throw new Error(`no ${title} among ${networks.map((one) => one.title).join(", ")}`);
  return found;
};

const cidrs = ({ networks }: Rollout): Record<string, string | undefined> =>
  Object.fromEntries(networks.map(({ title, ipv6 }) => [title, ipv6?.cidr]));

const codes = ({ problems }: RolloutNetwork): string[] => problems.map(({ code }) => code);

describe("a rollout of an IPv4-only region", () => {
  test("says of each VLAN what it has, what it gets, and what stands in the way", async () => {
    const rollout = planRollout(await regionOf(IPV4_ONLY), request());
    const states = rollout.networks.map(({ title, state }) => `${title} ${state}`);
    expect(states).toEqual([
      ...["ams2:untagged ready", "ams2:110 blocked", "ams2:120 blocked", "ams2:130 blocked"],
      ...["fra1:untagged ready", "fra1:110 ready", "fra1:120 blocked", "fra1:130 blocked"],
      ...["lis3:untagged ready", "lis3:110 blocked", "lis3:120 blocked", "lis3:130 blocked"],
    ]);
    expect(rollout.unused).toEqual(["fabric-0:untagged"]);
    const pxe = at(rollout, "fra1:untagged");
    expect(pxe).toMatchObject({
      ...{ space: "provisioning", dhcp: "on", ipv4: [{ cidr: "10.10.0.0/22", managed: true }], problems: [] },
      racks: [
        {
          ...{ rack: "fra1-rack-a", interfaceName: "bond0", serves: true, addresses: ["10.10.0.10"] },
          ipv6: { address: expect.stringMatching(/::a\/64$/) as string, standing: "planned" },
        },
        { rack: "fra1-rack-b", ipv6: { address: expect.stringMatching(/::b\/64$/) as string } },
      ],
    });
    const { cidr = "", gateway, staticRange, dynamicRange } = pxe.ipv6 ?? {};
    const network = Cidr.parse(cidr);
    expect([network.prefixLength, gateway, dynamicRange]).toEqual([64, network.first.plus(1).toString(), undefined]);
    expect(staticRange).toMatchObject({ startIp: network.first.plus(1n << 48n).toString(), standing: "planned" });
    expect(codes(at(rollout, "ams2:110"))).toEqual(["MAAS6-DUA-02"]);
    expect(codes(at(rollout, "ams2:130"))).toEqual(["MAAS6-RNG-06", "MAAS6-DUA-01", "MAAS6-DUA-02"]);
    for (const { problems } of rollout.networks) for (const { fix } of problems) expect(fix).toBeTruthy();
    // The racks are asked after once, not on each network.
    expect(rollout.problems.map(({ code }) => code)).toEqual(["MAAS-ROL-03"]);
  });

  test("gives each VID its /64, the same whatever else is chosen, made or deleted", async () => {
    const region = await regionOf(IPV4_ONLY);
    const whole = cidrs(planRollout(region, request()));
    expect(new Set(Object.values(whole)).size).toBe(12);
    const staged = planRollout(region, request({ chosen: { vlans: ["lis3:110"] } }));
    expect(cidrs(staged)).toEqual({ "lis3:110": whole["lis3:110"] });
    const bigger = grown(IPV4_ONLY, {
      fabrics: [{ name: "aaa0", vlans: [{ vid: 0 }, { vid: 110 }] }],
      subnets: [{ cidr: "10.90.0.0/24", fabric: "aaa0", vid: 110 }],
    });
    const later = cidrs(planRollout(await regionOf(bigger), request()));
    expect(later).toMatchObject(whole);
    expect(Object.values(whole)).not.toContain(later["aaa0:110"]);
    // The low 12 bits are the VID.
    for (const [title, cidr = ""] of Object.entries(whole))
      expect([title, Number((Cidr.parse(cidr).first.value >> 64n) & 0xfffn)]).toEqual([
        title,
        Number(title.replace(/.*:/, "").replace("untagged", "0")),
      ]);
  });

  test("is the same for an export of the region, but for what that does not say", async () => {
    const { live, exported } = await bothWays(IPV4_ONLY);
    const [one, other] = [planRollout(live, request()), planRollout(exported, request())];
    const essence = (rollout: Rollout) =>
      rollout.networks.map(({ title, state, dhcp, ipv4, space, ipv6 }) => ({ title, state, dhcp, ipv4, space, ipv6 }));
    expect(essence(other)).toEqual(essence(one));
    expect(at(other, "fra1:110").racks.map(({ addresses, ipv6 }) => [addresses, ipv6?.standing])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
    // An address that is planned for a rack whose addresses nobody knows could be another rack's.
    expect(other.problems.map(({ code }) => code)).toEqual(["MAAS-ROL-03", "MAAS-ROL-05"]);
    expect([...netplansOf(other)]).toEqual([]);
  });

  test("chooses by fabric, VLAN and space, and names what there is where there is no such thing", async () => {
    const region = await regionOf(IPV4_ONLY);
    const titles = (chosen: Parameters<typeof request>[0]): string[] =>
      planRollout(region, request(chosen)).networks.map(({ title }) => title);
    expect(titles({ chosen: { fabrics: ["fra1"], spaces: ["storage"] } })).toEqual(["fra1:110"]);
    expect(titles({ chosen: { vlans: ["untagged"], fabrics: ["lis3", "ams2"] } })).toEqual([
      "ams2:untagged",
      "lis3:untagged",
    ]);
    expect(titles({ chosen: { vlans: ["fabric-0:0"] } })).toEqual(["fabric-0:untagged"]);
    for (const chosen of [{ fabrics: ["par4"] }, { vlans: ["fra1:111"] }, { spaces: ["dmz"] }])
      expect(messageOf(() => planRollout(region, request({ chosen })))).toMatch(
        /the region has no .* It has .*\[MAAS-ROL-02\]/,
      );
  });

  test("plans dynamic ranges and what routers say of them with DHCPv6 only", async () => {
    const { networks } = planRollout(
      await regionOf(IPV4_ONLY),
      request({ dhcpv6: true, chosen: { fabrics: ["fra1"] } }),
    );
    expect(networks[0]?.ipv6?.dynamicRange?.startIp).toMatch(/:0:2::$|:2::$/);
    expect(networks[0]?.problems.map(({ code }) => code)).toEqual(["MAAS6-RNG-07"]);
    expect(networks[0]?.state).toBe("ready");
  });
});

describe("what stands in the way", () => {
  test.each<[string, Parameters<typeof grown>[1], string, string, string]>([
    [
      "a second IPv6 subnet on the VLAN, and on a rack's interface",
      {
        subnets: [
          { cidr: "2001:db8:1::/64", fabric: "fra1", vid: 0 },
          { cidr: "2001:db8:2::/64", fabric: "fra1", vid: 0 },
        ],
        racks: [
          {
            hostname: "fra1-rack-c",
            interfaces: [{ name: "eth0", fabric: "fra1", vid: 0, addresses: ["2001:db8:1::9/64", "2001:db8:2::9/64"] }],
          },
        ],
      },
      ...(["fra1:untagged", "MAAS6-DUA-06", "blocked"] as const),
    ],
    [
      "a machine's interface that is on two IPv6 subnets",
      {
        subnets: [
          { cidr: "2001:db8:1::/64", fabric: "fra1", vid: 0 },
          { cidr: "2001:db8:2::/64", fabric: "fra1", vid: 0 },
        ],
        machines: [
          {
            hostname: "two",
            interfaces: [
              {
                ...{ name: "eth0", fabric: "fra1", vid: 0 },
                links: [
                  { mode: "auto", subnet: "2001:db8:1::/64" },
                  { mode: "auto", subnet: "2001:db8:2::/64" },
                ],
              },
            ],
          },
        ],
      },
      ...(["fra1:untagged", "MAAS6-DUA-03", "blocked"] as const),
    ],
    [
      "a network of somebody else that overlaps the planned one, which this MAAS takes with a warning",
      { subnets: [{ cidr: "fd5a:7c01:9b3e::/48", fabric: "lis3", vid: 120 }] },
      ...(["fra1:110", "MAAS6-NET-01", "ready"] as const),
    ],
  ])("%s", async (_, more, title, code, state) => {
    const network = at(planRollout(await regionOf(grown(IPV4_ONLY, more)), request()), title);
    expect(codes(network)).toContain(code);
    expect(network.state).toBe(state);
  });

  test("a rack that was told the region by an address, as an export says", async () => {
    const { exported } = await bothWays(IPV4_ONLY);
    const racks = (exported.document.objects.rack_controller ?? []).map((rack) => ({
      ...rack,
      attributes: { ...rack.attributes, region_url: "http://10.10.0.2:5240/MAAS" },
    }));
    const told = {
      ...exported,
      document: { ...exported.document, objects: { ...exported.document.objects, rack_controller: racks } },
    };
    const rollout = planRollout(told, request());
    expect(codes(at(rollout, "fra1:untagged"))).toContain("MAAS6-URL-01");
    expect(at(rollout, "fra1:untagged").state).toBe("blocked");
    expect(rollout.problems.map(({ code }) => code)).toEqual(["MAAS-ROL-05"]);
  });
});

describe("what exists", () => {
  const EXISTING = grown(IPV4_ONLY, {
    subnets: [{ cidr: "2001:db8:ffff:110::/64", fabric: "fra1", vid: 110, gateway_ip: "2001:db8:ffff:110::1" }],
    ip_ranges: [
      { type: "dynamic", start_ip: "2001:db8:ffff:110:2::", end_ip: "2001:db8:ffff:110:2::ffff" },
      { type: "reserved", start_ip: "2001:db8:ffff:110:3::", end_ip: "2001:db8:ffff:110:ffff:ffff:ffff:ffff" },
    ],
    racks: [
      {
        hostname: "fra1-rack-c",
        interfaces: [{ name: "eth0", fabric: "fra1", vid: 0, addresses: ["2001:db8:10::10/64"] }],
      },
    ],
  });

  test("is kept: subnets, ranges, and the network that a rack has an address on", async () => {
    const rollout = planRollout(await regionOf(EXISTING), request({ dhcpv6: true }));
    expect(at(rollout, "fra1:110").ipv6).toMatchObject({
      ...{ cidr: "2001:db8:ffff:110::/64", standing: "exists", isOwn: false, gateway: "2001:db8:ffff:110::1" },
      dynamicRange: { startIp: "2001:db8:ffff:110:2::", standing: "exists" },
    });
    // The reserved range leaves MAAS a part: that is the static range of this subnet.
    expect(at(rollout, "fra1:110").ipv6?.staticRange).toBeUndefined();
    const pxe = at(rollout, "fra1:untagged");
    expect(pxe.ipv6).toMatchObject({ cidr: "2001:db8:10::/64", standing: "exists", gateway: null });
    expect(pxe.racks.map(({ ipv6 }) => ipv6)).toEqual([
      { address: "2001:db8:10::a/64", standing: "planned" },
      { address: "2001:db8:10::b/64", standing: "planned" },
      { address: "2001:db8:10::10/64", standing: "exists" },
    ]);
    expect(codes(pxe)).toContain("MAAS6-RTR-02");
  });

  test("moves no other fabric: those that have networks in the prefix keep their site", async () => {
    const { ipv6 } = at(planRollout(await regionOf(IPV4_ONLY), request({ sites: new Map([["lis3", 7]]) })), "lis3:110");
    const made = grown(IPV4_ONLY, { subnets: [{ cidr: ipv6?.cidr ?? "", fabric: "lis3", vid: 110 }] });
    const rollout = planRollout(await regionOf(made), request());
    expect(at(rollout, "lis3:110").ipv6).toMatchObject({ cidr: ipv6?.cidr, standing: "exists" });
    expect(at(rollout, "lis3:untagged").ipv6?.cidr).toBe("fd5a:7c01:9b3e:7000::/64");
  });
});

describe("routers that are known to advertise", () => {
  test("are those of a document or a probe; others are not known", async () => {
    const region = await regionOf(IPV4_ONLY);
    const { ipv6 } = at(planRollout(region, request()), "fra1:110");
    const probe = JSON.stringify({
      ...{ format: "maas-ipv6-probe", version: 1 },
      advertisements: [{ router: { address: "fe80::1" }, prefixes: [{ prefix: ipv6?.cidr }] }],
    });
    const rollout = planRollout(region, request(), advertisersIn(probe));
    expect(at(rollout, "fra1:110").advertiser).toEqual({ router: "fe80::1", source: "probe" });
    expect(at(rollout, "fra1:untagged").advertiser).toBeUndefined();
    const { networks } = JSON.parse(rolloutJson(rollout)) as { networks: { router_advertisements: unknown }[] };
    expect(networks.map((network) => network.router_advertisements)).toContain("unknown");
    expect(advertisersIn("no JSON")).toBeUndefined();
  });
});

describe("what no construct takes and no file can be named by", () => {
  const HOSTILE = ['a"b`${process.exit(3)}\n*/ evil', "../../etc/x", "${data.x}", "", "x".repeat(300)];

  test.each(HOSTILE)("blocks its networks, and is not written: %j", async (name) => {
    const region = await regionOf(IPV4_ONLY);
    const { objects } = region.document;
    const renamed = (kind: "fabric" | "rack_controller", attribute: string, from: string) =>
      (objects[kind] ?? []).map((object) =>
        object.attributes[attribute as "name"] === from
          ? { ...object, attributes: { ...object.attributes, [attribute]: name } }
          : object,
      );
    const hostile = {
      ...region,
      document: {
        ...region.document,
        objects: {
          ...objects,
          fabric: renamed("fabric", "name", "fra1"),
          rack_controller: renamed("rack_controller", "hostname", "ams2-rack-a"),
        },
      },
    };
    const rollout = planRollout(hostile, request());
    const written = rolloutDocument(rollout, { apiUrl: undefined, stackName: "lab", choice: CHOICE });
    const [fabrics, racks] = [written.objects.fabric ?? [], [...netplansOf(rollout).keys()]];
    // A long name is one that MAAS takes.
    const isTaken = /^x+$/.test(name);
    expect([fabrics.length, racks.includes(name)]).toEqual([isTaken ? 3 : 1, isTaken]);
    for (const router of routersOf(rollout, CHOICE).keys()) expect(router).toMatch(/^[\w-]{1,130}$/);
  });
});

describe("sites that a user gives", () => {
  test("are in the prefix, and of fabrics that there are", async () => {
    const region = await regionOf(IPV4_ONLY);
    for (const [sites, message] of [
      [[["lis3", 16]], /sites 0 to 15.*--site lis3=15/],
      [[["lis4", 1]], /no fabric "lis4"/],
    ] as const)
      expect(messageOf(() => planRollout(region, request({ sites: new Map(sites) })))).toMatch(message);
  });

  test("settle which of two fabrics has a part of the prefix that both ask for, as the plan says", async () => {
    const names = Array.from({ length: 12 }, (_, index) => `site${index}`);
    const seed: Seed = {
      fabrics: names.map((name) => ({ name })),
      subnets: names.map((fabric, index) => ({ cidr: `10.9.${index}.0/24`, fabric, vid: 0 })),
    };
    const { live, exported } = await bothWays(seed);
    const [one, other] = [planRollout(live, request()), planRollout(exported, request())];
    expect(cidrs(other)).toEqual(cidrs(one));
    const moved = one.problems.filter(({ code }) => code === "MAAS-ROL-06");
    expect(moved.length).toBeGreaterThan(0);
    const sites = new Map(
      moved.map(({ fix = "" }) => {
        const [, fabric = "", site = ""] = /--site (\S+)=(\d+)/.exec(fix) ?? [];
        return [fabric, Number(site)];
      }),
    );
    const settled = planRollout(live, request({ sites }));
    expect([cidrs(settled), settled.problems.filter(({ code }) => code === "MAAS-ROL-06")]).toEqual([cidrs(one), []]);
  });
});

describe("racks", () => {
  test("have interfaces of the types that MAAS reports, and addresses that nobody has", async () => {
    const seed = grown(IPV4_ONLY, {
      subnets: [{ cidr: "2001:db8:66::/64", fabric: "fra1", vid: 120, dns_servers: ["2001:db8:66::3"] }],
      ip_ranges: [{ type: "dynamic", start_ip: "2001:db8:66::1:0:0", end_ip: "2001:db8:66:0:ffff:ffff:ffff:ffff" }],
      machines: [
        {
          hostname: "m",
          interfaces: [
            {
              ...{ name: "eth0", fabric: "fra1", vid: 120 },
              links: [{ mode: "static", subnet: "2001:db8:66::/64", ip_address: "2001:db8:66::2" }],
            },
          ],
        },
      ],
      racks: [
        {
          hostname: "r",
          interfaces: [{ name: "tenant0", fabric: "fra1", vid: 120, addresses: ["10.10.8.2/22"] }],
        },
      ],
    });
    const region = await regionOf(seed);
    const key = region.document.objects.rack_interface?.find(({ attributes }) => attributes.name === "tenant0")?.key;
    const interfaces = new Map([[key ?? "", { section: "vlans" as const, vlan: { link: "bond0", id: 120 } }]]);
    const [rack] = at(planRollout({ ...region, interfaces }, request()), "fra1:120").racks;
    expect(rack).toMatchObject({
      ...{ interfaceName: "tenant0", kind: { section: "vlans", vlan: { link: "bond0", id: 120 } } },
      ipv6: { address: "2001:db8:66::4/64", standing: "planned" },
    });
  });
});

describe("a prefix", () => {
  test("is given, or belongs to a seed as in UniqueLocalPrefix", () => {
    expect(prefixOfSeed("lab.example 0cc175b9c0f1b6a831c399e269772661").toString()).toMatch(/^fd[\da-f:]+::\/48$/);
    for (const [text, message] of [
      ["10.0.0.0/8", /IPv4 network/],
      ["2001:db8::1/48", /host bits|2001:db8::\/48/],
      ["2001:db8::/96", /no room for a \/64/],
      ["x", /--prefix/],
    ] as const)
      expect(messageOf(() => prefixOf(text))).toMatch(message);
    expect(messageOf(() => prefixOfSeed("short"))).toContain("MAAS-ADR-03");
  });

  test("without room for a VID or a fabric blocks that network, and says which prefix has room", async () => {
    const rollout = planRollout(await regionOf(IPV4_ONLY), request({ prefix: prefixOf("2001:db8::/57") }));
    const problems = rollout.networks.flatMap((network) =>
      network.problems.filter(({ code }) => code === "MAAS-ROL-01"),
    );
    expect(problems.map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        expect.stringContaining("room for 1 fabric"),
        expect.stringContaining("no /64 for the VID 130"),
      ]),
    );
    for (const { fix } of problems) expect(fix).toContain("2001:db8::/48");
  });
});

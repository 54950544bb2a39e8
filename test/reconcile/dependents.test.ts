import type { NetworkDocument } from "../../lib/model/document";
import type { ManagedKindName } from "../../lib/model/kinds";
import { textOf } from "../../lib/model/text";
import { apiPath } from "../../src/maas/api-url";
import type { ObjectJson } from "../../src/maas/codec";
import { Dependents } from "../../src/reconcile/dependents/dependents";
import type { DesiredObject } from "../../src/reconcile/engine/plan/read-live";
import { openRegion } from "../../src/reconcile/kinds";
import { EngineUser } from "../support/engine";
import { documentOf } from "./engine/support/documents";
import { fabric, lease, link, range, relay, space, subnet, vlan, wanted } from "./engine/support/objects";

jest.setTimeout(60_000);

const [V4, V6, OTHER] = ["10.9.0.0/24", "2001:db8:9::/64", "10.9.1.0/24"];

const SEED = {
  spaces: [{ name: "green" }],
  fabrics: [{ name: "lab", vlans: [{ vid: 10, space: "green" }, { vid: 20 }] }],
  subnets: [V4, V6, OTHER].map((cidr) => ({ cidr, fabric: "lab", vid: cidr === OTHER ? 20 : 10 })),
  ip_ranges: [{ type: "reserved", start_ip: "10.9.0.200", end_ip: "10.9.0.210", subnet: V4 }],
  static_routes: [{ source: V4, destination: OTHER, gateway_ip: "10.9.0.1" }],
  devices: [
    {
      hostname: "ups",
      interfaces: [
        { name: "eth0", fabric: "lab", vid: 20, links: [{ mode: "STATIC", subnet: OTHER, ip_address: "10.9.1.9" }] },
      ],
    },
  ],
  racks: [
    {
      hostname: "rack1",
      interfaces: [{ name: "eth0", fabric: "lab", vid: 10, addresses: ["10.9.0.2/24"] }],
    },
  ],
  machines: [
    {
      hostname: "node1",
      interfaces: [
        {
          ...{ name: "eth0", fabric: "lab", vid: 10 },
          links: [
            { mode: "STATIC", subnet: V4, ip_address: "10.9.0.9" },
            { mode: "AUTO", subnet: V6 },
          ],
        },
      ],
    },
  ],
};

/** The document of all that is on VLAN 10, as if a run had made it. */
const MADE: NetworkDocument = documentOf([vlan("lab:10"), subnet(V4, "lab:10"), subnet(V6, "lab:10")], {
  fabric: ["lab"],
});

describe.each(["3.4", "3.6", "3.7.3"])("what goes along with an object on MAAS %s", (version) => {
  let user: EngineUser;

  beforeAll(async () => {
    user = await EngineUser.start(SEED, version);
  });

  beforeEach(() => user.reset());

  afterAll(() => user.stop());

  const list = async (path: string): Promise<ObjectJson[]> => (await user.api.get(path)) as ObjectJson[];
  const idOf = async (cidr: string): Promise<string> =>
    textOf((await list("subnets/")).find((row) => row.cidr === cidr)?.id);
  const vlans = async (): Promise<ObjectJson[]> =>
    (await list("fabrics/")).find(({ name }) => name === "lab")?.vlans as ObjectJson[];
  const vlanId = async (vid: number): Promise<string> => textOf((await vlans()).find((row) => row.vid === vid)?.id);
  const dependents = (): Dependents => new Dependents(openRegion(user.api));
  const along = async (kind: ManagedKindName, id: string, attributes = {}): Promise<string[]> =>
    (await dependents().of(kind, id, attributes)).map(({ what, effect }) => `${effect}: ${what}`).sort();

  const addMore = async (): Promise<void> => {
    await user.api.post("ipaddresses/", [["ip", "10.9.0.7"]], { op: "reserve" });
    await user.api.post("dnsresources/", [
      ["fqdn", "web.maas"],
      ["ip_addresses", "10.9.0.8"],
    ]);
    if (version !== "3.4")
      await user.api.post("reservedips/", [
        ["ip", "10.9.0.77"],
        ["mac_address", "00:16:3e:00:00:77"],
      ]);
  };

  test("a subnet deletes ranges, routes, reservations, DNS records and links, those without an address too", async () => {
    await addMore();
    const reserved = version === "3.4" ? [] : ["deleted: reserved IP 10.9.0.77"];
    expect(await along("subnet", await idOf(V4))).toEqual(
      [
        "deleted: 10.9.0.2 of rack1 (eth0)",
        "deleted: 10.9.0.7, reserved by admin",
        "deleted: 10.9.0.9 of node1 (eth0)",
        "deleted: DNS record web.maas to 10.9.0.8",
        `deleted: IP range 10.9.0.200-10.9.0.210 in ${V4}`,
        `deleted: static route ${V4} to ${OTHER} via 10.9.0.1`,
        ...reserved,
      ].sort(),
    );
    expect(await along("subnet", await idOf(OTHER))).toEqual([
      "deleted: 10.9.1.9 of ups (eth0)",
      `deleted: static route ${V4} to ${OTHER} via 10.9.0.1`,
    ]);
    expect(await along("subnet", await idOf(V6))).toEqual(["deleted: AUTO link without an address of node1 (eth0)"]);
  });

  test("the list of a whole region tells the same as a subnet's own", async () => {
    await addMore();
    const id = await idOf(V4);
    const many = dependents();
    const answers = [];
    for (let turn = 0; turn < 6; turn += 1) answers.push(await many.of("subnet", id));
    const texts = answers.map((answer) => answer.map(({ what }) => what).sort());
    expect(new Set(texts.map((text) => JSON.stringify(text))).size).toBe(1);
  });

  test("a VLAN moves its subnets and interfaces, deletes links, its VLAN interfaces and DHCP, and relays to it end", async () => {
    const [machine] = await list("machines/");
    const nics = machine?.interface_set as ObjectJson[];
    const system = textOf(machine?.system_id);
    await user.api.post(
      apiPath`nodes/${system}/interfaces/`,
      [
        ["parent", textOf(nics[0]?.id)],
        ["vlan", await vlanId(20)],
      ],
      { op: "create_vlan" },
    );
    await user.api.put(apiPath`vlans/${await vlanId(10)}/`, [["relay_vlan", await vlanId(20)]]);
    expect(await along("vlan", await vlanId(20))).toEqual([
      "changed: DHCP relay of VLAN lab:10",
      "deleted: 10.9.1.9 of ups (eth0)",
      "deleted: VLAN interface eth0.20 of node1",
      "moved: interface eth0 of ups",
      `moved: subnet ${OTHER}`,
    ]);
    expect(await along("vlan", await vlanId(10))).toEqual([
      "deleted: 10.9.0.9 of node1 (eth0)",
      "deleted: AUTO link without an address of node1 (eth0)",
      "deleted: DHCP of VLAN lab:10",
      "moved: interface eth0 of node1",
      "moved: interface eth0 of rack1",
      `moved: subnet ${V4}`,
      `moved: subnet ${V6}`,
    ]);
    expect(await along("vlan_dhcp", await vlanId(20))).toEqual(["changed: DHCP relay of VLAN lab:10"]);
  });

  test("a fabric deletes its VLANs but the default one, a space loses its own, a link its DNS records", async () => {
    await addMore();
    const lab = (await list("fabrics/")).find(({ name }) => name === "lab");
    const of = await along("fabric", textOf(lab?.id));
    expect(of.filter((text) => text.startsWith("deleted"))).toEqual(["deleted: VLAN lab:10", "deleted: VLAN lab:20"]);
    const green = (await list("spaces/")).find(({ name }) => name === "green");
    expect(await along("space", textOf(green?.id))).toEqual(["changed: VLAN lab:10"]);
    expect(await along("network_interface_link", "x/1/2", { ip_address: "10.9.0.8" })).toEqual([
      "deleted: DNS record web.maas to 10.9.0.8",
    ]);
    expect(await along("ip_range", "1")).toEqual([]);
  });

  const nicsOf = async (collection: string): Promise<{ system: string; nics: readonly ObjectJson[] }> => {
    const [node] = await list(collection);
    return { system: textOf(node?.system_id), nics: node?.interface_set as ObjectJson[] };
  };
  const record = (fqdn: string, ...addresses: readonly string[]): Promise<unknown> =>
    user.api.post("dnsresources/", [
      ["fqdn", fqdn],
      ["ip_addresses", addresses.join(" ")],
    ]);
  const note = (fqdn: string, data: string): Promise<unknown> =>
    user.api.post("dnsresourcerecords/", [
      ["fqdn", fqdn],
      ["rrtype", "TXT"],
      ["rrdata", data],
    ]);

  test("a record goes with its last address, with all others at its name; one with an address elsewhere is changed", async () => {
    await record("web.maas", "10.9.0.8");
    await note("web.maas", "hello");
    await record("both.maas", "10.9.0.6", "10.9.1.6");
    await note("both.maas", "stays");
    const records = (texts: readonly string[]): string[] => texts.filter((text) => text.includes("DNS record"));
    expect(records(await along("subnet", await idOf(V4)))).toEqual([
      "changed: DNS record both.maas to 10.9.0.6",
      "deleted: DNS record TXT web.maas hello",
      "deleted: DNS record web.maas to 10.9.0.8",
    ]);
    const before = await list("dnsresourcerecords/");
    expect(before.map(({ rrdata }) => rrdata).sort()).toEqual(["hello", "stays"]);
    await user.api.delete(apiPath`subnets/${await idOf(V4)}/`, { force: "true" });
    expect((await list("dnsresourcerecords/")).map(({ rrdata }) => rrdata)).toEqual(["stays"]);
  });

  test("a device takes its links and the records to its addresses along, and its snippets", async () => {
    const { system } = await nicsOf("devices/");
    await record("ups-page.maas", "10.9.1.9");
    // Before 3.6 a connected rack has to read it first.
    const hasSnippet = version !== "3.4";
    if (hasSnippet)
      await user.api.post("dhcp-snippets/", [
        ["name", "boot"],
        ["value", 'filename "x";'],
        ["node", system],
      ]);
    expect(await along("device", system)).toEqual([
      "deleted: 10.9.1.9 of ups (eth0)",
      ...(hasSnippet ? ["deleted: DHCP snippet boot"] : []),
      "deleted: DNS record ups-page.maas to 10.9.1.9",
    ]);
  });

  test("an interface takes all along that is made over it, their links and the records to their addresses", async () => {
    const { system, nics } = await nicsOf("machines/");
    const made = async (op: string, form: readonly (readonly [string, string])[]): Promise<string> =>
      textOf(((await user.api.post(apiPath`nodes/${system}/interfaces/`, form, { op })) as ObjectJson).id);
    const eth0 = textOf(nics[0]?.id);
    const tagged = await made("create_vlan", [
      ["parent", eth0],
      ["vlan", await vlanId(20)],
    ]);
    const bridge = await made("create_bridge", [
      ["parent", tagged],
      ["name", "br0"],
    ]);
    await user.api.post(
      apiPath`nodes/${system}/interfaces/${bridge}/`,
      [
        ["mode", "STATIC"],
        ["subnet", await idOf(OTHER)],
        ["ip_address", "10.9.1.20"],
      ],
      { op: "link_subnet" },
    );
    await record("br.maas", "10.9.1.20");
    const own = [
      "deleted: 10.9.1.20 of node1 (br0)",
      "deleted: DNS record br.maas to 10.9.1.20",
      "deleted: bridge br0 of node1",
    ];
    expect(await along("network_interface_vlan", tagged)).toEqual(own);
    expect(await along("network_interface_physical", eth0)).toEqual(
      [
        ...own,
        "deleted: 10.9.0.9 of node1 (eth0)",
        "deleted: AUTO link without an address of node1 (eth0)",
        "deleted: VLAN interface eth0.20 of node1",
      ].sort(),
    );
    expect(await along("vlan", await vlanId(20))).toEqual(expect.arrayContaining(own.slice(0, 2)));
  });

  test("a bond that keeps another interface loses one of its own", async () => {
    const { system, nics } = await nicsOf("machines/");
    const form = [
      ["mac_address", "52:54:00:00:00:77"],
      ["vlan", await vlanId(10)],
    ] as const;
    const eth1 = (await user.api.post(apiPath`nodes/${system}/interfaces/`, form, {
      op: "create_physical",
    })) as ObjectJson;
    const parents = [nics[0]?.id, eth1.id].map((id) => ["parents", textOf(id)] as const);
    await user.api.post(apiPath`nodes/${system}/interfaces/`, [["name", "bond0"], ...parents], { op: "create_bond" });
    expect(await along("network_interface_physical", textOf(eth1.id))).toEqual(["changed: bond bond0 of node1"]);
  });

  test("a fabric ends the relays to its default VLAN, and a domain waits for what is in it", async () => {
    const others = (await user.api.post("fabrics/", [["name", "other"]])) as ObjectJson;
    const [target] = others.vlans as ObjectJson[];
    await user.api.put(apiPath`vlans/${await vlanId(20)}/`, [["relay_vlan", textOf(target?.id)]]);
    expect(await along("fabric", textOf(others.id))).toContain("changed: DHCP relay of VLAN lab:20");
    const domain = (await user.api.post("domains/", [["name", "lab.example"]])) as ObjectJson;
    await record("www.lab.example", "10.9.0.8");
    const { system } = await nicsOf("devices/");
    await user.api.put(apiPath`devices/${system}/`, [["domain", "lab.example"]]);
    expect(await along("dns_domain", textOf(domain.id))).toEqual([
      "blocking: DNS record A/AAAA www.lab.example",
      "blocking: device ups",
    ]);
  });

  const www = (data: string): DesiredObject =>
    wanted("dns_record", "A/AAAA www in maas", { type: "A/AAAA", name: "www", domain: "maas", data });

  test("a record of the document is made again where the subnet around its address goes", async () => {
    const networks = (cidr: string, data: string): NetworkDocument =>
      documentOf([fabric("own"), vlan("own:10"), subnet(cidr, "own:10"), www(data)], { dns_domain: ["maas"] });
    const data = "10.8.0.5 2001:db8:8::5";
    const addresses = async (): Promise<unknown[]> =>
      (await list("dnsresources/")).flatMap((row) => (row.ip_addresses as ObjectJson[]).map(({ ip }) => ip)).sort();
    await user.run(networks("10.8.0.0/24", data));
    for (const after of [
      networks("10.8.0.0/23", data),
      networks("10.7.0.0/24", data),
      networks("10.7.0.0/24", "10.7.0.5"),
    ]) {
      const { refusals } = await user.run(after);
      expect(refusals).toEqual([]);
      expect((await user.prepare(after)).plan.steps).toEqual([]);
      expect(await addresses()).toEqual(textOf(after.objects.dns_record?.[0]?.attributes.data).split(" "));
    }
  });

  test("a record of the document is made again with a change of its own, and a lease where another subnet holds it", async () => {
    const networks = (cidr: string, ttl: number): NetworkDocument =>
      documentOf(
        [
          ...[fabric("own"), vlan("own:10"), subnet(cidr, "own:10"), { ...www("10.8.0.5") }],
          ...(version === "3.4" ? [] : [lease("10.8.0.9")]),
        ].map((object) =>
          object.kind === "dns_record" ? { ...object, attributes: { ...object.attributes, ttl } } : object,
        ),
        { dns_domain: ["maas"] },
      );
    await user.run(networks("10.8.0.0/24", 60));
    const after = networks("10.8.0.0/23", 90);
    const { refusals } = await user.run(after);
    expect(refusals).toEqual([]);
    expect((await user.prepare(after)).plan.steps).toEqual([]);
  });

  test("what the document keeps and nothing can make again is refused in words of its own", async () => {
    if (version === "3.4") return;
    const all = [fabric("own"), vlan("own:10"), subnet("10.8.0.0/24", "own:10"), lease("10.8.0.9")];
    await user.run(documentOf(all));
    const { refusals } = await user.prepare(documentOf(all.filter(({ kind }) => kind !== "subnet")));
    expect(refusals).toMatchObject([
      {
        id: "foreign",
        what: "MAAS would delete, move or change objects that the document keeps, along with what is deleted",
        about: ["reserved IP 10.8.0.9, with the subnet 10.8.0.0/24"],
      },
    ]);
  });

  test("the engine refuses a record at the name of a domain that only the region has", async () => {
    await user.api.post("domains/", [["name", "www.maas"]]);
    await expect(user.prepare(documentOf([www("10.9.0.8")], { dns_domain: ["maas"] }))).rejects.toThrow(
      /www\.maas is a DNS domain of its own, so that MAAS has no record of that name in maas/,
    );
  });

  test("the engine refuses a destroy that takes any of it along, names all of it, and shows it in the plan", async () => {
    await addMore();
    user.record = (await user.prepare(MADE)).record.after;
    const { refusals, takenAlong } = await user.prepare(MADE, "destroy");
    expect(refusals.map(({ id }) => id)).toEqual(["foreign"]);
    const told = refusals[0]?.about ?? [];
    for (const part of ["10.9.0.7, reserved by", "DNS record web.maas", "static route ", "AUTO link", "IP range"])
      expect(told.filter((text) => text.includes(part))).toHaveLength(1);
    expect(takenAlong.flatMap(({ foreign }) => foreign)).toHaveLength(told.length);
    expect(told).toContain("interface eth0 of rack1, with the VLAN lab:10");
  });

  test("what the same plan takes care of is not foreign, nor what is of a rack that the document names", async () => {
    const own = documentOf(
      [
        ...[fabric("own"), vlan("own:10", { space: "blue" }), space("blue"), vlan("own:20")],
        ...[subnet("10.8.0.0/24", "own:10"), range("10.8.0.0/24", "dynamic", "10.8.0.50-10.8.0.99")],
        ...[relay("own:20", "own:10"), link("node1", "eth0", V4, { mode: "STATIC", ip_address: "10.9.0.33" })],
      ],
      { machine: ["node1"], subnet: [V4], vlan: ["lab:10"], fabric: ["lab"] },
    );
    await user.run(own);
    const { refusals } = await user.prepare(own, "destroy");
    expect(refusals).toEqual([]);
    const withRack = {
      ...MADE,
      objects: {
        ...MADE.objects,
        rack_controller: documentOf([], { rack_controller: ["rack1"] }).objects.rack_controller ?? [],
      },
    };
    user.record = (await user.prepare(withRack)).record.after;
    const destroyed = await user.prepare(withRack, "destroy");
    expect(destroyed.refusals.flatMap(({ about }) => about).filter((text) => text.includes("rack1"))).toEqual([]);
    expect([...destroyed.usedObjects]).toEqual([`subnet ${V4}`]);
  });
});

test("a destroy of 200 subnets makes as many GETs as one of 20", async () => {
  const gets = async (count: number): Promise<number> => {
    const user = await EngineUser.start({});
    const cidrs = Array.from({ length: count }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`);
    const document = documentOf([fabric("big"), vlan("big:10"), ...cidrs.map((cidr) => subnet(cidr, "big:10"))]);
    await user.run(document);
    user.simulator.requests.clear();
    await user.prepare(document, "destroy");
    const made = user.simulator.requests.count("GET");
    await user.stop();
    return made;
  };
  const [few, many] = [await gets(20), await gets(200)];
  expect(many).toBe(few);
  expect(many).toBeLessThanOrEqual(17);
});

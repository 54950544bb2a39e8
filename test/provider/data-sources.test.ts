import type { Kind } from "../../lib/model/kind";
import { KINDS } from "../../lib/model/kinds";
import { type Values, UNKNOWN } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { takenBy } from "../../src/provider/data-source";
import { DATA_SOURCES } from "../../src/provider/data-sources";
import { MaasSimulator } from "../../src/simulator";
import type { Seed } from "../../src/simulator/seed/notation";
import { ProviderDriver, type Told } from "../support/provider-driver";

jest.setTimeout(60_000);

const SEED: Seed = {
  spaces: [{ name: "storage", description: "disks" }],
  fabrics: [
    {
      name: "lab",
      class_type: "10g",
      vlans: [
        { vid: 0 },
        { vid: 10, name: "pxe", space: "storage", dhcp_on: true, primary_rack: "rack-1" },
        { vid: 2 },
      ],
    },
    { name: "lab-two", vlans: [{ vid: 0 }, { vid: 20, relay_vlan: { fabric: "lab", vid: 10 } }] },
  ],
  subnets: [
    { cidr: "10.20.0.0/24", fabric: "lab", vid: 10, gateway_ip: "10.20.0.1", dns_servers: ["10.20.0.2"] },
    { cidr: "10.30.0.0/24", fabric: "lab-two", vid: 20, managed: false },
    { cidr: "2001:db8:20::/64", fabric: "lab", vid: 10, name: "six" },
  ],
  ip_ranges: [
    { type: "dynamic", start_ip: "10.20.0.100", end_ip: "10.20.0.199", subnet: "10.20.0.0/24" },
    { type: "reserved", start_ip: "10.20.0.20", end_ip: "10.20.0.29", subnet: "10.20.0.0/24", comment: "printers" },
  ],
  static_routes: [{ source: "10.20.0.0/24", destination: "10.30.0.0/24", gateway_ip: "10.20.0.1" }],
  domains: [{ name: "lab.example" }],
  dns_resources: [
    { name: "www", domain: "lab.example", ip_addresses: ["192.0.2.60", "2001:db8:99::60"] },
    { name: "@", domain: "lab.example" },
  ],
  dns_records: ["10 mail.lab.example.", "20 spare.lab.example."].map((rrdata) => ({
    dnsresource: "lab.example",
    rrtype: "MX",
    rrdata,
  })),
  racks: [{ hostname: "rack-1", interfaces: [{ name: "eth0", fabric: "lab", vid: 10 }] }],
  machines: [
    {
      hostname: "node-1",
      interfaces: [
        {
          name: "eth0",
          fabric: "lab",
          vid: 10,
          links: [
            { subnet: "10.20.0.0/24", mode: "static", ip_address: "10.20.0.50" },
            { subnet: "2001:db8:20::/64", mode: "static", ip_address: "2001:db8:20::50" },
          ],
        },
      ],
    },
    { hostname: "node-10", interfaces: [{ name: "eth0", fabric: "lab", vid: 10 }] },
  ],
};

const listOf = (kind: Kind): string => `${kind.name}s`;

describe("data sources", () => {
  let simulator: MaasSimulator;
  let provider: ProviderDriver;

  const look = async (type: string, config: Values = {}): Promise<Values> => {
    const { state, told } = await provider.look(type, config);
    expect(told).toEqual([]);
    return state ?? {};
  };
  const rows = async (list: string, config: Values = {}): Promise<Values[]> =>
    (await look(`maas_${list}`, config))[list] as unknown as Values[];
  const faults = async (type: string, config: Values): Promise<readonly Told[]> =>
    (await provider.look(type, config)).told;

  beforeAll(async () => {
    simulator = await MaasSimulator.start({ seed: SEED });
    provider = await ProviderDriver.here({ MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey });
    expect(await provider.configure()).toEqual([]);
  });

  afterAll(async () => {
    await provider.stop();
    await simulator.stop();
  });

  test.each(Object.values<Kind>(KINDS).map((kind) => [kind.type, kind] as const))(
    "%s finds each object that the list of its kind has, by the parts of its natural key",
    async (type, kind) => {
      const list = await rows(listOf(kind));
      const { required, optional } = takenBy(kind);
      for (const row of list) {
        const key = Object.fromEntries(
          [...required, ...optional]
            .filter((name) => (row[name] ?? null) !== null)
            .map((name) => [name, row[name] ?? null]),
        );
        const { system_id: _systemId, ...attributes } = row;
        expect(await look(type, key)).toMatchObject(attributes);
      }
    },
  );

  test("the lists have all objects of the region, in the order of their ids", async () => {
    const names = async (list: string, name: string): Promise<unknown[]> => (await rows(list)).map((row) => row[name]);
    expect(await names("fabrics", "name")).toEqual(["fabric-0", "lab", "lab-two"]);
    expect(await names("subnets", "cidr")).toEqual(["10.20.0.0/24", "10.30.0.0/24", "2001:db8:20::/64"]);
    expect(await names("ip_ranges", "start_ip")).toEqual(["10.20.0.100", "10.20.0.20"]);
    expect(await names("static_routes", "gateway_ip")).toEqual(["10.20.0.1"]);
    expect(await names("rack_controllers", "hostname")).toEqual(["rack-1"]);
    expect((await names("machines", "hostname")).sort()).toEqual(["node-1", "node-10"]);
    expect(await names("network_interface_links", "ip_address")).toEqual(["10.20.0.50", "2001:db8:20::50"]);
    expect(await names("vlan_dhcps", "relay_vlan")).toEqual([null, expect.stringMatching(/^\d+$/)]);
    const { ids } = await look("maas_vlans");
    expect(ids).toEqual([...(ids as string[])].sort((a, b) => Number(a) - Number(b)));
    expect(ids).toHaveLength(6);
  });

  test("filters take values, ids and natural keys of references, patterns, and the empty text for none", async () => {
    const [, lab] = await rows("fabrics");
    const vids = async (config: Values): Promise<unknown[]> => (await rows("vlans", config)).map(({ vid }) => vid);
    expect(await vids({ fabric: "lab" })).toEqual([0, 10, 2]);
    expect(await vids({ fabric: textOf(lab?.id), vid: 10 })).toEqual([10]);
    expect(await vids({ space: "storage" })).toEqual([10]);
    expect(await vids({ fabric: "lab", space: "" })).toEqual([0, 2]);
    expect(await vids({ fabric: "lab", space: "undefined" })).toEqual([0, 2]);
    expect(await vids({ name_regex: "^px" })).toEqual([10]);
    expect(await vids({ dhcp_on: true })).toEqual([10]);
    expect((await rows("subnets", { vlan: "lab:10" })).map(({ cidr }) => cidr)).toEqual([
      "10.20.0.0/24",
      "2001:db8:20::/64",
    ]);
    expect(await rows("subnets", { cidr: "2001:DB8:20:0::/64" })).toHaveLength(1);
    expect(await rows("subnets", { managed: false })).toHaveLength(1);
    expect(await rows("machines", { hostname_regex: "-1$" })).toHaveLength(1);
    expect(await rows("fabrics", { name: "none" })).toEqual([]);
  });

  test("#372: the lists of nodes have what canonical/maas has in them", async () => {
    const [rack] = await rows("rack_controllers");
    expect(rack).toMatchObject({ system_id: rack?.id, hostname: "rack-1" });
    expect(await rows("machines", { hostname: "node-1" })).toEqual([
      expect.objectContaining({ hostname: "node-1", system_id: expect.stringMatching(/^[a-z0-9]{6}$/) as string }),
    ]);
  });

  test("a filter that names nothing, or a pattern that is none, is refused at its attribute", async () => {
    expect(await faults("maas_vlans", { fabric: "lba" })).toEqual([
      expect.objectContaining({ attribute: "fabric", summary: 'The region has no fabric "lba"' }),
    ]);
    const wrong = (type: string, config: Values) => DATA_SOURCES.get(type)?.check(config);
    expect(wrong("maas_vlans", { name_regex: "(", vid: 5000 })).toMatchObject([
      { code: "MAAS-VAL-02", attribute: "vid" },
      { code: "MAAS-VAL-15", attribute: "name_regex" },
    ]);
    expect(wrong("maas_vlans", { name_regex: UNKNOWN, vid: UNKNOWN, name: "" })).toEqual([]);
  });

  test("a lookup takes one of several forms of a key, and no part that contradicts it", async () => {
    const range = { start_ip: "10.20.0.20", end_ip: "10.20.0.29" };
    const whole = await look("maas_subnet_ip_range", { ...range, subnet: "10.20.0.0/24" });
    expect({ ...(await look("maas_subnet_ip_range", range)), subnet: "10.20.0.0/24" }).toEqual(whole);
    expect(await faults("maas_subnet_ip_range", { ...range, subnet: "10.30.0.0/24" })).toHaveLength(1);
    const link = { machine: "node-1", network_interface: "eth0" };
    expect(DATA_SOURCES.get("maas_network_interface_link")?.check(link)).toMatchObject([
      { code: "MAAS-VAL-14", attribute: "ip_address" },
    ]);
    const found = await look("maas_network_interface_link", { ...link, ip_address: "10.20.0.50" });
    expect(await look("maas_network_interface_link", { ...link, subnet: found.subnet ?? null })).toEqual(found);
    const other = { ...link, ip_address: "10.20.0.50", subnet: "2001:db8:20::/64" };
    expect(await faults("maas_network_interface_link", other)).toMatchObject([{ attribute: "subnet" }]);
  });

  test("a DNS record is found by its full name as well, or by name and domain", async () => {
    const www = await look("maas_dns_record", { type: "A/AAAA", name: "www", domain: "lab.example" });
    expect(www).toMatchObject({ fqdn: "www.lab.example", data: "192.0.2.60 2001:db8:99::60" });
    for (const fqdn of ["www.lab.example", "WWW.lab.example."])
      expect(await look("maas_dns_record", { type: "A/AAAA", fqdn })).toMatchObject({ id: www.id, name: "www" });
    const mail = { type: "MX", fqdn: "lab.example", data: "10 mail.lab.example." };
    expect(await look("maas_dns_record", mail)).toMatchObject({ name: "@", fqdn: "lab.example" });
    const both = { type: "A/AAAA", fqdn: "www.lab.example", name: "other", domain: "lab.example" };
    expect(await faults("maas_dns_record", both)).toHaveLength(1);
    const [several] = await faults("maas_dns_record", { type: "MX", fqdn: "lab.example" });
    expect(several?.summary).toContain("names several DNS records");
    const [incomplete] = await faults("maas_dns_record", { type: "A/AAAA" });
    expect(incomplete?.detail).toContain("TYPE:FQDN");
  });

  test("a machine has what canonical/maas tells of it, but for the secrets of its power supply", async () => {
    const [{ macAddress: mac } = {}] = simulator.state.interfaces.filter(({ node }) => node === "node-1");
    expect(await look("maas_machine", { hostname: "node-1" })).toMatchObject({
      ...{ architecture: "amd64/generic", domain: "maas", pool: "default", zone: "default" },
      ...{ pxe_mac_address: mac, power_type: null },
    });
  });

  test("#477: maas_subnet_addresses tells who has which address, of both families", async () => {
    expect(await look("maas_subnet_addresses", { subnet: "10.20.0.0/24" })).toMatchObject({
      family: 4,
      gateway_ip: "10.20.0.1",
      dns_servers: ["10.20.0.2"],
      addresses: [{ ip: "10.20.0.50", type: "sticky", hostname: "node-1", network_interface: "eth0" }],
      ranges: [
        { type: "reserved", start_ip: "10.20.0.20", comment: "printers" },
        { type: "dynamic", start_ip: "10.20.0.100", end_ip: "10.20.0.199" },
      ],
    });
    expect(await look("maas_subnet_addresses", { subnet: "2001:db8:20::/64" })).toMatchObject({
      family: 6,
      addresses: [{ ip: "2001:db8:20::50", fqdn: "node-1.maas" }],
      ranges: [],
    });
    expect(await faults("maas_subnet_addresses", { subnet: "10.9.0.0/24" })).toMatchObject([{ attribute: "subnet" }]);
  });

  test("take parts of a key that only the apply tells, in every one of them", () => {
    for (const [type, { kind, check }] of DATA_SOURCES) {
      if (kind?.type !== type) continue;
      const { required, optional } = takenBy(kind);
      const unknown = Object.fromEntries([...required, ...optional].map((name) => [name, UNKNOWN]));
      expect([type, check(unknown)]).toEqual([type, []]);
    }
  });

  test("maas_network has the region as a document, with what it has of each kind", async () => {
    const whole = await look("maas_network", { machines: true });
    expect(whole).toMatchObject({ maas_version: "3.6.5", counts: { fabric: 3, subnet: 3, network_interface_link: 2 } });
    const document = JSON.parse(textOf(whole.document)) as { format: string; objects: Record<string, unknown[]> };
    expect(document.format).toBe("maas-network");
    for (const [kind, count] of Object.entries(whole.counts as unknown as Record<string, number>))
      expect(document.objects[kind]).toHaveLength(count);
    const one = await look("maas_network", { fabrics: ["lab-two"] });
    expect(one.counts).toMatchObject({ fabric: 1, subnet: 1 });
    expect(await faults("maas_network", { fabrics: ["none"] })).toMatchObject([{ attribute: "fabrics" }]);
  });
});

import type { Kind } from "../../lib/model/kind";
import { KINDS } from "../../lib/model/kinds";
import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import { RawState } from "../../src/provider/protocol/tfplugin6_pb";
import { resourceBlock } from "../../src/provider/schema";
import { upgradeState } from "../../src/provider/stored";
import { MaasSimulator } from "../../src/simulator";
import { type Applied, type Kept, ProviderDriver } from "../support/provider-driver";

jest.setTimeout(60_000);

const CIDRS = ["10.20.0.0/24", "2001:db8:20::/64"];

let simulator: MaasSimulator;
let provider: ProviderDriver;
let api: MaasClient;

type Rows = readonly Readonly<Record<string, unknown>>[];
const list = async (path: string): Promise<Rows> => (await api.get(path)) as Rows;

async function start(maasVersion: string): Promise<void> {
  simulator = await MaasSimulator.start({ seed: { subnets: CIDRS.map((cidr) => ({ cidr })) }, maasVersion });
  const [apiUrl, apiKey] = [ApiUrl.parse(simulator.url), ApiKey.parse(simulator.apiKey)];
  api = new MaasClient({ apiUrl, apiKey });
  provider = await ProviderDriver.here({ MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey });
  await anew();
}

async function stop(): Promise<void> {
  await provider.stop();
  await api.close();
  await simulator.stop();
}

/** As in another run: nothing is known of the region. */
async function anew(): Promise<void> {
  expect(await provider.configure()).toEqual([]);
}

const RECORD = "maas_dns_record";
const DOMAIN = "maas_dns_domain";

/** A state of another provider, in today's schema. */
const upgraded = (kind: Kind, stored: object): Attributes =>
  upgradeState(
    RawState.fromPartial({ json: new TextEncoder().encode(JSON.stringify(stored)) }),
    kind,
    resourceBlock(kind),
  );

const domain = (name = "lab.example", more: Attributes = {}) => provider.make(DOMAIN, { name, ...more });

/** What a refresh and a plan find to do, though nothing has changed. */
async function nextPlan(type: string, config: Attributes, kept: Kept): Promise<Applied> {
  const read = await provider.read(type, kept);
  return provider.plan(type, config, read);
}

/** Makes a record, and expects that neither a refresh nor another plan finds anything to do. */
async function stays(type: string, config: Attributes, prior?: Kept): Promise<Kept & { readonly state: Attributes }> {
  const made = await provider.make(type, config, prior);
  const read = await provider.read(type, made);
  expect(read.state).toEqual(made.state);
  const next = await provider.plan(type, config, read);
  expect([next.told, next.planned]).toEqual([[], read.state]);
  return made;
}

const addresses = async (): Promise<unknown[]> => (await list("ipaddresses/")).map(({ ip }) => ip).sort();
const www = (id: string, data: string, more: Attributes = {}): Attributes => ({
  ...{ type: "A/AAAA", name: "www", domain: id, data },
  ...more,
});

afterEach(stop);

describe.each(["3.4", "3.6", "3.7.3"])("DNS on MAAS %s", (version) => {
  beforeEach(() => start(version));

  test("records of addresses can be destroyed, and release what was reserved for them (peer: 400 from 3.6 on)", async () => {
    const { state } = await domain();
    const id = textOf(state.id);
    const both = await provider.make(RECORD, www(id, "10.20.0.5 2001:db8:20::5"));
    const shared = await provider.make(RECORD, { ...www(id, "10.20.0.5 10.20.0.6"), name: "web" });
    expect(await addresses()).toEqual(["10.20.0.5", "10.20.0.6", "2001:db8:20::5"]);
    const changed = await provider.make(RECORD, { ...www(id, "10.20.0.5 10.20.0.7"), name: "web" }, shared);
    expect(await addresses()).toEqual(["10.20.0.5", "10.20.0.7", "2001:db8:20::5"]);
    expect(await provider.destroy(RECORD, both)).toEqual([]);
    expect(await addresses()).toEqual(["10.20.0.5", "10.20.0.7"]);
    expect(await provider.destroy(RECORD, changed)).toEqual([]);
    expect([await addresses(), await list("dnsresources/")]).toEqual([[], []]);
    // Done already counts as done.
    expect(await provider.destroy(RECORD, changed)).toEqual([]);
  });

  test("records of other types stay when the addresses of their name go, and come (peer: all are deleted)", async () => {
    const { state } = await domain();
    const id = textOf(state.id);
    const text = await provider.make(RECORD, { type: "TXT", name: "www", domain: id, data: "hello" });
    const first = await stays(RECORD, www(id, "10.20.0.5"));
    expect(await provider.destroy(RECORD, first)).toEqual([]);
    expect((await provider.read(RECORD, text)).state).toEqual(text.state);
    const second = await stays(RECORD, www(id, "10.20.0.6"));
    expect(await provider.destroy(RECORD, text)).toEqual([]);
    expect(await provider.destroy(RECORD, second)).toEqual([]);
    expect([await addresses(), await list("dnsresources/")]).toEqual([[], []]);
  });

  test("a whole zone goes at once, although no record refers to its domain", async () => {
    const made = await domain();
    const records = await Promise.all(
      ["www", "web", "lab"].map((name) =>
        provider.make(RECORD, {
          ...{ type: "A/AAAA", data: "10.20.0.5", fqdn: name === "lab" ? "lab.example" : `${name}.lab.example` },
        }),
      ),
    );
    const [told] = await Promise.all([
      provider.destroy(DOMAIN, made),
      ...records.map((record) => provider.destroy(RECORD, record)),
    ]);
    expect([told, await list("dnsresources/"), await addresses()]).toEqual([[], [], []]);
    expect((await list("domains/")).map(({ name }) => name)).toEqual(["maas"]);
  });
});

describe("DNS", () => {
  beforeEach(() => start("3.6"));

  test("a plan is empty after apply, for every type, TTL and spelling", async () => {
    const { state } = await domain();
    const id = textOf(state.id);
    const records: Attributes[] = [
      { type: "A/AAAA", name: "www", domain: id, data: "2001:DB8:20:0::5 10.20.0.5" },
      { type: "A", name: "four", domain: "lab.example", data: "10.20.0.6   10.20.0.7" },
      { type: "AAAA", fqdn: "six.lab.example", data: "2001:db8:20::0006", ttl: 0 },
      { type: "a/aaaa", fqdn: "LAB.example.", data: "10.20.0.8", ttl: 60 },
      { type: "CNAME", name: "Alias", domain: "LAB.EXAMPLE.", data: "www.lab.example." },
      { type: "cname", fqdn: "alias2.lab.example", data: "www", ttl: 0 },
      { type: "MX", name: "@", domain: id, data: "10 mail.lab.example." },
      { type: "MX", name: "@", domain: id, data: "20 mail2.lab.example" },
      { type: "NS", name: "sub", domain: id, data: "ns1.lab.example" },
      { type: "SRV", fqdn: "_sip._tcp.lab.example", data: "0 5 5060 sip.lab.example", ttl: 2147483647 },
      { type: "SSHFP", name: "www", domain: id, data: "1 1 dd465c09cfa51fb45020cc83316fff21b9ec74ac" },
      { type: "TXT", name: "www", domain: id, data: 'v=spf1 "quoted" -all ' },
      { type: "TXT", name: "_dmarc", domain: id, data: '"v=DMARC1; p=none"' },
      { type: "TXT", name: "sel._domainkey", domain: id, data: "k=rsa; p=10.0.0.1" },
    ];
    for (const config of records) {
      const made = await stays(RECORD, config);
      const { ttl: _given, ...bare } = config;
      const others = [30, null].filter((ttl) => ttl !== (config.ttl ?? null));
      let kept = made;
      for (const ttl of others) {
        kept = await stays(RECORD, ttl === null ? bare : { ...bare, ttl }, kept);
        expect(kept.state.ttl).toBe(ttl);
      }
    }
    expect(await list("dnsresourcerecords/")).toHaveLength(10);
  });

  test("a record at the name of a domain is refused in the plan, whichever of the two is new, and moves in one run", async () => {
    const { state } = await domain();
    const id = textOf(state.id);
    const kept = await provider.make(RECORD, www(id, "10.20.0.5"));
    await anew();
    const sub = { name: "WWW.lab.example" };
    // Terraform reads and plans the record that stays, and plans the domain beside it.
    await provider.read(RECORD, kept);
    const [made] = await Promise.all([provider.plan(DOMAIN, sub), provider.plan(RECORD, www(id, "10.20.0.5"), kept)]);
    expect(made.told).toMatchObject([
      {
        severity: "error",
        summary: expect.stringContaining("out of lab.example into the domain WWW.lab.example") as unknown,
      },
    ]);
    expect(made.told[0]?.detail).toContain('Set name = "@" and domain to the id of the domain WWW.lab.example');
    // Somebody else's record is only warned of.
    await anew();
    expect((await provider.plan(DOMAIN, sub)).told).toMatchObject([{ severity: "warning" }]);
    await anew();
    const { state: domainState } = await domain("www.lab.example");
    const again = await provider.plan(RECORD, { ...www(id, "10.20.0.6"), type: "A/AAAA" });
    expect(again.told).toMatchObject([
      { severity: "error", summary: expect.stringContaining("www.lab.example is a DNS domain of its own") as unknown },
    ]);
    const top = { type: "A/AAAA", name: "@", domain: textOf(domainState.id), data: "10.20.0.5", adopt_existing: true };
    await stays(RECORD, top);
  });

  test("a record waits for its domain, which is made in the same run", async () => {
    const plan = await provider.plan(DOMAIN, { name: "lab.example" });
    const [record] = await Promise.all([
      provider.make(RECORD, { type: "TXT", fqdn: "a.lab.example", data: "x" }),
      domain("lab.example"),
    ]);
    expect([plan.told, record.state.name, record.state.fqdn]).toEqual([[], "a", "a.lab.example"]);
    const { told } = await provider.apply(RECORD, { type: "TXT", fqdn: "a.other.example", data: "x" });
    expect(told[0]).toMatchObject({
      attribute: "fqdn",
      summary: 'The region has no DNS domain that "a.other.example" is in',
    });
    expect(told[0]?.detail).toContain("It has maas, lab.example.");
  });

  test("a deleted record is planned anew, and a changed one is set back (peer: an error, or nothing)", async () => {
    const { state } = await domain();
    const id = textOf(state.id);
    const made = await provider.make(RECORD, www(id, "10.20.0.5", { ttl: 60 }));
    const number = textOf(made.state.id).split(":")[1] ?? "";
    await api.put(`dnsresources/${number}/`, [
      ["ip_addresses", "10.20.0.9 10.20.0.5"],
      ["address_ttl", "5"],
    ]);
    await api.post("dnsresourcerecords/", [
      ["name", "www"],
      ["domain", id],
      ["rrtype", "TXT"],
      ["rrdata", "x"],
    ]);
    await anew();
    const read = await provider.read(RECORD, made);
    expect(read.state).toMatchObject({ data: "10.20.0.5 10.20.0.9", ttl: 5 });
    await provider.make(RECORD, www(id, "10.20.0.5", { ttl: 60 }), read);
    expect((await provider.read(RECORD, made)).state).toEqual(made.state);
    await api.delete(`dnsresources/${number}/`);
    await anew();
    expect((await provider.read(RECORD, made)).state).toBeUndefined();
  });

  test("imports by id, by TYPE:FQDN and by natural key, and says which of several are meant (peer: the first one)", async () => {
    const { state } = await domain();
    const id = textOf(state.id);
    const made = await provider.make(RECORD, www(id, "10.20.0.5 2001:db8:20::5", { ttl: 0 }));
    const mx = (data: string) => provider.make(RECORD, { type: "MX", name: "@", domain: id, data });
    const [first, second] = [await mx("10 mail.lab.example."), await mx("20 mail.lab.example.")];
    const keys = ["A/AAAA:www.lab.example", "a:WWW.lab.example.", "A/AAAA www in lab.example", textOf(made.state.id)];
    for (const key of keys) {
      const imported = await provider.import(RECORD, key);
      expect([imported.told, imported.state]).toEqual([[], { ...made.state, domain: id, adopt_existing: null }]);
      for (const named of [{ fqdn: "www.lab.example" }, { name: "www", domain: "lab.example" }] as Attributes[]) {
        const config: Attributes = { type: "A/AAAA", data: "2001:db8:20::5 10.20.0.5", ttl: 0, ...named };
        const next = await nextPlan(RECORD, config, imported);
        expect([next.told, next.planned]).toEqual([[], { ...imported.state, ...next.planned }]);
        expect(next.requiresReplace).toEqual([]);
      }
    }
    for (const [key, wanted] of [
      ["MX:lab.example 10 mail.lab.example.", first],
      ["MX @ in lab.example: 20 mail.lab.example.", second],
    ] as const)
      expect((await provider.import(RECORD, key)).state?.id).toBe(wanted.state.id);
    const { told } = await provider.import(RECORD, "MX:lab.example");
    expect(told[0]?.summary).toBe('"MX:lab.example" names several DNS records');
    expect(told[0]?.detail).toContain("MX:lab.example 20 mail.lab.example.");
    expect((await provider.import(RECORD, "TXT:lab.example")).told).toHaveLength(1);
    const found = await provider.look(RECORD, { type: "A", name: "www", domain: "lab.example" });
    expect(found).toMatchObject({ told: [], state: { id: made.state.id, name: "www", ttl: 0 } });
    expect((await provider.import(DOMAIN, "LAB.example.")).state).toMatchObject({ id, name: "lab.example" });
  });

  test("states of canonical/maas keep their records, whose ids are numbers of two collections", async () => {
    const { state } = await domain();
    const id = textOf(state.id);
    const form: [string, string][] = [
      ["name", "www"],
      ["domain", id],
    ];
    const posts: [string, [string, string][]][] = [
      ["dnsresources/", [["ip_addresses", "10.20.0.5 2001:db8:20::5"]]],
      [
        "dnsresourcerecords/",
        [
          ["rrtype", "TXT"],
          ["rrdata", "x"],
        ],
      ],
    ];
    const ids: unknown[] = [];
    for (const [path, more] of posts) ids.push(((await api.post(path, [...form, ...more])) as { id: unknown }).id);
    for (const config of [
      { type: "A/AAAA", data: "2001:DB8:20::5 10.20.0.5", fqdn: "www.lab.example", name: null, domain: null },
      { type: "TXT", data: "x", fqdn: null, name: "www", domain: "lab.example" },
    ] as Attributes[]) {
      const moved = upgraded(KINDS.dns_record, { id: ids[0], ttl: 0, ...config });
      const read = await provider.read(RECORD, { state: moved, private: new Uint8Array() });
      expect(read.state).toMatchObject({
        id: `${textOf(config.type)}:${textOf(ids.shift())}`,
        ttl: null,
        fqdn: "www.lab.example",
        name: "www",
      });
      const next = await provider.plan(RECORD, config, read);
      expect([next.told, next.requiresReplace, next.planned]).toEqual([[], [], read.state]);
    }
    const moved = upgraded(KINDS.dns_domain, { id, name: "lab.example", ttl: 0, authoritative: false });
    expect(moved).toMatchObject({ ttl: null, authoritative: false });
  });

  test("the default domain is set, handed over and given back (peer: never unset, and can't be destroyed)", async () => {
    const isDefault = async (): Promise<unknown> =>
      (await list("domains/")).find((row) => row.is_default === true)?.name;
    const first = await stays(DOMAIN, { name: "a.example", is_default: true });
    expect(await isDefault()).toBe("a.example");
    const second = await stays(DOMAIN, { name: "b.example", is_default: true, ttl: 300, authoritative: false });
    expect([await isDefault(), (await provider.read(DOMAIN, first)).state?.is_default]).toEqual(["b.example", false]);
    await anew();
    await stays(DOMAIN, { name: "b.example", is_default: false }, second);
    expect(await isDefault()).toBe("maas");
    const again = await stays(DOMAIN, { name: "b.example", is_default: true }, second);
    // Both at once: whoever is to be it waits for nobody.
    const plans = [
      provider.make(DOMAIN, { name: "b.example", is_default: false }, again),
      provider.make(DOMAIN, { name: "a.example", is_default: true }, await provider.read(DOMAIN, first)),
    ];
    const [, now] = await Promise.all(plans);
    expect(await isDefault()).toBe("a.example");
    await anew();
    expect(await provider.destroy(DOMAIN, now ?? first)).toEqual([]);
    expect(await isDefault()).toBe("maas");
    await anew();
    const { told } = await provider.apply(DOMAIN, { name: "maas", is_default: false, adopt_existing: true });
    expect(told[0]).toMatchObject({ summary: "This domain is the default one, and nothing is to take its place" });
  });

  test("what is there is taken over with adopt_existing alone, and restored", async () => {
    const { state } = await domain();
    const id = textOf(state.id);
    await api.post("dnsresources/", [
      ["name", "www"],
      ["domain", id],
      ["ip_addresses", "10.20.0.5"],
      ["address_ttl", "5"],
    ]);
    await api.post("dnsresourcerecords/", [
      ["name", "t"],
      ["domain", id],
      ["rrtype", "TXT"],
      ["rrdata", "x"],
    ]);
    for (const config of [www(id, "10.20.0.6"), { type: "TXT", name: "t", domain: id, data: "x" }]) {
      const { told } = await provider.apply(RECORD, config);
      expect(told[0]).toMatchObject({ summary: "This DNS record exists already" });
    }
    const config = www(id, "10.20.0.6", { adopt_existing: true });
    const adopted = await stays(RECORD, config);
    expect(await addresses()).toEqual(["10.20.0.6"]);
    expect(await provider.destroy(RECORD, adopted)).toEqual([]);
    const row = (await list("dnsresources/")).find(({ fqdn }) => fqdn === "www.lab.example");
    expect(row).toMatchObject({ fqdn: "www.lab.example", address_ttl: 5, ip_addresses: [{ ip: "10.20.0.5" }] });
    expect((await provider.apply(DOMAIN, { name: "lab.example" })).told[0]?.summary).toBe(
      "This DNS domain exists already",
    );
  });

  test("a domain with records of others is not deleted, and says what is in it", async () => {
    const made = await domain();
    await api.post("dnsresources/", [
      ["name", "www"],
      ["domain", textOf(made.state.id)],
      ["ip_addresses", "10.20.0.5"],
    ]);
    simulator.requests.clear();
    const [told] = await provider.destroy(DOMAIN, made);
    // Nothing else is being deleted, so that there is nothing to wait for.
    expect(simulator.requests.count("GET", "/dnsresources/")).toBeLessThan(5);
    expect(told).toMatchObject({
      severity: "error",
      summary: 'The DNS domain "lab.example" can\'t be deleted while something is in it',
    });
    expect(told?.detail).toContain("It has records of www.lab.example.");
  });

  test("a record names its domain by the name that this run gives it, in any spelling", async () => {
    const made = await domain();
    const config = { type: "TXT", name: "t", domain: "lab.example", data: "x" };
    const record = await provider.make(RECORD, config);
    await anew();
    const renamed = { name: "New.Example." };
    const { private: own, state } = await provider.read(DOMAIN, made);
    await provider.plan(DOMAIN, renamed, { private: own, state });
    const { told } = await provider.plan(RECORD, { ...config, domain: "New.Example." }, record);
    expect(told).toEqual([]);
    await provider.make(DOMAIN, renamed, made);
    await provider.make(RECORD, { ...config, domain: "New.Example." }, record);
    expect((await list("dnsresourcerecords/")).map(({ fqdn }) => fqdn)).toEqual(["t.New.Example"]);
  });

  test("other data of several records is drift, and not a region that was restored from a backup", async () => {
    const { state } = await domain();
    const texts = ["a", "b"].map((name) => ({ type: "TXT", name, domain: textOf(state.id), data: name }));
    const hosts = ["c", "d"].map((name) => ({ ...www(textOf(state.id), "10.20.0.5"), name }));
    const configs = [...texts, ...hosts];
    const made: Kept[] = [];
    for (const config of configs) made.push(await provider.make(RECORD, config));
    for (const { id } of await list("dnsresourcerecords/"))
      await api.put(`dnsresourcerecords/${textOf(id)}/`, [["rrdata", "others"]]);
    for (const { id, fqdn } of await list("dnsresources/"))
      if (/^[cd]/.test(textOf(fqdn))) await api.put(`dnsresources/${textOf(id)}/`, [["ip_addresses", "10.20.0.6"]]);
    await anew();
    const read = await Promise.all(made.map((kept) => provider.read(RECORD, kept)));
    for (const [index, config] of configs.entries())
      expect(await provider.apply(RECORD, config, read[index])).toMatchObject({
        told: [],
        state: { data: config.data },
      });
  });

  test("a CNAME beside others is refused with the names of both, and given way to within one run", async () => {
    const { state } = await domain();
    const id = textOf(state.id);
    const there = await provider.make(RECORD, www(id, "10.20.0.5"));
    const cname = { type: "CNAME", name: "www", domain: id, data: "web.lab.example." };
    const [made] = await Promise.all([provider.make(RECORD, cname), provider.destroy(RECORD, there)]);
    expect(made.state.type).toBe("CNAME");
    const { told } = await provider.apply(RECORD, www(id, "10.20.0.5"));
    expect(told[0]).toMatchObject({ summary: "A CNAME and another record can't be at one name" });
    expect(told[0]?.detail).toContain("CNAME web.lab.example.");
  });
});

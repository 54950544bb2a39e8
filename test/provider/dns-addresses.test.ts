import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import { MaasSimulator } from "../../src/simulator";
import type { Seed } from "../../src/simulator/seed/notation";
import { type Kept, ProviderDriver } from "../support/provider-driver";
import { RegionFront } from "../support/region-front";

// MAAS reserves the addresses of DNS records, shares them between records, and deletes a name with its last address: what one
// record gives up may be another one's by then, in this run or of somebody else.

jest.setTimeout(60_000);

const V4 = "10.20.0.0/24";
const SEED: Seed = {
  fabrics: [{ name: "lab" }],
  subnets: [V4, "2001:db8:20::/64"].map((cidr) => ({ cidr, fabric: "lab", vid: 0 })),
  machines: [
    { hostname: "node1", interfaces: [{ name: "eth0", fabric: "lab", links: [{ mode: "auto", subnet: V4 }] }] },
  ],
};

const RECORD = "maas_dns_record";
const addresses = (name: string, data: string): Attributes => ({ type: "A/AAAA", name, domain: "maas", data });
const text = (name: string): Attributes => ({ type: "TXT", name, domain: "maas", data: "hello" });

type Rows = readonly Readonly<Record<string, unknown>>[];

let simulator: MaasSimulator;
let front: RegionFront;
let provider: ProviderDriver;
let api: MaasClient;

const clientWith = (key: string): MaasClient =>
  new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(key) });

/** As in another run: nothing is known of the region. */
async function anew(): Promise<void> {
  expect(await provider.configure()).toEqual([]);
}

async function use(key: string): Promise<void> {
  provider = await ProviderDriver.here({ MAAS_API_URL: front.url, MAAS_API_KEY: key });
  await anew();
}

async function start(maasVersion: string): Promise<void> {
  simulator = await MaasSimulator.start({ seed: SEED, maasVersion });
  front = await RegionFront.start(simulator.url);
  api = clientWith(simulator.apiKey);
  await use(simulator.apiKey);
}

afterEach(async () => {
  await provider.stop();
  await api.close();
  await front.stop();
  await simulator.stop();
});

/** What there is of names: each address or other data of each, and which addresses are reserved. */
const names = (): unknown => ({
  records: simulator.state.dnsRecords.map(({ fqdn, data }) => `${fqdn} ${data}`).sort(),
  reserved: [...simulator.state.reservedAddresses].sort(),
});

const NOTHING = { records: [], reserved: [] };

/** An address of the machine's interface, by its id. */
async function machineAddress(): Promise<string> {
  const [machine] = (await api.get("machines/")) as Rows;
  const [nic] = machine?.interface_set as Rows;
  const [link] = nic?.links as Rows;
  return textOf(link?.id);
}

describe.each(["3.4", "3.6", "3.7.3"])("addresses of DNS records on MAAS %s", (version) => {
  beforeEach(() => start(version));

  /** Destroys one and creates another one, each of them held at each of its calls. */
  async function inEachOrder(gone: Attributes, come: Attributes, there: unknown): Promise<void> {
    for (const held of ["the creation", "the destroy"]) {
      for (let at = 1, isHeld = true; isHeld; at += 1) {
        const former = await provider.make(RECORD, gone);
        let later: Kept | undefined;
        const create = async (): Promise<unknown> => (later = await provider.make(RECORD, come));
        const destroy = async (): Promise<void> => expect(await provider.destroy(RECORD, former)).toEqual([]);
        isHeld = await (held === "the creation"
          ? front.interleave(at, create, destroy)
          : front.interleave(at, destroy, create));
        expect([held, at, names()]).toEqual([held, at, there]);
        if (later !== undefined) expect(await provider.destroy(RECORD, later)).toEqual([]);
      }
    }
    expect(names()).toEqual(NOTHING);
  }

  test("one that another name gets in the same run stays with that", () =>
    inEachOrder(addresses("web", "10.20.0.5"), addresses("www", "10.20.0.5"), {
      records: ["www.maas 10.20.0.5"],
      reserved: ["10.20.0.5"],
    }));

  test("another record of the name stays when they go in the same run", () =>
    inEachOrder(addresses("www", "10.20.0.5 2001:db8:20::5"), text("www"), {
      records: ["www.maas hello"],
      reserved: [],
    }));

  test("they come when the only other record of the name goes in the same run", () =>
    inEachOrder(text("www"), addresses("www", "10.20.0.5"), {
      records: ["www.maas 10.20.0.5"],
      reserved: ["10.20.0.5"],
    }));

  test("one that somebody else's record has got meanwhile stays with that", async () => {
    const mine = await provider.make(RECORD, addresses("web", "10.20.0.5"));
    await anew();
    const read = await provider.read(RECORD, mine);
    await provider.make(RECORD, text("other"));
    await api.post("dnsresources/", [
      ["name", "theirs"],
      ["domain", "maas"],
      ["ip_addresses", "10.20.0.5"],
    ]);
    await provider.make(RECORD, addresses("web", "10.20.0.6"), read);
    expect(names()).toEqual({
      records: ["other.maas hello", "theirs.maas 10.20.0.5", "web.maas 10.20.0.6"],
      reserved: ["10.20.0.5", "10.20.0.6"],
    });
  });

  test("one stays with a record whose creation was answered too late", async () => {
    const web = await provider.make(RECORD, addresses("web", "10.20.0.5"));
    await provider.make(RECORD, text("other"));
    front.faults.set({ faults: [{ fault: "drop-after", methods: ["POST"], path: "dnsresources/", times: 1 }] });
    await provider.make(RECORD, addresses("www", "10.20.0.5"));
    await provider.make(RECORD, addresses("web", "10.20.0.6"), web);
    expect(names()).toMatchObject({ records: ["other.maas hello", "web.maas 10.20.0.6", "www.maas 10.20.0.5"] });
  });

  test("one stays with a record whose change was refused halfway", async () => {
    await provider.make(RECORD, text("www"));
    const www = await provider.make(RECORD, addresses("www", "10.20.0.5"));
    const web = await provider.make(RECORD, addresses("web", "10.20.0.6"));
    let puts = 0;
    front.refuses = ({ method }) => (method === "PUT" && (puts += 1) === 2 ? "Not now." : undefined);
    expect((await provider.apply(RECORD, addresses("www", "10.20.0.6"), www)).told).not.toEqual([]);
    front.refuses = () => undefined;
    await provider.make(RECORD, addresses("web", "10.20.0.7"), web);
    expect(names()).toMatchObject({ records: ["web.maas 10.20.0.7", "www.maas 10.20.0.6", "www.maas hello"] });
  });

  test("a name that MAAS says is taken, and does not list, is refused in MAAS's words after a few tries", async () => {
    const said = "Labels must be unique within their zone.";
    front.refuses = ({ method, path }) => (method === "POST" && path.endsWith("/dnsresources/") ? said : undefined);
    const { told } = await provider.apply(RECORD, addresses("www", "10.20.0.5"));
    expect(told).toMatchObject([{ detail: expect.stringContaining(said) as string }]);
    expect(front.seen.length).toBeLessThan(20);
  });

  test("one of a machine that has been released is no address any more: the record is changed and destroyed all the same", async () => {
    const made = await provider.make(RECORD, addresses("www", "10.20.0.5"));
    const [, number] = textOf(made.state?.id).split(":");
    await api.put(`dnsresources/${number}/`, [["ip_addresses", `10.20.0.5 ${await machineAddress()}`]]);
    await anew();
    const changed = await provider.make(RECORD, addresses("www", "10.20.0.6"), await provider.read(RECORD, made));
    expect(names()).toEqual({ records: ["www.maas 10.20.0.6"], reserved: ["10.20.0.6"] });
    await api.put(`dnsresources/${number}/`, [["ip_addresses", `10.20.0.6 ${await machineAddress()}`]]);
    await anew();
    expect(await provider.destroy(RECORD, await provider.read(RECORD, changed))).toEqual([]);
    expect(names()).toEqual(NOTHING);
  });

  test("a user who may not change the record loses no reservation by trying to destroy it", async () => {
    const user = clientWith(simulator.userApiKey);
    const form = [
      ["ip", "10.20.0.9"],
      ["hostname", "www"],
    ] as const;
    await user.post("ipaddresses/", form, { op: "reserve" });
    await user.close();
    await provider.stop();
    await use(simulator.userApiKey);
    const found = await provider.import(RECORD, "A/AAAA:www.maas");
    expect(await provider.destroy(RECORD, found)).toMatchObject([{ detail: expect.stringMatching(/403/) as string }]);
    expect(names()).toEqual({ records: ["www.maas 10.20.0.9"], reserved: ["10.20.0.9"] });
  });
});

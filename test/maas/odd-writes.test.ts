import fs, { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KINDS } from "../../lib/model/kinds";
import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import type { Fault } from "../../scripts/faults/fault-kinds";
import { FaultProxy } from "../../scripts/faults/fault-proxy";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import type { ObjectJson } from "../../src/maas/codec";
import { MaasError } from "../../src/maas/errors";
import { Journal } from "../../src/provider/journal";
import { openRegion } from "../../src/reconcile/kinds";
import { ObjectError, PartialChangeError } from "../../src/reconcile/objects/failure";
import { RegionObjects } from "../../src/reconcile/region-objects";
import { MaasSimulator } from "../../src/simulator";
import { CASES_SEED, KIND_CASES, type KindCase } from "../reconcile/support/kind-cases";
import { type Kept, ProviderDriver } from "../support/provider-driver";

// The answers to POST and PUT with one thing odd in them, as the region has done the work: no object gets into the record or
// the state without its id or with that of another one, and the next run comes to what was wanted.

jest.setTimeout(120_000);

/** What an object of another key has in its row. */
const OTHER_KEY: ObjectJson = {
  ...{ id: 7777, name: "other", hostname: "other", vid: 99, cidr: "10.99.0.0/24", mac_address: "02:00:00:00:77:77" },
  ...{ start_ip: "10.1.0.21", gateway_ip: "10.1.0.21", ip: "10.1.0.21" },
  fqdn: "other.lab.example",
};

const withId = (id: unknown) => (row: ObjectJson) => ({ ...row, id });

/** Each gives the odd answer; undefined where it would be none. */
const ODD: Readonly<Record<string, (row: ObjectJson) => unknown>> = {
  null: () => null,
  "a text": () => "ok",
  "an empty object": () => ({}),
  "a list of it": (row) => [row],
  "it, in another object": (row) => ({ result: row }),
  "no id": ({ id: _id, system_id: _systemId, ...row }) => row,
  "an id of null": withId(null),
  "an empty id": withId(""),
  "an id that is a text": withId("x"),
  "an id that is no whole number": withId(1.5),
  "another object": (row) => ({
    ...row,
    ...Object.fromEntries(Object.entries(OTHER_KEY).filter(([name]) => name in row)),
    ...("system_id" in row && { system_id: "other" }),
  }),
  "no links": (row) => ("links" in row ? { ...row, links: [] } : undefined),
  "no interfaces": (row) => ("interface_set" in row ? { ...row, interface_set: [] } : undefined),
};

let simulator: MaasSimulator;
let proxy: FaultProxy;
let client: MaasClient;
let direct: MaasClient;
let folder: string;

beforeAll(async () => {
  simulator = await MaasSimulator.start({ seed: CASES_SEED });
  proxy = await FaultProxy.start();
  const apiKey = ApiKey.parse(simulator.apiKey);
  const retry = { baseDelayMs: 1, maxDelayMs: 2, maxRetryAfterMs: 1, deadlineMs: 200 };
  client = new MaasClient({ apiUrl: ApiUrl.parse(proxy.url), apiKey, retry });
  direct = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey });
  folder = mkdtempSync(join(tmpdir(), "cdktf-maas-odd-"));
});

afterAll(async () => {
  jest.restoreAllMocks();
  await client.close();
  await direct.close();
  await proxy.stop();
  await simulator.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  // No power fails here: no test need wait for the disk.
  jest.spyOn(fs, "fsyncSync").mockReturnValue();
});

/** Answers the write of that number so; the region has done it. */
function answer(at: number, name: string): void {
  const fault: Fault = {
    name,
    carriedOut: 1,
    methods: ["POST", "PUT"],
    answer: (response, reply) => {
      const body = reply?.body.toString() ?? "";
      const odd = ODD[name]?.(JSON.parse(body) as ObjectJson);
      response.writeHead(200, { "content-type": "application/json" });
      response.end(odd === undefined ? body : JSON.stringify(odd));
    },
  };
  proxy.aim(simulator.url, { fault, at, kill: () => undefined });
}

const calm = (): void => proxy.aim(simulator.url);

async function begin({ prepare }: KindCase): Promise<void> {
  simulator.reset();
  calm();
  rmSync(folder, { recursive: true, force: true });
  await prepare?.(direct);
}

/** A run that knows nothing of earlier ones but what the journal has. */
function newRun(): RegionObjects {
  const journal = new Journal(folder, proxy.url);
  return new RegionObjects(openRegion(client, { intents: journal, restorations: journal }));
}

const make = async ({ kind, made }: KindCase): Promise<Attributes> =>
  (await newRun().create(KINDS[kind], made, false)).live;

async function change({ kind, changed }: KindCase, live: Attributes): Promise<Attributes> {
  const [of, id] = [KINDS[kind], textOf(live.id)];
  const prior = (await newRun().read(of, id, live)) ?? {};
  return newRun().update(of, id, prior, { ...prior, ...changed });
}

/** What the work gives; undefined when it failed in a way that a user can be told of. */
async function attempt(work: Promise<Attributes>): Promise<Attributes | undefined> {
  try {
    return await work;
  } catch (error) {
    if ([MaasError, ObjectError, PartialChangeError].some((known) => error instanceof known)) return undefined;
    throw error;
  }
}

const regionNow = (): unknown =>
  Object.entries(simulator.state).map(([name, value]: [string, unknown]) => [
    name,
    [value]
      .flat()
      .map((item) => JSON.stringify(item))
      .sort(),
  ]);

describe.each(Object.entries(KIND_CASES))("%s", (_title, of) => {
  test.each(["create", "change"] as const)("%s, with each odd answer to each write", async (operation) => {
    const prepare = async (): Promise<Attributes> => {
      await begin(of);
      return operation === "create" ? {} : make(of);
    };
    const work = (before: Attributes): Promise<Attributes> => (operation === "create" ? make(of) : change(of, before));

    const { id } = await work(await prepare());
    const goal = regionNow();
    const writes = proxy.seen.filter(({ method }) => method !== "GET").length - (operation === "create" ? 0 : 1);
    const wrong: string[] = [];
    for (const name of Object.keys(ODD)) {
      for (let at = 1; at <= Math.max(writes, 1); at += 1) {
        const before = await prepare();
        answer(at, name);
        const first = await attempt(work(before));
        const isHit = proxy.hit !== undefined;
        calm();
        if (!isHit) continue;
        const after = first ?? (await attempt(work(before)));
        if (after?.id !== id) wrong.push(`${name} at write ${at}: the id is ${textOf(after?.id ?? "none")}`);
        else if (JSON.stringify(regionNow()) !== JSON.stringify(goal))
          wrong.push(`${name} at write ${at}: not as wanted`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

/** The plugin as Terraform starts it for each run. */
async function plugin(): Promise<ProviderDriver> {
  const driver = await ProviderDriver.here({ MAAS_API_URL: proxy.url, MAAS_API_KEY: simulator.apiKey });
  expect(await driver.configure({ journal_path: folder, retry_timeout: 1 })).toEqual([]);
  return driver;
}

test.each(["DHCP", "DHCP relay"])("%s by the plugin, with each odd answer to its writes", async (title) => {
  const of = KIND_CASES[title] ?? { kind: "vlan_dhcp", made: {}, changed: {} };
  const type = KINDS[of.kind].type;
  for (const name of Object.keys(ODD)) {
    for (const operation of ["create", "change"] as const) {
      await begin(of);
      const driver = await plugin();
      const kept: Kept | undefined = operation === "create" ? undefined : await driver.make(type, of.made);
      const config = operation === "create" ? of.made : of.changed;
      answer(1, name);
      const first = await driver.apply(type, config, kept);
      expect(proxy.hit?.method).toBe("PUT");
      calm();
      const isMade = first.told.every(({ severity }) => severity !== "error");
      if (isMade || operation === "change") expect(textOf(first.state?.id)).toMatch(/^\d+$/);
      else expect(first.state).toBeUndefined();
      const second = await (await plugin()).make(type, config, first.state === undefined ? undefined : first);
      const vlan = (await direct.get(`vlans/${textOf(second.state.id)}/`)) as ObjectJson;
      expect([name, vlan.dhcp_on, vlan.relay_vlan !== null]).toEqual([name, title === "DHCP", title !== "DHCP"]);
    }
  }
});

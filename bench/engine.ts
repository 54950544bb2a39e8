// The engine beside a bare HTTP client on the same server: what it costs to know that nothing is to be done, to make all, and to remove
// all; and beside a naive client, which asks for each object by itself. Over no latency, 5 and 20 ms, and as slow as a real region.
import { Agent, request } from "node:http";
import { documentText, type NetworkDocument } from "../lib/model/document";
import { readDocument } from "../lib/model/document/read";
import { ApiKey, oauthHeader, SYSTEM_OAUTH_SOURCE } from "../src/maas/api-key";
import { ApiUrl } from "../src/maas/api-url";
import { MaasClient } from "../src/maas/client";
import { prepare } from "../src/reconcile/engine/plan/prepare";
import { MemoryRecordStore } from "../src/reconcile/engine/record/record-store";
import { openRegion } from "../src/reconcile/kinds";
import { MaasSimulator } from "../src/simulator";
import { CONCURRENCY, runEngine } from "./support/engine-run";
import { asDocument, estateOf } from "./support/estate";
import { ratio, table, timed } from "./support/table";

const OBJECTS = 2110;

/** How long a region takes for its answers, in milliseconds. */
interface Pace {
  readonly title: string;
  readonly change: number;
  /** Of all objects of a sort. */
  readonly list: number;
  readonly object: number;
}

const PACES: readonly Pace[] = [
  ...[0, 5, 20].map((ms) => ({ title: `${ms} ms`, change: ms, list: ms, object: ms })),
  // A real region, measured on loopback: a change beside three others, its lists with this estate, one object.
  { title: "MAAS 3.6", change: 38, list: 2500, object: 13 },
];

/** Sends requests to the region without reading anything of the answers. */
class BareClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });

  constructor(
    private readonly url: string,
    private readonly key: ApiKey,
  ) {}

  send(method: string, path: string, form?: Readonly<Record<string, string>>): Promise<string> {
    const headers = {
      authorization: oauthHeader(this.key, SYSTEM_OAUTH_SOURCE),
      ...(form && { "content-type": "application/x-www-form-urlencoded" }),
    };
    return new Promise((resolve, reject) => {
      const sent = request(`${this.url}/api/2.0/${path}`, { method, headers, agent: this.#agent }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.on("end", () =>
          (response.statusCode ?? 500) < 300 ? resolve(text) : reject(new Error(`${method} ${path}: ${text}`)),
        );
      });
      sent.on("error", reject);
      sent.end(form && new URLSearchParams(form).toString());
    });
  }

  stop(): void {
    this.#agent.destroy();
  }
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

const LISTS = ["fabrics/", "subnets/", "ipranges/"];

interface Row {
  readonly id: number;
  readonly name: string;
  readonly cidr: string;
  readonly vid: number;
}

/** Makes the estate with bare requests, as fast as the server takes them. */
async function makeBare(bare: BareClient, { objects }: NetworkDocument): Promise<void> {
  const ids = new Map<string, number>();
  const text = (value: unknown): string => String(value);
  await inParallel(objects.fabric ?? [], async ({ key }) => {
    ids.set(key, (JSON.parse(await bare.send("POST", "fabrics/", { name: key })) as Row).id);
  });
  await inParallel(objects.vlan ?? [], async ({ key, attributes: { fabric, vid, name } }) => {
    const path = `fabrics/${ids.get(text(fabric)) ?? ""}/vlans/`;
    ids.set(key, (JSON.parse(await bare.send("POST", path, { vid: text(vid), name: text(name) })) as Row).id);
  });
  await inParallel(objects.subnet ?? [], async ({ key, attributes: { cidr, vlan, name, gateway_ip } }) => {
    const own = { cidr: text(cidr), name: text(name), gateway_ip: text(gateway_ip) };
    const form = { ...own, vlan: String(ids.get(text(vlan)) ?? "") };
    ids.set(key, (JSON.parse(await bare.send("POST", "subnets/", form)) as Row).id);
  });
  await inParallel(objects.ip_range ?? [], ({ attributes: { subnet, start_ip, end_ip } }) =>
    bare.send("POST", "ipranges/", {
      ...{ type: "reserved", start_ip: text(start_ip), end_ip: text(end_ip) },
      subnet: String(ids.get(text(subnet)) ?? ""),
    }),
  );
}

/** One GET for each object, as a client without lists makes them. */
async function readNaively(bare: BareClient): Promise<number> {
  const rows = await Promise.all(
    LISTS.map(async (list) => (JSON.parse(await bare.send("GET", list)) as Row[]).map(({ id }) => `${list}${id}/`)),
  );
  const paths = rows.flat();
  await inParallel(paths, (path) => bare.send("GET", path));
  return paths.length;
}

async function measure({ title, change, list, object }: Pace): Promise<(string | number)[][]> {
  const document = readDocument(documentText(asDocument(estateOf(OBJECTS))));
  const start = async (): Promise<readonly [MaasSimulator, MaasClient, BareClient]> => {
    const simulator = await MaasSimulator.start({ faults: { latency: change } });
    const { url } = simulator;
    const apiKey = ApiKey.parse(simulator.apiKey);
    const client = new MaasClient({ apiUrl: ApiUrl.parse(url), apiKey });
    return [simulator, client, new BareClient(url, apiKey)];
  };
  const [other, unused, maker] = await start();
  const bareApply = await timed(() => makeBare(maker, document));
  maker.stop();
  await unused.close();
  await other.stop();

  const [simulator, client, bare] = await start();
  const store = new MemoryRecordStore();
  const run = (goal: "apply" | "destroy"): Promise<void> =>
    runEngine(client, store, { goal, document, url: simulator.url });
  const counted = async (
    latency: number,
    work: () => Promise<unknown>,
  ): Promise<readonly [ms: number, gets: number]> => {
    simulator.faults.set({ latency });
    simulator.requests.clear();
    const ms = await timed(work);
    return [ms, simulator.requests.count("GET")];
  };
  const record = (): NetworkDocument | undefined => store.record;
  const [applyMs, applyGets] = await counted(change, () => run("apply"));
  const [planMs, planGets] = await counted(list, () =>
    prepare(
      openRegion(client),
      { goal: "apply", document, ...(record() && { record: record() }) },
      { url: simulator.url, maxDeletions: Infinity },
    ),
  );
  const [listMs, listGets] = await counted(list, () => Promise.all(LISTS.map((list) => bare.send("GET", list))));
  const [naiveMs, naiveGets] = await counted(object, () => readNaively(bare));
  const [destroyMs, destroyGets] = await counted(change, () => run("destroy"));
  bare.stop();
  await client.close();
  await simulator.stop();
  const ms = (value: number): string => `${value.toFixed(0)} ms`;
  return [
    [title, "plan, nothing to do", ms(planMs), planGets, ms(listMs), listGets, ratio(planMs, listMs)],
    ["", "the same, a GET for each object", "", "", ms(naiveMs), naiveGets, ratio(planMs, naiveMs)],
    ["", "apply", ms(applyMs), applyGets, ms(bareApply), 0, ratio(applyMs, bareApply)],
    ["", "destroy", ms(destroyMs), destroyGets, "", "", ""],
  ];
}

async function main(): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const pace of PACES) rows.push(...(await measure(pace)));
  process.stdout.write(`${OBJECTS} objects, ${CONCURRENCY} requests at a time\n\n`);
  process.stdout.write(table(["region", "", "engine", "GETs", "bare client", "GETs", "engine to it"], rows));
}

void main();

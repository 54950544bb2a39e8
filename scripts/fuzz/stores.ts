import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import type { KindName } from "../../lib/model/field";
import { KINDS } from "../../lib/model/kinds";
import { isObject } from "../../lib/model/document";
import { readDocument } from "../../lib/model/document/read";
import { ChangesUnderWay } from "../../src/provider/instances/changes-under-way";
import { Handovers } from "../../src/provider/instances/handovers";
import { Journal } from "../../src/provider/journal";
import { KeptStates } from "../../src/provider/kept-states";
import { HttpRecordStore } from "../../src/reconcile/engine/record/http-store";
import { lockRecordFile } from "../../src/reconcile/engine/record/file-store";
import { PASSWORD, TAKEN } from "./judge";
import { changedDocument } from "./mutate";
import type { Json } from "./odd";
import type { Random } from "./random";
import { labDocument } from "./samples";
import { type Target, target } from "./target";

const REGION = "http://region.example:5240/MAAS";

const LINES: readonly Json[] = [
  ...[{ done: "a/1", id: "5" }, { refused: "a/2" }, { known: "a/1" }],
  ...["fabric", "subnet", "vlan"].map((kind, index) => ({
    ...{ intent: `a/${index + 1}`, time: "2026-11-26T00:00:00.000Z", region: REGION, kind, key: "lab" },
    ...{ sent: { name: "lab", mtu: 1500 }, original: { name: "x" } },
  })),
];

/** What earlier runs left in a folder is read, or ignored line by line: nothing in it stops a run. */
function journalTarget(folder: string): Target {
  return target<string>({
    name: "journals",
    input: (random) =>
      Array.from({ length: 1 + random.below(6) }, () => changedDocument(random.of(LINES), random)).join("\n"),
    play: (text) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "a.jsonl"), text);
      const journal = new Journal(folder, REGION);
      for (const kind of Object.keys(KINDS) as KindName[]) {
        const found = journal.find(kind, "lab");
        if (found !== undefined && (found.kind !== kind || typeof found.sent !== "object"))
          throw new Error(`found ${JSON.stringify(found)} for ${kind}`);
        journal.known(kind, "5");
      }
      rmSync(folder, { recursive: true });
      return TAKEN;
    },
  });
}

function handoverTarget(folder: string): Target {
  const kept: Json = { region: REGION, object: "subnet 5", heir: 1_790_000_000_000, original: { name: "x" } };
  const writer = new Handovers(folder, REGION);
  return target<string>({
    name: "handovers",
    input: (random) => changedDocument(kept, random),
    play: (text) => {
      // By its name, which is no concern of others.
      writer.write("subnet", "5", { heir: 1 });
      for (const file of readdirSync(folder)) writeFileSync(join(folder, file), text);
      const found = new Handovers(folder, REGION).find("subnet", "5");
      if (found !== undefined && !Number.isFinite(found.heir)) throw new Error(`an heir of ${found.heir}`);
      return TAKEN;
    },
  });
}

/** Whether a file of changes under way has a private state in which nothing has to be restored. */
function hasNothingToRestore(text: string): boolean {
  try {
    const { kept } = JSON.parse(text) as { readonly kept: string };
    const state: unknown = JSON.parse(kept);
    return isObject(state) && (state.original ?? undefined) === undefined;
  } catch {
    return false;
  }
}

/** What is damaged counts as none: an instance of which nothing is known is not deleted. */
function changesTarget(folder: string): Target {
  const kind = KINDS.subnet;
  const kept: Json = { region: REGION, object: "subnet 5", kept: JSON.stringify({ original: { name: "x" } }) };
  const writer = new ChangesUnderWay(folder, REGION);
  return target<string>({
    name: "changes under way",
    input: (random) => changedDocument(kept, random),
    play: (text) => {
      writer.record(kind, "5", {});
      for (const file of readdirSync(folder)) writeFileSync(join(folder, file), text);
      const states = new KeptStates();
      states.changes = new ChangesUnderWay(folder, REGION);
      const { isLost, original } = states.of(kind, { id: "5" }, new Uint8Array());
      if (isLost !== true && original === undefined && !hasNothingToRestore(text))
        throw new Error("the object counts as created");
      return TAKEN;
    },
  });
}

/** Above all that Linux gives to processes by default (`kernel.pid_max`). */
const NO_PROCESS = 2 ** 22 + 1;

/** The file beside a record that says whose it is. Where it says nothing, the lock may be somebody's and is not taken. */
function lockTarget(folder: string): Target {
  return target<string>({
    name: "locks of records",
    place: /record\.json\.lock/,
    atOnce: 20,
    input: (random) => changedDocument({ pid: NO_PROCESS, host: random.of(["elsewhere", hostname()]) }, random),
    play: async (text) => {
      const own = mkdtempSync(join(folder, "lock-"));
      writeFileSync(join(own, "record.json.lock"), text);
      const lock = await lockRecordFile(join(own, "record.json"));
      await lock.release();
      return TAKEN;
    },
  });
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** A record behind Terraform's HTTP backend whose server answers oddly. */
async function backendTarget(document: Json): Promise<Target> {
  let replies: Reply[] = [];
  const server = createServer((request, response) => {
    const { status, type, body } = replies.shift() ?? { status: 200, type: "application/json", body: "" };
    request.resume();
    response.writeHead(status, { "content-type": type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/state/maas-lab`;
  const settings = {
    TF_HTTP_LOCK_ADDRESS: `${address}/lock`,
    TF_HTTP_USERNAME: "ci",
    TF_HTTP_PASSWORD: PASSWORD,
  };
  const samples: readonly Json[] = [
    { format: "maas-network-record", version: 1, serial: 3, record: document },
    { format: "maas-network-record", version: 1, serial: 3, record: null },
    { ID: "0c2c", Operation: "OperationTypeApply", Who: "ci@runner", Created: "2026-11-26T00:00:00Z" },
  ];
  const reply = (random: Random): Reply => ({
    status: random.once(4) ? random.of([204, 301, 400, 401, 404, 409, 423]) : 200,
    type: random.of(["application/json", "text/html", "text/plain"]),
    body: changedDocument(random.of(samples), random),
  });
  return target<Reply[]>({
    name: "replies of an HTTP backend",
    place: /state\/maas-lab/,
    input: (random) => Array.from({ length: 6 }, () => reply(random)),
    play: async (given) => {
      replies = [...given];
      const store = new HttpRecordStore(address, settings, 0);
      const lock = await store.lock();
      const read = await store.read();
      await store.write(read ?? readDocument(JSON.stringify(document)));
      await lock.release();
      return TAKEN;
    },
    stop: () => new Promise((resolve) => server.close(resolve)),
  });
}

/** What runs leave for later runs. */
export async function storeTargets(): Promise<Target[]> {
  const folder = mkdtempSync(join(tmpdir(), "fuzz-"));
  const last = lockTarget(folder);
  return [
    journalTarget(join(folder, "journal")),
    handoverTarget(join(folder, "handovers")),
    changesTarget(join(folder, "changes")),
    await backendTarget(await labDocument()),
    { ...last, stop: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })) },
  ];
}

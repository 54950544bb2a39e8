import type { NetworkDocument } from "../../../lib/model/document";
import { textOf } from "../../../lib/model/text";
import { apiPath } from "../../../src/maas/api-url";
import type { ObjectJson } from "../../../src/maas/codec";
import { runSession } from "../../../src/reconcile/engine/run/session";
import { openRegion } from "../../../src/reconcile/kinds";
import { asRead, EngineUser } from "../../support/engine";
import { documentOf } from "./support/documents";
import { adopted, fabric, wanted } from "./support/objects";

jest.setTimeout(60_000);

const mac = (at: number): string => `52:54:00:00:01:0${at}`;
const RING = [0, 1, 2, 3];

let user: EngineUser;

beforeAll(async () => {
  const interfaces = RING.map((at) => ({ name: `eth${at}`, fabric: "seeded", mac_address: mac(at) }));
  user = await EngineUser.start({
    fabrics: [{ name: "seeded", vlans: [{ vid: 0 }] }],
    machines: [{ hostname: "node1", interfaces }],
  });
});

beforeEach(() => user.reset());

afterAll(() => user.stop());

/** Runs what the document takes, so many steps at a time. @returns the steps that failed, and those that were not tried */
function runAt(concurrency: number, document: NetworkDocument, goal: "apply" | "destroy" = "apply"): Promise<string[]> {
  const region = openRegion(user.api);
  return runSession(user.store, { goal, document: asRead(document) }, async (session) => {
    const planned = await session.plan(region, { url: user.simulator.url, maxDeletions: Infinity, force: [] });
    const { failed, notTried } = await session.execute(region, { ...planned, standing: [] }, { concurrency });
    return [...failed.map(({ step, error }) => `${step.key}: ${String(error)}`), ...notTried.map(({ key }) => key)];
  });
}

/** The interfaces of the machine, by MAC address, with names that are so many places further on. */
const interfacesAt = (shift: number) =>
  documentOf(
    RING.map((at) =>
      adopted(
        wanted("network_interface_physical", `node1/${mac(at)}`, {
          ...{ machine: "node1", mac_address: mac(at), name: `eth${(at + shift) % RING.length}` },
        }),
      ),
    ),
    { machine: ["node1"] },
  );

async function namesByMac(): Promise<readonly string[]> {
  const [machine] = (await user.api.get("machines/")) as readonly { readonly interface_set: readonly ObjectJson[] }[];
  const names = new Map((machine?.interface_set ?? []).map((nic) => [nic.mac_address, textOf(nic.name)]));
  return RING.map((at) => names.get(mac(at)) ?? "");
}

// One at a time, as `verify --watch --heal` runs, nothing that is in the way is under way.
describe.each([1, 2, 4])("%s at a time", (concurrency) => {
  test("interfaces exchange their names in a ring, again, and get those back that they had", async () => {
    const before = await namesByMac();
    for (const shift of [1, 2]) {
      expect(await runAt(concurrency, interfacesAt(shift))).toEqual([]);
      expect(await namesByMac()).toEqual(RING.map((at) => `eth${(at + shift) % RING.length}`));
    }
    expect(await runAt(concurrency, interfacesAt(2), "destroy")).toEqual([]);
    expect(await namesByMac()).toEqual(before);
  });

  test("fabrics get the names back that they exchanged outside, in a ring", async () => {
    const names = RING.map((at) => `lab${at}`);
    const document = documentOf(names.map((name) => fabric(name)));
    expect(await runAt(concurrency, document)).toEqual([]);
    const rows = (await user.api.get("fabrics/")) as readonly ObjectJson[];
    const ids = names.map((name) => textOf(rows.find((row) => row.name === name)?.id));
    const rename = (id: string, name: string): Promise<unknown> =>
      user.api.put(apiPath`fabrics/${id}/`, [["name", name]]);
    for (const id of ids) await rename(id, `aside-${id}`);
    for (const [at, id] of ids.entries()) await rename(id, names[(at + 1) % names.length] ?? "");
    expect(await runAt(concurrency, document)).toEqual([]);
    const after = (await user.api.get("fabrics/")) as readonly ObjectJson[];
    expect(ids.map((id) => after.find((row) => textOf(row.id) === id)?.name)).toEqual(names);
  });
});

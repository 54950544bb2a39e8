import type { ManagedKindName } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { textOf } from "../../../lib/model/text";
import type { ObjectJson } from "../../../src/maas/codec";
import { Snapshot } from "../../../src/maas/snapshot";
import { addressesInUse } from "../../../src/reconcile/engine/addresses-in-use";
import type { AddressesInUse } from "../../../src/reconcile/engine/guard";
import type { Step } from "../../../src/reconcile/engine/order";
import type { Region } from "../../../src/reconcile/region";
import { EngineUser } from "../../support/engine";

const [USED, RACKS, QUIET] = ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"];

let user: EngineUser;

beforeAll(async () => {
  const on = { fabric: "lab", vid: 0 };
  user = await EngineUser.start({
    fabrics: [{ name: "lab" }],
    subnets: [USED, RACKS, QUIET].map((cidr) => ({ cidr, ...on })),
    racks: [{ hostname: "rack1", interfaces: [{ name: "eth0", ...on, addresses: ["10.0.1.2/24"] }] }],
    machines: ["node1", "node2"].map((hostname, index) => ({
      hostname,
      interfaces: [
        { name: "eth0", ...on, links: [{ mode: "STATIC", subnet: USED, ip_address: `10.0.0.${9 + index}` }] },
      ],
    })),
  });
});

afterAll(() => user.stop());

const step = (action: Step["action"], kind: ManagedKindName, key: string, id: string, live: Attributes = {}): Step => ({
  ...{ action, kind, key, id, live, path: `lab/${key}`, differences: [], after: [] },
});

async function deletionOf(cidr: string): Promise<Step> {
  const rows = (await user.api.get("subnets/")) as readonly ObjectJson[];
  return step("delete", "subnet", cidr, textOf(rows.find((row) => row.cidr === cidr)?.id));
}

/** A client that gets this answer. */
const answering = (rows: readonly ObjectJson[]): Region["client"] => ({
  get: () => Promise.resolve(rows),
  post: user.api.post.bind(user.api),
  put: user.api.put.bind(user.api),
  delete: user.api.delete.bind(user.api),
});

async function inUse(
  steps: readonly Step[],
  racks: readonly string[] = [],
  client: Region["client"] = user.api,
): Promise<AddressesInUse[]> {
  const found = await addressesInUse({ client, snapshot: new Snapshot(client) }, steps, new Set(racks));
  return found.map(({ subnet, foreign }) => ({ subnet, foreign }));
}

test("addresses of nodes on a subnet that goes are told, with the nodes' names", async () => {
  expect(await inUse([await deletionOf(USED)])).toEqual([
    { subnet: USED, foreign: ["10.0.0.9 of node1", "10.0.0.10 of node2"] },
  ]);
});

test("the address of a link that goes in the same plan does not count", async () => {
  const linkStep = step("delete", "network_interface_link", `node1/eth0:10.0.0.9`, "x", { ip_address: "10.0.0.9" });
  expect(await inUse([await deletionOf(USED), linkStep])).toEqual([{ subnet: USED, foreign: ["10.0.0.10 of node2"] }]);
});

test("a rack's own address is expected where the document knows the rack, and makes the subnet one in use still", async () => {
  const deletion = await deletionOf(RACKS);
  expect(await inUse([deletion])).toEqual([{ subnet: RACKS, foreign: ["10.0.1.2 of rack1"] }]);
  expect(await inUse([deletion], ["rack1"])).toEqual([{ subnet: RACKS, foreign: [] }]);
});

test("what comes and goes by DHCP does not count, nor what is reserved for no node", async () => {
  const node_summary = { hostname: "node9" };
  const rows = [
    { ip: "10.0.2.5", alloc_type: 5, node_summary },
    { ip: "10.0.2.6", alloc_type: 6, node_summary },
    { ip: "10.0.2.4", alloc_type: 4 },
  ];
  expect(await inUse([await deletionOf(QUIET)], [], answering(rows))).toEqual([]);
  const assigned = { ip: "10.0.2.1", alloc_type: 1, node_summary };
  expect(await inUse([await deletionOf(QUIET)], [], answering([...rows, assigned]))).toEqual([
    { subnet: QUIET, foreign: ["10.0.2.1 of node9"] },
  ]);
});

test("a subnet that has gone already is in nobody's use", async () => {
  expect(await inUse([step("delete", "subnet", "10.9.0.0/24", "4711")])).toEqual([]);
});

test("one GET is made for each subnet that goes, and none for anything else", async () => {
  const [used, racks] = [await deletionOf(USED), await deletionOf(RACKS)];
  user.simulator.requests.clear();
  await inUse([step("delete", "vlan", "lab:10", "7"), { ...used, action: "update" }]);
  expect(user.simulator.requests.count()).toBe(0);
  await inUse([used, racks]);
  expect(user.simulator.requests.count()).toBe(2);
  expect(user.simulator.requests.count("GET", "op=ip_addresses")).toBe(2);
});

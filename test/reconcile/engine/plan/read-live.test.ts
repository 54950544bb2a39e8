import type { NetworkDocument } from "../../../../lib/model/document";
import type { DocumentKindName } from "../../../../lib/model/document/kinds";
import { Snapshot } from "../../../../src/maas/snapshot";
import { type LiveState, readLive, type Surroundings } from "../../../../src/reconcile/engine/plan/read-live";
import { EngineUser } from "../../../support/engine";
import { documentOf } from "../support/documents";

jest.setTimeout(60_000);

const COUNT = 12;

/** Up to how many objects of a collection are asked for one by one. */
const SINGLY = 8;

const numbers = Array.from({ length: COUNT }, (_, index) => index);
const cidr = (n: number): string => `10.0.${n}.0/24`;

let user: EngineUser;

beforeAll(async () => {
  user = await EngineUser.start({
    spaces: numbers.map((n) => ({ name: `s${n}` })),
    fabrics: numbers.map((n) => ({
      name: `f${n}`,
      vlans: n === 3 ? [{ vid: 0, dhcp_on: true, primary_rack: "r3" }] : [],
    })),
    subnets: numbers.map((n) => ({ cidr: cidr(n), fabric: `f${n}` })),
    ip_ranges: numbers.map((n) => ({ type: "dynamic", start_ip: `10.0.${n}.100`, end_ip: `10.0.${n}.199` })),
    racks: numbers.map((n) => ({
      hostname: `r${n}`,
      system_id: `rack${10 + n}`,
      interfaces: [{ name: "eth0", fabric: `f${n}` }],
    })),
    machines: numbers.map((n) => ({ hostname: `m${n}`, system_id: `mach${10 + n}`, interfaces: [] })),
  });
});

afterAll(() => user.stop());

const NAMES = {
  space: (n: number) => `s${n}`,
  fabric: (n: number) => `f${n}`,
  subnet: cidr,
  rack_controller: (n: number) => `r${n}`,
  machine: (n: number) => `m${n}`,
} as const satisfies Partial<Record<DocumentKindName, (n: number) => string>>;

/** A document that names so many objects of each of these kinds. */
const naming = (count: number, kinds = Object.keys(NAMES) as (keyof typeof NAMES)[]): NetworkDocument =>
  documentOf([], Object.fromEntries(kinds.map((kind) => [kind, numbers.slice(0, count).map(NAMES[kind])])));

/** What is read for some documents, and with which GETs. */
async function read(
  documents: readonly NetworkDocument[],
  extent?: Surroundings,
): Promise<{ readonly live: LiveState; readonly gets: readonly string[] }> {
  user.simulator.requests.clear();
  const live = await readLive({ client: user.api, snapshot: new Snapshot(user.api) }, documents, extent);
  const all = user.simulator.requests.all();
  expect(new Set(all.map(({ method }) => method)).size).toBe(all.length === 0 ? 0 : 1);
  return { live, gets: all.map(({ method, path }) => `${method} ${path.replace("/MAAS/api/2.0", "")}`).sort() };
}

test("nothing is asked for where nothing is named", async () => {
  const { live, gets } = await read([documentOf([])]);
  expect([live.objects, gets]).toEqual([[], []]);
});

test.each(Object.keys(NAMES) as (keyof typeof NAMES)[])(
  "up to eight objects of the kind %s are read one by one, more with one list, and each is found",
  async (kind) => {
    for (const [count, calls] of [
      [1, 1],
      [SINGLY, SINGLY],
      [SINGLY + 1, 1],
      [COUNT, 1],
    ] as const) {
      const { live, gets } = await read([naming(count, [kind])]);
      const racks = kind === "fabric" && count > 3 ? ["r3"] : [];
      expect(gets.filter((get) => !get.includes("rack") || kind === "rack_controller")).toHaveLength(calls);
      for (const n of numbers.slice(0, count)) expect(live.find(kind, NAMES[kind](n))?.key).toBe(NAMES[kind](n));
      expect(live.ofKind("rack_controller").map(({ key }) => key)).toEqual(expect.arrayContaining(racks));
    }
  },
);

test("the number of GETs is bounded, whatever is named: a list of each collection at the most, once there is more", async () => {
  const counts: number[] = [];
  for (const count of [2, 4, 6, SINGLY, SINGLY + 1, COUNT]) counts.push((await read([naming(count)])).gets.length);
  expect(Math.max(...counts)).toBeLessThanOrEqual(Object.keys(NAMES).length * SINGLY + 2);
  expect(counts.slice(-2)).toEqual([5, 5]);
});

test("the same object in two documents is asked for once", async () => {
  const { gets } = await read([naming(2, ["space"]), naming(3, ["space"])]);
  expect(gets).toHaveLength(3);
});

test("a VLAN, its DHCP, and the interface of a rack are read with their owner", async () => {
  const document = documentOf([], { vlan: ["f1:0"], vlan_dhcp: ["f2:0"], rack_interface: ["r4/eth0"] });
  const { live, gets } = await read([document]);
  expect(gets).toEqual(["GET /fabrics/name%3Af1/", "GET /fabrics/name%3Af2/", "GET /rackcontrollers/?hostname=r4"]);
  expect(live.find("vlan", "f1:0")).toBeDefined();
  expect(live.find("rack_interface", "r4/eth0")?.attributes.vlan).toBe("f4:0");
});

test("ranges are listed, once, where any is named", async () => {
  const key = `10.0.1.100-10.0.1.199 in ${cidr(1)}`;
  const { live, gets } = await read([documentOf([], { ip_range: [key, `10.0.2.100-10.0.2.199 in ${cidr(2)}`] })]);
  expect(gets).toEqual(["GET /ipranges/"]);
  expect(live.find("ip_range", key)?.attributes.type).toBe("dynamic");
});

test("racks that serve a VLAN and that nobody has named are known by their hostnames, too", async () => {
  const { live } = await read([documentOf([], { vlan_dhcp: ["f3:0"] })]);
  expect(live.find("vlan_dhcp", "f3:0")?.attributes.primary_rack_controller).toBe("r3");
});

test("racks and machines are found by their system ids, and known by their hostnames", async () => {
  const { live } = await read([documentOf([], { rack_controller: ["rack14"], machine: ["mach15"] })]);
  expect(live.findNamed("rack_controller", "rack14")?.key).toBe("r4");
  expect(live.findNamed("machine", "mach15")?.key).toBe("m5");
});

test("what the region does not have is left out", async () => {
  const absent = {
    space: ["nope"],
    fabric: ["nope"],
    subnet: ["10.9.0.0/24"],
    rack_controller: ["nope"],
    machine: ["nope"],
  };
  expect((await read([documentOf([], absent)])).live.objects).toEqual([]);
});

test("the surroundings are all subnets and ranges, named or not, with two lists", async () => {
  const { live, gets } = await read([naming(1, ["subnet"])], { surroundings: true });
  expect(gets).toEqual(["GET /ipranges/", "GET /subnets/"]);
  expect([live.ofKind("subnet").length, live.ofKind("ip_range").length]).toEqual([COUNT, COUNT]);
});

import * as fc from "fast-check";
import { MaasNoEndpointError, MaasNotFoundError } from "../../src/maas/errors";
import type { ObjectJson } from "../../src/maas/codec";
import { type Reader, Snapshot } from "../../src/maas/snapshot";

/** A region of fabrics with one VLAN each, of subnets and of ranges, that counts what it is asked. */
class CountingRegion implements Reader {
  readonly asked: string[] = [];

  constructor(readonly size: number) {}

  get(path: string): Promise<unknown> {
    this.asked.push(path);
    const [, collection = "", id] = /^([a-z]+)\/(?:([^/]+)\/)?$/.exec(decodeURIComponent(path)) ?? [];
    const all = Array.from({ length: this.size }, (_, index) => this.row(collection, index));
    if (id === undefined) return Promise.resolve(all);
    const found = all.find((row) => String(row.id as number) === id || `name:${String(row.name)}` === id);
    return found === undefined ? Promise.reject(this.notFound(path)) : Promise.resolve(found);
  }

  private row(collection: string, id: number): ObjectJson {
    const vlan = { id: 5000 + id, vid: 0, fabric_id: id };
    if (collection === "vlans") return vlan;
    if (collection === "fabrics") return { id, name: `f${id}`, vlans: [vlan] };
    return { id, name: `n${id}`, cidr: `10.${id >> 8}.${id & 255}.0/24`, vlan };
  }

  private notFound(path: string): MaasNotFoundError {
    const request = { method: "GET" as const, path, url: path };
    const failure = {
      outcome: "refused" as const,
      recovery: "never" as const,
      status: 404,
      body: "",
      retryAfterMs: undefined,
      said: "",
      isForeign: false,
    };
    return new MaasNotFoundError(request, "gone", failure);
  }
}

const COLLECTIONS = ["fabrics", "vlans", "subnets", "ipranges"] as const;

const reads = fc.array(
  fc.record({ collection: fc.constantFrom(...COLLECTIONS), id: fc.nat(120), byName: fc.boolean() }),
  { maxLength: 300 },
);

/** The id of the n-th object: VLANs count from 5000. */
const idOf = (collection: string, index: number): number => (collection === "vlans" ? 5000 + index : index);

/** A region whose answers wait until they are let go; each is made when it is asked for. */
class SlowRegion extends CountingRegion {
  readonly #held: (() => void)[] = [];

  override async get(path: string): Promise<unknown> {
    const answer = await super.get(path);
    await new Promise<void>((resolve) => this.#held.push(resolve));
    return answer;
  }

  answer(): void {
    for (const resolve of this.#held.splice(0)) resolve();
  }
}

describe("Snapshot while a list is under way", () => {
  const subnet = (id: number): ObjectJson => ({
    id,
    cidr: `10.0.${id}.0/24`,
    vlan: { id: 5000, vid: 0, fabric_id: 0 },
  });

  async function listed(change: (snapshot: Snapshot) => void): Promise<Snapshot> {
    const region = new SlowRegion(3);
    const snapshot = new Snapshot(region);
    const list = snapshot.list("subnets");
    await new Promise(setImmediate);
    change(snapshot);
    region.answer();
    await list;
    return snapshot;
  }

  it("keeps what is made meanwhile: the list may have been made before", async () => {
    const snapshot = await listed((one) => one.changed("subnets", subnet(7)));
    expect([await snapshot.read("subnets", "7"), await snapshot.find("subnets", "10.0.7.0/24")]).toEqual([
      subnet(7),
      subnet(7),
    ]);
    expect(await snapshot.list("subnets")).toHaveLength(4);
  });

  it("keeps what is changed meanwhile", async () => {
    const snapshot = await listed((one) => one.changed("subnets", { ...subnet(1), name: "changed" }));
    expect(await snapshot.read("subnets", "1")).toMatchObject({ name: "changed" });
  });

  it("does not bring back what is deleted meanwhile", async () => {
    const snapshot = await listed((one) => one.removed("subnets", "1"));
    expect(await snapshot.read("subnets", "1")).toBeUndefined();
    expect(await snapshot.list("subnets")).toHaveLength(2);
  });
});

describe("Snapshot", () => {
  it("answers every read as the region would, in at most 24 single reads and one list a collection", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 100 }), reads, fc.boolean(), async (size, wanted, together) => {
        const region = new CountingRegion(size);
        const snapshot = new Snapshot(region);
        const ask = async ({ collection, id, byName }: (typeof wanted)[number]): Promise<void> => {
          const found =
            byName && collection === "fabrics"
              ? await snapshot.find("fabrics", `f${id}`)
              : await snapshot.read(collection, String(idOf(collection, id)));
          expect(found?.id).toBe(id < size ? idOf(collection, id) : undefined);
        };
        if (together) await Promise.all(wanted.map(ask));
        else for (const one of wanted) await ask(one);
        const lists = region.asked.filter((path) => /^[a-z]+\/$/.test(path));
        expect(new Set(lists).size).toBe(lists.length);
        expect(region.asked.length - lists.length).toBeLessThanOrEqual(24);
      }),
      { numRuns: 60 },
    );
  });

  it("asks for one object once, however many ask at the same time", async () => {
    const region = new CountingRegion(3);
    const snapshot = new Snapshot(region);
    await Promise.all(Array.from({ length: 10 }, () => snapshot.read("subnets", "1")));
    await Promise.all(Array.from({ length: 10 }, () => snapshot.find("fabrics", "f2")));
    expect(region.asked).toEqual(["subnets/1/", "fabrics/name%3Af2/"]);
  });

  it("answers for the VLANs of a fabric that it has read", async () => {
    const region = new CountingRegion(3);
    const snapshot = new Snapshot(region);
    await snapshot.read("fabrics", "2");
    expect(await snapshot.read("vlans", "5002")).toMatchObject({ fabric_id: 2 });
    expect(region.asked).toHaveLength(1);
  });

  it("knows what was made, changed and removed since it listed the collection", async () => {
    const region = new CountingRegion(3);
    const snapshot = new Snapshot(region);
    await snapshot.list("subnets");
    snapshot.remember("subnets", { id: 77, cidr: "10.9.0.0/24" });
    snapshot.changed("subnets", { id: 1, cidr: "10.8.0.0/24" });
    snapshot.removed("subnets", "2");
    expect((await snapshot.list("subnets")).map(({ id }) => id)).toEqual([0, 1, 77]);
    expect(await snapshot.find("subnets", "10.8.0.0/24")).toMatchObject({ id: 1 });
    expect(await snapshot.read("subnets", "2")).toBeUndefined();
    expect(region.asked).toEqual(["subnets/"]);
  });

  it("reads again what a change elsewhere has made out of date", async () => {
    const region = new CountingRegion(3);
    const snapshot = new Snapshot(region);
    await snapshot.read("subnets", "1");
    snapshot.changed("vlans", { id: 5001, vid: 7, fabric_id: 1 });
    await snapshot.read("subnets", "1");
    expect(region.asked).toEqual(["subnets/1/", "subnets/1/"]);
  });

  it("does not keep a failure: the next read asks again", async () => {
    let isDown = true;
    const snapshot = new Snapshot({
      get: () => (isDown ? Promise.reject(new Error("down")) : Promise.resolve({ id: 1 })),
    });
    await expect(snapshot.read("subnets", "1")).rejects.toThrow("down");
    isDown = false;
    expect(await snapshot.read("subnets", "1")).toEqual({ id: 1 });
  });

  it("reads up to eight objects that are wanted at once one by one, and lists the collection for more", async () => {
    const names = (count: number): ReadonlySet<string> => new Set(Array.from({ length: count }, (_, n) => `f${n}`));
    for (const [count, calls] of [
      [1, 1],
      [8, 8],
      [9, 1],
    ] as const) {
      const region = new CountingRegion(20);
      const { fabrics } = await new Snapshot(region).rows({ fabrics: { keys: names(count) } });
      expect(fabrics.map(({ name }) => name)).toEqual(expect.arrayContaining([...names(count)]));
      expect(region.asked).toHaveLength(calls);
    }
  });

  it("lists what is wanted at once where less of the budget is left, and asks nothing for what it knows", async () => {
    const region = new CountingRegion(20);
    const snapshot = new Snapshot(region, 5);
    for (const id of ["1", "2", "3"]) await snapshot.read("subnets", id);
    const keys = new Set(["f1", "f2", "f3"]);
    await snapshot.rows({ fabrics: { keys } });
    await snapshot.rows({ fabrics: { keys }, subnets: { keys: new Set(), ids: new Set(["1", "2"]) } });
    expect(region.asked).toEqual(["subnets/1/", "subnets/2/", "subnets/3/", "fabrics/"]);
  });

  it("gives the objects with the wanted keys, those with the wanted ids, and nothing of other collections", async () => {
    const region = new CountingRegion(20);
    const wanted = { keys: new Set(["f1", "absent"]), ids: new Set(["1", "7"]) };
    const rows = await new Snapshot(region).rows({ fabrics: wanted });
    expect(rows.fabrics.map(({ name }) => name)).toEqual(["f1", "f7"]);
    expect([rows.subnets, rows.vlans, rows.machines]).toEqual([[], [], []]);
    expect(region.asked).toHaveLength(3);
  });

  it("has no objects of a collection that the release of MAAS lacks, but does not hide that others are missing", async () => {
    const request = { method: "GET" as const, path: "", url: "" };
    const failure = {
      outcome: "refused",
      recovery: "never",
      status: 404,
      body: "",
      retryAfterMs: undefined,
      said: "",
      isForeign: false,
    } as const;
    const snapshot = new Snapshot({ get: () => Promise.reject(new MaasNoEndpointError(request, "none", failure)) });
    expect(await snapshot.list("reservedips")).toEqual([]);
    await expect(snapshot.list("subnets")).rejects.toThrow(MaasNoEndpointError);
  });

  it("tells machines of one hostname apart by their FQDN, in one GET each, in any case", async () => {
    const asked: unknown[] = [];
    const machines = ["a", "b"].map((domain) => ({ system_id: `sys-${domain}`, hostname: "n1", fqdn: `n1.${domain}` }));
    const snapshot = new Snapshot({ get: (path, query) => (asked.push([path, query]), Promise.resolve(machines)) });
    expect(await snapshot.find("machines", "N1.B")).toMatchObject({ system_id: "sys-b" });
    expect(await snapshot.find("machines", "n1.a")).toMatchObject({ system_id: "sys-a" });
    expect(asked).toEqual([["machines/", { hostname: "n1" }]]);
  });

  describe.each([
    ["subnets", "cidr", (n: number) => `10.${n >> 8}.${n & 255}.0/24`],
    ["fabrics", "name", (n: number) => `f${n}`],
    ["ipranges", "start_ip", (n: number) => `10.${n >> 8}.${n & 255}.1-10.${n >> 8}.${n & 255}.9`],
    ["machines", "hostname", (n: number) => `m${n}`],
  ] as const)("of %s", (collection, attribute, keyOf) => {
    /** How often the attribute is read while each of so many objects is looked up by its natural key. */
    async function readsFor(size: number): Promise<number> {
      let reads = 0;
      const rows = Array.from({ length: size }, (_, n): ObjectJson => {
        const [start, end] = keyOf(n).split("-");
        const values = { cidr: keyOf(n), name: keyOf(n), hostname: keyOf(n), start_ip: start, end_ip: end };
        const row = { id: n, system_id: `s${n}`, ...values };
        return Object.defineProperty(row, attribute, { get: () => ((reads += 1), values[attribute]) });
      });
      const snapshot = new Snapshot({ get: () => Promise.resolve(rows) });
      await snapshot.list(collection);
      for (const [n, row] of rows.entries()) expect(await snapshot.find(collection, keyOf(n))).toBe(row);
      return reads;
    }

    it("finds n objects by natural key in n steps, not n²", async () => {
      expect(await readsFor(1600)).toBe(8 * (await readsFor(200)));
    });
  });
});

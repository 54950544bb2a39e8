import type { NetworkDocument } from "../../lib/model/document";
import { EngineUser } from "../support/engine";
import { ProviderDriver, type Kept } from "../support/provider-driver";

const fabricNames = ["lab-a", "lab-b"];

const ours = (names = fabricNames): NetworkDocument => ({
  objects: {
    fabric: names.map((name) => ({ key: name, path: `stack/${name}`, origin: "create", attributes: { name } })),
  },
  suppressions: [],
});

describe("a region that was restored from an older backup", () => {
  let user: EngineUser;

  const fabric = (name: string): Promise<unknown> => user.api.post("fabrics/", [["name", name]]);
  const names = (): string[] => [...user.simulator.state.fabrics].sort();

  beforeEach(async () => {
    user = await EngineUser.start({});
  });
  afterEach(() => user.stop());

  /** The region as it was before anything was made, in which other people have made objects since: with the same ids. */
  async function restoreAndReuse(foreign: readonly string[]): Promise<void> {
    user.simulator.reset();
    for (const name of foreign) await fabric(name);
  }

  test("is told by the engine, which changes and deletes nothing of others", async () => {
    await user.run(ours());
    await restoreAndReuse(["theirs-a", "theirs-b"]);
    for (const goal of ["apply", "destroy"] as const) {
      const { refusals } = await user.prepare(ours(), goal);
      expect(refusals.map(({ id }) => id)).toContain("restored");
      const { about = [] } = refusals.find(({ id }) => id === "restored") ?? {};
      expect(about).toEqual([
        expect.stringMatching(/fabric lab-a .*: id \d+ is theirs-a now/),
        expect.stringMatching(/fabric lab-b .*: id \d+ is theirs-b now/),
      ]);
    }
    expect(names()).toEqual(expect.arrayContaining(["theirs-a", "theirs-b"]));
  });

  /** Objects of two kinds: their ids are counted by MAAS apart. */
  const mixed: NetworkDocument = {
    objects: {
      space: [{ key: "green", path: "stack/green", origin: "create", attributes: { name: "green" } }],
      ...ours(["lab-a"]).objects,
    },
    suppressions: [],
  };

  const restoredIn = async (document: NetworkDocument, goal: "apply" | "destroy"): Promise<readonly string[]> =>
    (await user.prepare(document, goal)).refusals.find(({ id }) => id === "restored")?.about ?? [];

  test("is told by one object each of several kinds", async () => {
    await user.run(mixed);
    await restoreAndReuse(["theirs-a"]);
    await user.api.post("spaces/", [["name", "blue"]]);
    for (const goal of ["apply", "destroy"] as const)
      expect(await restoredIn(mixed, goal)).toEqual([
        expect.stringMatching(/space green .*: id \d+ is blue now/),
        expect.stringMatching(/fabric lab-a .*: id \d+ is theirs-a now/),
      ]);
  });

  test("is told by one object, where a newer one of its kind is gone", async () => {
    await user.run(ours());
    await restoreAndReuse(["theirs-a"]);
    for (const goal of ["apply", "destroy"] as const)
      expect(await restoredIn(ours(), goal)).toEqual([
        expect.stringMatching(/fabric lab-a .*: id \d+ is theirs-a now/),
      ]);
  });

  test("in which one object has another name is drift, as one that was renamed by hand is", async () => {
    await user.run(ours());
    const [{ id } = { id: 0 }] = (await user.api.get("fabrics/")) as { id: number; name: string }[];
    await user.api.put(`fabrics/${id}/`, [["name", "by-hand"]]);
    const { refusals } = await user.prepare(ours());
    expect(refusals.map((refusal) => refusal.id)).not.toContain("restored");
  });

  test("without objects of others under our ids is made whole", async () => {
    await user.run(ours());
    await restoreAndReuse([]);
    const { refusals } = await user.prepare(ours());
    expect(refusals).toEqual([]);
    await user.run(ours());
    expect(names()).toEqual(expect.arrayContaining(fabricNames));
  });

  test("is not what a document is taken for that renames several objects", async () => {
    await user.run(ours());
    const { refusals } = await user.prepare(ours(["lab-c", "lab-d"]));
    expect(refusals.map(({ id }) => id)).not.toContain("restored");
  });

  describe("is told by the provider", () => {
    let provider: ProviderDriver;
    let states: Kept[];

    const driver = async (): Promise<ProviderDriver> => {
      const { url, apiKey } = user.simulator;
      const started = await ProviderDriver.here({ MAAS_API_URL: url, MAAS_API_KEY: apiKey });
      expect(await started.configure()).toEqual([]);
      return started;
    };

    beforeEach(async () => {
      provider = await driver();
      states = [];
      for (const name of fabricNames) states.push(await provider.make("maas_fabric", { name }));
    });
    afterEach(() => provider.stop());

    /** What Terraform does for a plan: everything is read first. */
    async function refreshed(): Promise<Kept[]> {
      await provider.stop();
      provider = await driver();
      const read: Kept[] = [];
      for (const state of states) read.push(await provider.read("maas_fabric", state));
      return read;
    }

    test("when it plans to rename objects of others", async () => {
      await restoreAndReuse(["theirs-a", "theirs-b"]);
      const read = await refreshed();
      const [first, second] = [
        await provider.plan("maas_fabric", { name: "lab-a" }, read[0]),
        await provider.plan("maas_fabric", { name: "lab-b" }, read[1]),
      ];
      expect(first.told).toEqual([]);
      expect(second.told).toEqual([
        expect.objectContaining({
          severity: "error",
          summary: expect.stringMatching(/is theirs-b now, and lab-b in the state/) as string,
        }),
      ]);
    });

    test("when it plans to delete objects of others", async () => {
      await restoreAndReuse(["theirs-a", "theirs-b"]);
      const told = [];
      for (const one of await refreshed()) told.push(...(await provider.planDestroy("maas_fabric", one)));
      expect(told.filter(({ severity }) => severity === "error")).toHaveLength(1);
    });

    test("by one object, where a newer one of its kind is gone", async () => {
      await restoreAndReuse(["theirs-a"]);
      const [read] = await refreshed();
      expect((await provider.plan("maas_fabric", { name: "lab-a" }, read)).told).toEqual([
        expect.objectContaining({ severity: "error", summary: expect.stringContaining("restored") as string }),
      ]);
    });

    test("and not where one object was renamed by hand and an older one is gone", async () => {
      const [first, second] = ((await user.api.get("fabrics/")) as { id: number; name: string }[]).filter(({ name }) =>
        fabricNames.includes(name),
      );
      await user.api.delete(`fabrics/${first?.id}/`);
      await user.api.put(`fabrics/${second?.id}/`, [["name", "by-hand"]]);
      const [, read] = await refreshed();
      expect((await provider.plan("maas_fabric", { name: "lab-b" }, read)).told).toEqual([]);
    });

    test("and not where an apply was cut off that had renamed several objects", async () => {
      for (const [at, row] of ((await user.api.get("fabrics/")) as { id: number; name: string }[])
        .filter(({ name }) => fabricNames.includes(name))
        .entries())
        await user.api.put(`fabrics/${row.id}/`, [["name", `next-${at}`]]);
      const read = await refreshed();
      for (const [at, one] of read.entries())
        expect((await provider.plan("maas_fabric", { name: `next-${at}` }, one)).told).toEqual([]);
    });
  });
});

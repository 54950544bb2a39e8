import * as fc from "fast-check";
import type { NetworkDocument } from "../../../../lib/model/document";
import { InputFileError } from "../../../../src/reconcile/engine/input-error";
import { RefusedError } from "../../../../src/reconcile/engine/plan/guard";
import {
  MemoryRecordStore,
  RecordLockedError,
  type RecordStore,
} from "../../../../src/reconcile/engine/record/record-store";
import { openSession, runSession, type SessionRequest } from "../../../../src/reconcile/engine/run/session";
import { asRead, EngineUser } from "../../../support/engine";
import { documentOf } from "../support/documents";
import { Life, regionOf, type Run, type RunSettings, storeOf } from "../support/life";
import { adopted, dhcp, fabric, nic, range, space, subnet, vlan } from "../support/objects";

jest.setTimeout(120_000);

const V4 = "10.0.0.0/24";
const RACKS = { rack_controller: ["rack1"] };

let user: EngineUser;

beforeAll(async () => {
  user = await EngineUser.start({
    fabrics: [{ name: "spare" }],
    racks: [{ hostname: "rack1", interfaces: [{ name: "eth0" }, { name: "eth1", fabric: "spare" }] }],
  });
});

afterAll(() => user.stop());

beforeEach(() => user.reset());

/** Plans and executes in one session. */
const run = (
  request: Partial<SessionRequest> & { readonly document: NetworkDocument },
  { life = new Life(), ...settings }: RunSettings & { readonly life?: Life } = {},
): Promise<Run> => life.run(user, { goal: "apply", ...request }, settings);

const FIRST = documentOf(
  [
    ...[space("green"), fabric("lab"), vlan("lab:10", { space: "green" }), vlan("lab:20")],
    ...[subnet(V4, "lab:10", { gateway_ip: "10.0.0.1" }), range(V4, "dynamic", "10.0.0.100-10.0.0.199")],
    ...[nic("rack1/eth1", "lab:10"), dhcp("lab:10", "rack1")],
  ],
  RACKS,
);

const SECOND = documentOf(
  [
    ...[space("blue"), fabric("lab", { class_type: "10g" }), vlan("lab:10", { space: "blue" }), vlan("lab:30")],
    ...[subnet(V4, "lab:10", { dns_servers: ["10.0.0.2"] }), range(V4, "dynamic", "10.0.0.150-10.0.0.199")],
    ...[subnet("10.1.0.0/24", "lab:30"), adopted(nic("rack1/eth1", "lab:10")), dhcp("lab:10", "rack1")],
  ],
  RACKS,
);

const RUNS: Readonly<
  Record<string, { readonly before?: NetworkDocument; readonly request: Pick<SessionRequest, "goal" | "document"> }>
> = {
  "a first apply": { request: { goal: "apply", document: FIRST } },
  "an apply that makes, changes and deletes": { before: FIRST, request: { goal: "apply", document: SECOND } },
  "a destroy": { before: FIRST, request: { goal: "destroy", document: FIRST } },
};

describe.each(Object.entries(RUNS))("%s", (_, { before, request }) => {
  const start = async (): Promise<void> => {
    user.reset();
    if (before !== undefined) await run({ document: before });
  };

  test("has the record of both runs before its first change, and its own after the last one", async () => {
    await start();
    const life = new Life();
    const { ended } = await run(request, { life });
    expect(ended).toMatchObject({ failed: [], notTried: [] });
    expect(life.effects[0]).toBe("record");
    expect(life.effects.at(-1)).toBe(request.goal === "destroy" ? "no record" : "record");
    expect(life.effects.filter((effect) => effect.includes("record"))).toHaveLength(2);
  });

  test("is finished by the next one wherever it is cut off, and leaves no lock", async () => {
    await start();
    const whole = new Life();
    await run(request, { life: whole });
    const [state, record] = [user.state, user.record];
    for (const when of ["before", "after"] as const)
      for (let at = 1; at <= whole.effects.length; at += 1) {
        await start();
        // A failed step is an outcome; a record that can't be written is an error.
        const cut = run(request, { life: new Life({ at, when }) });
        const isCut = await cut.then(
          ({ ended }) => ended.failed.length > 0,
          () => true,
        );
        const where = { when, effect: whole.effects[at - 1] };
        expect({ ...where, isCut, isLocked: user.store.isLocked }).toEqual({ ...where, isCut: true, isLocked: false });
        const { planned, ended } = await run(request);
        expect({ ...where, refusals: planned.refusals }).toEqual({ ...where, refusals: [] });
        expect({ ...where, failed: ended.failed, state: user.state }).toEqual({ ...where, failed: [], state });
        expect(user.record === undefined).toBe(record === undefined);
        expect((await run(request)).planned.plan.steps).toEqual([]);
      }
  });
});

test("what MAAS never reports ends as the last document has it, wherever the runs before were cut off and whatever they set", async () => {
  // A fabric that is made and one that is adopted, with a tagged and the untagged VLAN of each.
  const described = (prefix: string, text: string | undefined): NetworkDocument => {
    const said = text === undefined ? {} : { description: text };
    const [made, there] = [`${prefix}lab`, "spare"];
    return documentOf([
      ...[
        { ...fabric(made, said), path: "lab" },
        { ...vlan(`${made}:0`, said), path: "v0" },
      ],
      ...[{ ...vlan(`${made}:10`, said), path: "v10" }, adopted(fabric(there, said))],
      ...[adopted(vlan(`${there}:0`, said)), vlan(`${there}:7`, said)],
    ]);
  };
  const descriptions = (): string[] => {
    const { fabrics = [], vlans = [] } = user.simulator.document;
    const lab = [...fabrics, ...vlans].filter(
      ({ name, fabric: of }: { name?: string; fabric?: string }) => ![name, of].includes("fabric-0"),
    );
    return lab.map(({ description = "" }) => description);
  };
  const texts = fc.constantFrom(undefined, "one", "two");
  const cut = fc.record({
    at: fc.integer({ min: 1, max: 9 }),
    when: fc.constantFrom("before" as const, "after" as const),
  });
  const runs = fc.array(fc.record({ text: texts, prefix: fc.constantFrom("", "my-"), cut: fc.option(cut) }), {
    minLength: 1,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(runs, async (before) => {
      user.reset();
      for (const { text, prefix, cut } of before)
        await run({ document: described(prefix, text) }, { life: new Life(cut ?? undefined) }).catch(() => undefined);
      const last = before.at(-1);
      const document = described(last?.prefix ?? "", last?.text);
      expect((await run({ document })).ended.failed).toEqual([]);
      expect(new Set(descriptions())).toEqual(new Set([last?.text ?? ""]));
      expect((await run({ document })).planned.plan.steps).toEqual([]);
    }),
    {
      numRuns: 40,
      // A fabric is renamed after a run that was cut off once its VLANs were made: the record has no ids of them. In the
      // second one the renaming is cut off too, and the description that is to go is on record under the former name.
      examples: [
        [
          [
            { text: undefined, prefix: "", cut: { at: 5, when: "before" } },
            { text: undefined, prefix: "my-", cut: null },
          ],
        ],
        [
          [
            { text: "one", prefix: "my-", cut: { at: 5, when: "before" } },
            { text: undefined, prefix: "", cut: { at: 2, when: "after" } },
          ],
        ],
      ],
    },
  );
});

describe("a session", () => {
  test("that only plans reads the record, and neither locks nor writes it", async () => {
    await run({ document: FIRST });
    const life = new Life();
    const lock = await user.store.lock();
    const session = await openSession(storeOf(user, life), { goal: "apply", document: asRead(SECOND) });
    const { plan, standing } = await session.plan(regionOf(user, life), { url: user.simulator.url, force: [] });
    await lock.release();
    expect([life.effects, standing]).toEqual([[], []]);
    expect(plan.steps.map(({ action, kind, key }) => `${action} ${kind} ${key}`)).toContain("delete space green");
  });

  test("that may execute has the record to itself, and asks a region nothing while another one has it", async () => {
    const lock = await user.store.lock();
    user.simulator.requests.clear();
    await expect(run({ document: FIRST })).rejects.toThrow(RecordLockedError);
    expect(user.simulator.requests.count()).toBe(0);
    await lock.release();
    await run({ document: FIRST });
    expect(user.store.isLocked).toBe(false);
  });

  test("says that all changes are made where only the record after them can't be written, and is finished by the next one", async () => {
    let writes = 0;
    const store: RecordStore = {
      ...storeOf(user, new Life()),
      write: (record) =>
        (writes += 1) === 2 ? Promise.reject(new InputFileError("record.json", "no room")) : user.store.write(record),
    };
    const request: SessionRequest = { goal: "apply", document: asRead(FIRST) };
    const failed = runSession(store, request, async (session) => {
      const region = regionOf(user, new Life());
      const planned = await session.plan(region, { url: user.simulator.url, force: [] });
      return session.execute(region, planned, { concurrency: 1 });
    });
    await expect(failed).rejects.toThrow(
      /^all changes are made \(\d+ done\), and only the record is not written: record\.json: no room\n.*Run the same command again/,
    );
    expect((await run({ document: FIRST })).planned.plan.steps).toEqual([]);
  });

  test("throws why it failed, and tells apart that its lock can't be released; after a success it throws that", async () => {
    const release = (): Promise<void> => Promise.reject(new Error("not released"));
    const store: RecordStore = { ...storeOf(user, new Life()), lock: () => Promise.resolve({ release }) };
    const request: SessionRequest = { goal: "apply", document: asRead(FIRST) };
    const told: string[] = [];
    const use = (): Promise<never> => Promise.reject(new Error("failed"));
    await expect(runSession(store, request, use, ({ message }) => told.push(message))).rejects.toThrow("failed");
    expect(told).toEqual(["not released"]);
    await expect(runSession(store, request, () => Promise.resolve())).rejects.toThrow("not released");
  });

  test("refuses to execute what speaks against it, changes nothing, and does it for a user who insists", async () => {
    await run({ document: FIRST });
    user.record = undefined;
    const life = new Life();
    await expect(run({ document: FIRST }, { life })).rejects.toThrow(RefusedError);
    await expect(run({ document: FIRST }, { life })).rejects.toThrow(/existing: the region has 7 objects/);
    expect([life.effects, user.record]).toEqual([[], undefined]);
    const { planned } = await run({ document: FIRST }, { life, force: ["existing"] });
    expect([planned.standing, planned.forced.map(({ id }) => id)]).toEqual([[], ["existing"]]);
    expect(life.effects).toEqual(["record"]);
  });

  test("refuses a plan other than the one that was agreed to", async () => {
    const session = await openSession(user.store, { goal: "apply", document: asRead(FIRST) });
    const { plan } = await session.plan(regionOf(user, new Life()), { url: user.simulator.url, force: [] });
    await run({ document: documentOf([space("green")]) });
    user.record = undefined;
    await expect(run({ document: FIRST, agreed: plan.hash }, { force: ["existing"] })).rejects.toThrow(
      /^.*\n\nstale: /,
    );
    user.reset();
    expect((await run({ document: FIRST, agreed: plan.hash })).ended.failed).toEqual([]);
  });

  test("goes by the record that a saved plan brings along only where the store has none", async () => {
    await run({ document: FIRST });
    const brought = user.record;
    user.record = undefined;
    const request = { document: FIRST, ...(brought && { record: brought }) };
    expect((await run(request)).planned.refusals).toEqual([]);
    const store = new MemoryRecordStore(asRead(documentOf([])));
    const session = await openSession(store, { goal: "apply", ...request, document: asRead(FIRST) });
    const { refusals } = await session.plan(regionOf(user, new Life()), { url: user.simulator.url, force: [] });
    expect(refusals.map(({ id }) => id)).toEqual(["existing"]);
  });

  test("keeps on record what existingOnly has left to be made", async () => {
    await run({ document: documentOf([space("green"), space("red")]) });
    const { planned } = await run({ document: documentOf([space("green"), space("blue")]), existingOnly: true });
    expect(planned.plan.steps.map(({ action, key }) => `${action} ${key}`)).toEqual(["delete red"]);
    expect(user.record?.objects.space?.map(({ key }) => key)).toEqual(["blue", "green", "red"]);
  });

  test("records what is there already where nothing is to be done, and looks at the region once", async () => {
    await run({ document: documentOf([adopted(fabric("spare"))]) });
    user.record = undefined;
    user.simulator.requests.clear();
    const life = new Life();
    const { ended } = await run({ document: documentOf([adopted(fabric("spare"))]) }, { life });
    expect([life.effects, ended.rounds]).toEqual([["record"], 0]);
    expect(user.simulator.requests.count("GET", "fabrics/")).toBeLessThanOrEqual(1);
  });
});

import fs, { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { isManaged, KINDS } from "../../lib/model/kinds";
import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { type Fault, FAULTS, WRITES } from "../../scripts/faults/fault-kinds";
import { FaultProxy } from "../../scripts/faults/fault-proxy";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import { MaasError } from "../../src/maas/errors";
import { Journal } from "../../src/provider/journal";
import { openRegion } from "../../src/reconcile/kinds";
import { ObjectError, PartialChangeError } from "../../src/reconcile/objects/failure";
import type { Created } from "../../src/reconcile/objects/object-ops";
import { isReference, RegionObjects } from "../../src/reconcile/region-objects";
import { MaasSimulator } from "../../src/simulator";
import { strideOf } from "../support/sampled";
import { CASES_SEED, KIND_CASES, type KindCase } from "./support/kind-cases";

// Every kind of object, made, changed, read and deleted, with every kind of fault at each of its changes: what the next run
// finds and does is to come to one object with the right values. Without Terraform, as one run of the provider does it.

jest.setTimeout(120_000);

let simulator: MaasSimulator;
let proxy: FaultProxy;
let client: MaasClient;
let direct: MaasClient;
let folder: string;

/** One or two of each family of faults; `npm run faults` plays them all. */
const CHOSEN = [
  "connection dropped before the work",
  "connection dropped after the work",
  "502 HTML, after the work",
  "503 HTML with Retry-After, after the work",
  "401 nonce used, after the work",
  "404 of a proxy",
  "404 of a proxy, after the work",
  "409 HTML with Retry-After, after the work",
  "200 login page",
  "200 login page, after the work",
  "200 null",
  "200 null, after the work",
  "200 empty list",
  "200 empty list, after the work",
  "204 for a read",
  "request carried out twice",
].map((name) => {
  const fault = FAULTS.find((known) => known.name === name);
  if (fault === undefined) throw new Error(`there is no fault "${name}"`);
  return fault;
});

test("every kind has a case here", () => {
  const kinds = Object.values(KINDS).filter(isManaged);
  expect(new Set(Object.values(KIND_CASES).map(({ kind }) => kind))).toEqual(new Set(kinds.map(({ name }) => name)));
});

beforeAll(async () => {
  simulator = await MaasSimulator.start({ seed: CASES_SEED });
  proxy = await FaultProxy.start();
  const apiKey = ApiKey.parse(simulator.apiKey);
  const retry = { baseDelayMs: 1, maxDelayMs: 2, maxRetryAfterMs: 1, deadlineMs: 500 };
  client = new MaasClient({ apiUrl: ApiUrl.parse(proxy.url), apiKey, retry });
  direct = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey });
});

afterAll(async () => {
  await client.close();
  await direct.close();
  await proxy.stop();
  await simulator.stop();
});

beforeEach(() => {
  // No power fails here: waiting for the disk would be a tenth of the time.
  jest.spyOn(fs, "fsyncSync").mockReturnValue();
  folder = mkdtempSync(join(tmpdir(), "cdktf-maas-matrix-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(() => jest.restoreAllMocks());

/** A run of the provider: it knows nothing of earlier ones but what the journal has. */
function newRun(): RegionObjects {
  const journal = new Journal(folder, proxy.url);
  return new RegionObjects(openRegion(client, { intents: journal, restorations: journal }));
}

/** What the region holds, in one order. */
const regionNow = (): unknown =>
  Object.fromEntries(
    Object.entries(simulator.state).map(([name, value]: [string, unknown]) => [
      name,
      [value]
        .flat()
        .map((item) => JSON.stringify(item))
        .sort(),
    ]),
  );

/** The work's result; undefined when it failed in a way that a user can be told of. */
async function attempt<T>(work: Promise<T>): Promise<{ readonly value: T } | undefined> {
  try {
    return { value: await work };
  } catch (error) {
    if ([MaasError, ObjectError, PartialChangeError].some((known) => error instanceof known)) return undefined;
    throw error;
  }
}

/** Plays the fault at that call from now on. */
const play = (fault: Fault, at: number): void => proxy.aim(simulator.url, { fault, at, kill: () => undefined });

const calm = (): void => proxy.aim(simulator.url);

async function begin({ prepare }: KindCase): Promise<void> {
  simulator.reset();
  calm();
  await prepare?.(direct);
}

/** The object as a run has made it, with what Terraform would keep of it. */
type Kept = Pick<Created, "live" | "original">;

const make = ({ kind, made }: KindCase): Promise<Kept> => newRun().create(KINDS[kind], made, false);

const change = ({ kind, changed }: KindCase, prior: Attributes): Promise<Attributes> =>
  newRun().update(KINDS[kind], textOf(prior.id), prior, { ...prior, ...changed });

const read = ({ kind }: KindCase, prior: Attributes): Promise<Attributes | undefined> =>
  newRun().read(KINDS[kind], textOf(prior.id), prior);

const remove = ({ kind }: KindCase, { live, original }: Kept): Promise<void> =>
  newRun().remove(KINDS[kind], textOf(live.id), live, { original });

/** What becomes of the case without any fault. */
interface Goals {
  readonly before: unknown;
  readonly made: unknown;
  readonly changed: unknown;
}

async function goalsOf(of: KindCase): Promise<Goals> {
  await begin(of);
  const before = regionNow();
  const kept = await make(of);
  const made = regionNow();
  await change(of, kept.live);
  return { before, made, changed: regionNow() };
}

/** The methods of the calls to which the last fault was played, of which it may have hit one. */
let sent: string[] = [];

/** Whether the fault had an occasion. What comes after goes without one. */
function played(): boolean {
  const { hit } = proxy;
  sent = proxy.seen.map(({ method }) => method);
  calm();
  return hit !== undefined;
}

/** What a reference names may not have been found, and then it comes as an id: a plan compares what the two mean. */
const withoutReferences = ({ kind }: KindCase, attributes: Attributes | undefined): Attributes | undefined => {
  const names = KINDS[kind].fields.filter(isReference).map(({ name }): string => name);
  return attributes && Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.includes(name)));
};

/** A fault that passes is no reason for the work to fail: its calls are repeated. */
function expectDone(fault: Fault, first: unknown): void {
  if (fault.survived !== undefined && first === undefined) throw new Error("the work failed, and the fault had passed");
}

const OPERATIONS: Readonly<
  Record<
    "create" | "update" | "delete" | "read",
    (of: KindCase, goals: Goals, fault: Fault, at: number) => Promise<boolean>
  >
> = {
  create: async (of, goals, fault, at) => {
    play(fault, at);
    const first = await attempt(make(of));
    const isHit = played();
    expectDone(fault, first);
    const kept = first?.value ?? (await make(of));
    expect(kept.live.id).toEqual(expect.stringMatching(/./));
    expect(regionNow()).toEqual(goals.made);
    await remove(of, kept);
    expect(regionNow()).toEqual(goals.before);
    return isHit;
  },
  update: async (of, goals, fault, at) => {
    const { live, original } = await make(of);
    play(fault, at);
    const first = await attempt(change(of, live));
    const isHit = played();
    expectDone(fault, first);
    // What Terraform does after a failed change: it reads the object, plans what is left to do, and does it.
    const prior = first?.value ?? (await read(of, live)) ?? {};
    expect(prior.id).toBe(live.id);
    const after = await change(of, prior);
    expect(after.id).toBe(live.id);
    expect(regionNow()).toEqual(goals.changed);
    await remove(of, { live: after, ...(original && { original }) });
    expect(regionNow()).toEqual(goals.before);
    return isHit;
  },
  delete: async (of, goals, fault, at) => {
    const kept = await make(of);
    play(fault, at);
    const first = await attempt(remove(of, kept));
    const isHit = played();
    expectDone(fault, first);
    const left = first === undefined ? await read(of, kept.live) : undefined;
    if (left !== undefined) await remove(of, { ...kept, live: left });
    expect(regionNow()).toEqual(goals.before);
    return isHit;
  },
  read: async (of, _goals, fault, at) => {
    const { live } = await make(of);
    const before = await read(of, live);
    play(fault, at);
    const first = await attempt(read(of, live));
    const isHit = played();
    expectDone(fault, first);
    if (first !== undefined) expect(withoutReferences(of, first.value)).toEqual(withoutReferences(of, before));
    expect(await read(of, live)).toEqual(before);
    return isHit;
  },
};

const HIT_BY: Readonly<Record<keyof typeof OPERATIONS, readonly string[]>> = {
  ...{ create: WRITES, update: WRITES, delete: WRITES, read: ["GET"] },
};

/** Every kind has each of its calls hit, and every fault hits each operation: which of them meet takes turns. */
const STRIDE = strideOf("faults of each operation on each kind", 3);

const NAMES = Object.keys(OPERATIONS) as (keyof typeof OPERATIONS)[];
const hitting = new Set<string>();

describe.each(Object.entries(KIND_CASES).map(([title, of], turn) => [title, of, turn] as const))(
  "%s",
  (_, of, turn) => {
    test.each(NAMES)("%s, with faults at each call", async (name) => {
      const goals = await goalsOf(of);
      const methods = HIT_BY[name];
      const begun = async (): Promise<void> => {
        await begin(of);
        rmSync(folder, { recursive: true, force: true });
      };
      await begun();
      // How many calls there are to hit: this fault comes after the last one.
      expect(
        await OPERATIONS[name](of, goals, { name: "none", carriedOut: 1, answer: () => undefined }, Infinity),
      ).toBe(false);
      const calls = sent;
      const failed: string[] = [];
      const fitting = CHOSEN.filter(({ name: fault, methods: own = methods }) => {
        const isLikeAnswer = name === "read" && of.likeAnswers?.includes(fault) === true;
        return !isLikeAnswer && methods.some((method) => own.includes(method));
      }).map(({ methods: own = methods, ...fault }) => {
        const hits = methods.filter((method) => own.includes(method));
        return { fault, hits, last: calls.filter((method) => hits.includes(method)).length };
      });
      const chosen = fitting.filter((_fault, index) => (index + turn + NAMES.indexOf(name)) % STRIDE === 0);
      for (const { fault, hits, last } of chosen) {
        for (let at = 1; at <= last; at += 1) {
          await begun();
          try {
            expect(await OPERATIONS[name](of, goals, { ...fault, methods: hits }, at)).toBe(true);
          } catch (error) {
            failed.push(`${fault.name} at call ${at}: ${(error as Error).message.slice(0, 1500)}`);
          }
          hitting.add(`${fault.name}: ${name}`);
        }
      }
      expect(failed).toEqual([]);
      // A link of a device has nothing that changes in place: it sends nothing that a fault could hit.
      const isSent = name !== "update" || !isDeepStrictEqual(goals.made, goals.changed);
      const cellsOf = (faults: typeof fitting): number => faults.reduce((cells, { last }) => cells + last, 0);
      expect(cellsOf(fitting)).toBeGreaterThanOrEqual(isSent ? 5 : 0);
      expect(cellsOf(chosen)).toBeGreaterThanOrEqual(isSent ? 1 : 0);
    });
  },
);

test("every fault has hit every operation that has calls for it", () => {
  const wanted = CHOSEN.flatMap(({ name: fault, methods }) =>
    NAMES.filter((name) => HIT_BY[name].some((method) => methods?.includes(method) ?? true)).map(
      (name) => `${fault}: ${name}`,
    ),
  );
  expect(wanted.filter((cell) => !hitting.has(cell))).toEqual([]);
});

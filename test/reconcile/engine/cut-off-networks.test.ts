import type { NetworkDocument } from "../../../lib/model/document";
import type { Fault } from "../../../scripts/faults/fault-kinds";
import { FaultProxy, KILL, type Plot } from "../../../scripts/faults/fault-proxy";
import { ApiUrl } from "../../../src/maas/api-url";
import { FIRST, SECOND } from "../../support/cut-networks";
import { EngineUser } from "../../support/engine";
import { FOREIGN_SEED } from "../../support/random-network";
import { strideOf } from "../../support/sampled";

// What test/e2e/cut-off.test.ts does with programs that are killed: a run that is cut off at any of its calls, before the
// region has seen it or after it has made a change, is finished by the next one.

jest.setTimeout(600_000);

const STRIDE = strideOf("calls at which runs of whole networks are cut off", 3);

/** More calls than any run of these networks makes. */
const MANY = 500;

const NOWHERE = "http://127.0.0.1:9/MAAS";

let user: EngineUser;
let proxy: FaultProxy;

beforeAll(async () => {
  proxy = await FaultProxy.start();
  const retry = { attempts: 4, baseDelayMs: 1, maxDelayMs: 1 };
  user = await EngineUser.start(FOREIGN_SEED, "3.6", { apiUrl: ApiUrl.parse(proxy.url), retry });
});

afterAll(async () => {
  await user.stop();
  await proxy.stop();
});

type Goal = "apply" | "destroy";

/**
 * Runs it until that call. No later call of the run reaches the region, and what it would write into the record from then on
 * is lost, as if it had been killed.
 *
 * @returns whether there was such a call.
 */
async function cutOff(document: NetworkDocument, goal: Goal, at: number, when: "before" | "after"): Promise<boolean> {
  let record: NetworkDocument | undefined;
  let isDead = false;
  const kill = (): void => {
    record = user.record;
    isDead = true;
    proxy.aim(NOWHERE);
  };
  const answer: Fault["answer"] = (response) => {
    kill();
    response.socket?.destroy();
  };
  const fault: Plot["fault"] = when === "after" ? KILL : { name: "cut", carriedOut: 0, answer };
  proxy.aim(user.simulator.url, { at, fault, kill });
  const isDone = await user.run(document, goal).then(
    () => true,
    () => false,
  );
  proxy.aim(user.simulator.url);
  if (isDead) user.record = record;
  expect(isDone).toBe(!isDead);
  return isDead;
}

test.each<[Goal, NetworkDocument]>([
  ["apply", SECOND],
  ["destroy", FIRST],
])("a run (%s) that is cut off at any call is finished by the next one", async (goal, document) => {
  const start = async (): Promise<void> => {
    user.reset();
    proxy.aim(user.simulator.url);
    await user.run(FIRST);
  };
  await start();
  proxy.aim(user.simulator.url);
  await user.run(document, goal);
  expect(proxy.seen.length).toBeGreaterThan(9);
  const wanted = user.state;
  for (const when of ["before", "after"] as const) {
    let calls = 0;
    for (let at = when === "before" ? 1 : 1 + Math.floor(STRIDE / 2); at < MANY; at += STRIDE) {
      await start();
      if (!(await cutOff(document, goal, at, when))) break;
      calls = at;
      await user.run(document, goal);
      expect({ at, when, state: user.state }).toEqual({ at, when, state: wanted });
      expect(user.record === undefined).toBe(goal === "destroy");
    }
    expect(calls + STRIDE).toBeGreaterThan(10);
  }
});

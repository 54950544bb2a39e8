import * as fc from "fast-check";
import type { NetworkDocument } from "../../../lib/model/document";
import { EngineUser } from "../../support/engine";
import { drift, drifts, followAdvice } from "../../support/random-drift";
import { FOREIGN_SEED, networks } from "../../support/random-network";
import { Life } from "./support/life";

jest.setTimeout(300_000);

/** What the user says of the plan: several objects with other names may be a region that was restored, and this one is not. */
const FORCED = { maxDeletions: Infinity, force: ["rules", "restored"] } as const;

let user: EngineUser;
beforeAll(async () => {
  user = await EngineUser.start(FOREIGN_SEED);
});
afterAll(() => user.stop());

/** Runs, and runs again after what an error asks for. */
async function reach(document: NetworkDocument, goal: "apply" | "destroy" = "apply"): Promise<number> {
  const { planned, ended } = await new Life().run(user, { goal, document }, FORCED);
  const [first] = ended.failed;
  if (first === undefined) return planned.plan.steps.length;
  const said = `${first.step.action} ${first.step.kind} ${first.step.key}: ${String(first.error)}`;
  if (await followAdvice(user.api, said)) return reach(document, goal);
  throw new Error(said);
}

test("whatever somebody changes by hand, the next run restores: the same end as before, and a destroy leaves nothing", async () => {
  await fc.assert(
    fc.asyncProperty(networks, drifts, async (network, changes) => {
      user.reset();
      const before = user.state;
      await reach(network);
      const wanted = user.state;
      for (const change of changes) await drift(user.api, network, change);
      await reach(network);
      expect(user.state).toEqual(wanted);
      expect(await reach(network)).toBe(0);
      await reach(network, "destroy");
      expect(user.state).toEqual(before);
    }),
    { numRuns: 15 },
  );
});

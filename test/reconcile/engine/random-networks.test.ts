import * as fc from "fast-check";
import type { NetworkDocument } from "../../../lib/model/document";
import { EngineUser } from "../../support/engine";
import { FOREIGN_SEED, networks } from "../../support/random-network";
import { Life } from "./support/life";

jest.setTimeout(300_000);

let user: EngineUser;
beforeAll(async () => {
  user = await EngineUser.start(FOREIGN_SEED);
});
afterAll(() => user.stop());

const words = ({
  action,
  kind,
  key,
  differences,
}: {
  action: string;
  kind: string;
  key: string;
  differences: unknown;
}) => `${action} ${kind} ${key} ${JSON.stringify(differences)}`;

test("a random network is reached from nothing, the plan is then empty, and destroy leaves the region as it was", async () => {
  await fc.assert(
    fc.asyncProperty(networks, async (network) => {
      user.reset();
      const before = user.state;
      await user.run(network);
      expect((await user.prepare(network)).plan.steps.map(words)).toEqual([]);
      await user.run(network, "destroy");
      expect(user.state).toEqual(before);
    }),
    { numRuns: 40 },
  );
});

test("any network is reached from any other: the same end as from nothing, and nothing foreign is touched", async () => {
  await fc.assert(
    fc.asyncProperty(networks, networks, async (first, second) => {
      user.reset();
      await user.run(second);
      const wanted = user.state;
      user.reset();
      await user.run(first);
      await user.run(second);
      expect((await user.prepare(second)).plan.steps.map(words)).toEqual([]);
      expect(user.state).toEqual(wanted);
    }),
    { numRuns: 60 },
  );
});

/** A run in a process that may die. Nothing but the rules is overridden: what speaks against the run is an error. */
async function runIn(life: Life, network: NetworkDocument, goal: "apply" | "destroy"): Promise<readonly string[]> {
  const options = { maxDeletions: Infinity, force: ["rules"] } as const;
  const { planned, ended } = await life.run(user, { goal, document: network }, options);
  expect(ended.failed).toEqual([]);
  return planned.plan.steps.map(words);
}

const begun = fc.record({
  network: networks,
  goal: fc.constantFrom("apply" as const, "apply" as const, "apply" as const, "destroy" as const),
  end: fc.option(fc.record({ at: fc.integer({ min: 1, max: 40 }), when: fc.constantFrom("before", "after") }), {
    freq: 4,
  }),
});

test("any network is reached after runs of others that were cut off anywhere, with no step by hand", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(begun, { minLength: 1, maxLength: 3 }), networks, async (runs, last) => {
      user.reset();
      const before = user.state;
      await user.run(last);
      const wanted = user.state;
      user.reset();
      for (const { network, goal, end } of runs)
        await runIn(new Life(end ?? undefined), network, goal).catch(() => undefined);
      const steps = await runIn(new Life(), last, "apply");
      expect(steps).toEqual([...new Set(steps)]);
      expect(user.state).toEqual(wanted);
      expect(await runIn(new Life(), last, "apply")).toEqual([]);
      await runIn(new Life(), last, "destroy");
      expect(user.state).toEqual(before);
    }),
    { numRuns: 40 },
  );
});

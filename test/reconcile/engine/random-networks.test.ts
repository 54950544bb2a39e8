import * as fc from "fast-check";
import { EngineUser } from "../../support/engine";
import { FOREIGN_SEED, networks } from "../../support/random-network";

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

import * as fc from "fast-check";
import type { NetworkDocument } from "../../lib/model/document";
import { rolloutMarkdown } from "../../src/cli/output/rollout-markdown";
import { rolloutText } from "../../src/cli/output/rollout-text";
import { prepare } from "../../src/reconcile/engine/plan/prepare";
import { converge } from "../../src/reconcile/engine/run/run";
import { openRegion } from "../../src/reconcile/kinds";
import { planRollout } from "../../src/rollout/plan";
import { rolloutDocument } from "../../src/rollout/render/document";
import { rolloutSource } from "../../src/rollout/render/typescript";
import type { Rollout } from "../../src/rollout/rollout";
import { rolloutJson } from "../../src/rollout/rollout-json";
import { MaasSimulator } from "../../src/simulator";
import { faultsOf, synthesise } from "../export/app";
import { regions } from "./random-region";
import { readLiveRegion, request, withClientOf } from "./regions";

jest.setTimeout(120_000);

const STACK = "maas-network";
const VERSIONS = ["3.4", "3.6", "3.7"];

const optionsOf = ({ url: apiUrl }: MaasSimulator) => ({
  ...{ apiUrl, stackName: STACK },
  choice: { routers: new Map<string, string>(), interfaceName: "eth0.{vid}", dnsServers: [] },
});

const rolloutOf = async (simulator: MaasSimulator, dhcpv6: boolean): Promise<Rollout> =>
  planRollout(await readLiveRegion(simulator), request({ stackName: STACK, dhcpv6 }));

interface Ran {
  /** Action, kind and key of each step. */
  readonly steps: readonly string[];
  readonly refusals: readonly unknown[];
  readonly failed: readonly string[];
  readonly record: NetworkDocument | undefined;
}

/** Plans the document on the record of what ran before, and applies it. */
const run = (simulator: MaasSimulator, document: NetworkDocument, record?: NetworkDocument): Promise<Ran> =>
  withClientOf(simulator, async (client) => {
    const planned = await prepare(
      openRegion(client),
      { goal: "apply", document, ...(record && { record }) },
      { url: simulator.url },
    );
    const ended = await converge(openRegion(client), planned, { concurrency: 4 });
    return {
      steps: planned.plan.steps.map(({ action, kind, key }) => `${action} ${kind} ${key}`),
      refusals: planned.refusals,
      failed: ended.failed.map(({ error }) => String(error)),
      record: ended.record ?? record,
    };
  });

/** What a run was that did what it planned, with no more than these actions. */
const expectRun = ({ steps, refusals, failed }: Ran, others: RegExp): void =>
  expect({
    refusals,
    failed,
    others: steps.filter((step) => !step.startsWith("create ") && !others.test(step)),
  }).toEqual({ refusals: [], failed: [], others: [] });

const NOTHING_ELSE = /^$/;
const OWN_PARTS = /^delete ip_range /;

test("what is written for any region is taken by it, only adds, and adds nothing when it is written again", async () => {
  let version = 0;
  let count = 0;
  await fc.assert(
    fc.asyncProperty(regions, async (seed) => {
      version += 1;
      const simulator = await MaasSimulator.start({ seed, maasVersion: VERSIONS[version % VERSIONS.length] ?? "3.6" });
      try {
        const first = await rolloutOf(simulator, false);
        for (const form of [rolloutText(first), rolloutMarkdown(first), rolloutJson(first)]) expect(form).toBeTruthy();
        const one = await run(simulator, rolloutDocument(first, optionsOf(simulator)));
        expectRun(one, NOTHING_ELSE);
        count += one.steps.length;
        const states = (rollout: Rollout): string[] =>
          rollout.networks.map(({ title, ipv6, state }) => `${title} ${ipv6?.cidr ?? ""} ${state === "blocked"}`);
        const again = await rolloutOf(simulator, false);
        expect(states(again)).toEqual(states(first));
        expect((await run(simulator, rolloutDocument(again, optionsOf(simulator)), one.record)).steps).toEqual([]);
        // DHCPv6 comes later: of what is there, only the stack's own reserved ranges are made again.
        const served = await run(
          simulator,
          rolloutDocument(await rolloutOf(simulator, true), optionsOf(simulator)),
          one.record,
        );
        expectRun(served, OWN_PARTS);
        // The record is lost: what is there is taken over as it is.
        const lost = await run(simulator, rolloutDocument(await rolloutOf(simulator, true), optionsOf(simulator)));
        expect([lost.refusals, lost.steps.filter((step) => !step.startsWith("adopt "))]).toEqual([[], []]);
      } finally {
        await simulator.stop();
      }
    }),
    { numRuns: 8, seed: 11, endOnFailure: true },
  );
  expect(count).toBeGreaterThan(10);
});

test("the source for any region compiles, and its stack has what the document has", async () => {
  const sources: string[] = [];
  for (const seed of fc.sample(regions, { numRuns: 6, seed: 5 })) {
    const simulator = await MaasSimulator.start({ seed });
    try {
      const rollout = await rolloutOf(simulator, true);
      const source = rolloutSource(rollout, optionsOf(simulator));
      synthesise(source);
      sources.push(source);
    } finally {
      await simulator.stop();
    }
  }
  expect(faultsOf(sources)).toEqual([]);
});

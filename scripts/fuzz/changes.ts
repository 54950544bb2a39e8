import { documentText, type NetworkDocument } from "../../lib/model/document";
import { readDocument } from "../../lib/model/document/read";
import { failuresOf } from "../../src/cli/output/run-errors";
import { MaasError } from "../../src/maas/errors";
import { readRecord } from "../../src/reconcile/engine/input-file";
import { prepare } from "../../src/reconcile/engine/plan/prepare";
import { converge } from "../../src/reconcile/engine/run/run";
import { openRegion } from "../../src/reconcile/kinds";
import { MaasSimulator } from "../../src/simulator";
import { EngineUser } from "../../test/support/engine";
import { type Reply, RewritingFront } from "../../test/support/rewriting-front";
import { REGION } from "../faults/network/region";
import { versionDocument } from "../faults/network/versions";
import { type Answer, API_KEY, refused, TAKEN } from "./judge";
import { changedDocument } from "./mutate";
import type { Json } from "./odd";
import { Random } from "./random";
import { clientOf } from "./samples";
import { pointerOr, reads, type Target, target } from "./target";

/** How many replies with JSON an apply gets, about: each may be the odd one. */
const REPLIES = 90;

interface OddReply {
  /** Of the replies with JSON, from 0. */
  readonly number: number;
  readonly seed: number;
}

const read = (text: string): NetworkDocument => readRecord("maas-network.record.json", text, "move it away");

/** What a run has left on record, with the ids of all that it has made: it is read, and the next run is planned by it. */
async function recordTargets(): Promise<Target[]> {
  const user = await EngineUser.start(REGION, "3.7.3");
  await user.run(readDocument(versionDocument("first")));
  if (user.record === undefined) throw new Error("the run has left no record");
  const record = JSON.parse(documentText(user.record)) as Json;
  const next = readDocument(versionDocument("second"));
  const input = (random: Random): string => changedDocument(record, random);
  return [
    target<string>({ name: "records", place: pointerOr("the record"), input, play: reads(read) }),
    target<string>({
      name: "plans by records",
      input,
      play: async (text) => {
        user.record = read(text);
        await user.prepare(next);
        return TAKEN;
      },
      stop: () => user.stop(),
    }),
  ];
}

/** An apply of a stack with all that can be made, of which one reply is changed on its way: reads and changes alike. */
export async function changeTargets(): Promise<Target[]> {
  const simulator = await MaasSimulator.start({ seed: REGION, maasVersion: "3.7.3", adminKey: API_KEY });
  const document = readDocument(versionDocument("first"));
  let odd: OddReply | undefined;
  let count = 0;
  const rewrite = (reply: Reply): Reply => {
    if (!reply.headers["content-type"]?.includes("json")) return reply;
    const isOdd = odd?.number === count;
    count += 1;
    if (!isOdd || odd === undefined) return reply;
    return { ...reply, body: changedDocument(JSON.parse(reply.body) as Json, new Random(odd.seed)) };
  };
  const front = await RewritingFront.start(simulator.url, rewrite);

  async function apply(given: OddReply): Promise<Answer> {
    simulator.reset();
    [odd, count] = [given, 0];
    const client = clientOf(simulator, front.url);
    try {
      const planned = await prepare(
        openRegion(client),
        { goal: "apply", document },
        { url: simulator.url, maxDeletions: 25 },
      );
      const { failed } = await converge(openRegion(client), planned, { concurrency: 1 });
      const texts = failed.flatMap(({ step, error }) => failuresOf(step, error).map(({ what }) => what));
      return texts.length === 0 ? TAKEN : refused(texts.join("\n"));
    } catch (error) {
      if (error instanceof MaasError) return refused(error.message);
      throw error;
    } finally {
      await client.close();
    }
  }

  return [
    ...(await recordTargets()),
    target<OddReply>({
      name: "replies to an apply",
      input: (random) => ({ number: random.below(REPLIES), seed: random.below(2 ** 31) }),
      play: apply,
      stop: async () => {
        await front.stop();
        await simulator.stop();
      },
    }),
  ];
}

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { evaluate } from "../../lib/rules/evaluate";
import { IPV6_RULES } from "../../lib/rules/ipv6";
import { expressible } from "../../src/export/expressible";
import { adoptingDocument, readRegion, select } from "../../src/export/selection";
import { typescriptSource } from "../../src/export/typescript-source";
import { Snapshot } from "../../src/maas/snapshot";
import { liveNetwork, listRegion } from "../../src/reconcile/region/live-network";
import { MaasError } from "../../src/maas/errors";
import { refused, TAKEN } from "./judge";
import { changedDocument } from "./mutate";
import type { Json } from "./odd";
import { clientOf, startLab } from "./samples";
import { type Target, target } from "./target";

interface Reply {
  readonly type: string;
  readonly body: string;
}

/** Replies of a region, of which one is not as it was. */
interface Odd {
  readonly call: string;
  readonly body: string;
}

/** What reads a region: a real client, over HTTP, of replies that were changed on their way. */
export async function replyTargets(): Promise<Target[]> {
  const simulator = await startLab();
  const recorded = new Map<string, Reply>();
  let odd: Odd | undefined;
  const front = createServer((incoming, answer) => {
    void (async () => {
      const call = incoming.url ?? "";
      const known = recorded.get(call) ?? (await record(call, incoming.headers.authorization ?? ""));
      answer.writeHead(200, { "content-type": known.type }).end(odd?.call === call ? odd.body : known.body);
    })();
  });
  async function record(call: string, authorization: string): Promise<Reply> {
    const response = await fetch(new URL(call, simulator.url), { headers: { authorization } });
    const reply = { type: response.headers.get("content-type") ?? "", body: await response.text() };
    recorded.set(call, reply);
    return reply;
  }
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  const { port } = front.address() as AddressInfo;
  const client = clientOf(simulator, `http://127.0.0.1:${port}/MAAS`);

  /** Reads the whole region as `audit` and `export` do. */
  async function readAll(): Promise<void> {
    const network = liveNetwork(await listRegion(new Snapshot(client)));
    evaluate({ rules: IPV6_RULES, network, now: new Date("2026-11-26T00:00:00Z") });
    const objects = expressible(select((await readRegion(client, { machines: true })).objects));
    typescriptSource(objects, { apiUrl: simulator.url, stackName: "lab", leftOut: [] });
    adoptingDocument(objects, simulator.url);
  }
  await readAll();
  const replies = [...recorded].filter(([, { type }]) => type.includes("json"));

  return [
    target<Odd>({
      name: "replies of the API",
      // Which call, and what of it.
      place: /GET \S+|version/,
      input: (random) => {
        const [call, { body }] = random.of(replies);
        return { call, body: changedDocument(JSON.parse(body) as Json, random) };
      },
      play: async (input) => {
        odd = input;
        try {
          await readAll();
          return TAKEN;
        } catch (error) {
          if (error instanceof MaasError) return refused(error.message);
          throw error;
        }
      },
      stop: async () => {
        await client.close();
        front.closeAllConnections();
        front.close();
        await simulator.stop();
      },
    }),
  ];
}

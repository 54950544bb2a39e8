import * as z from "zod/mini";
import { Cidr } from "../../lib/model/cidr";
import type { NetworkDocument } from "../../lib/model/document";
import { readDocument } from "../../lib/model/document/read";
import { parseJson } from "../../lib/model/json";
import { isKnown } from "../../lib/model/known";
import type { KnownAdvertiser } from "./plan";

/** What a rollout reads of the JSON of a probe. */
const PROBE = z.object({
  format: z.literal("maas-ipv6-probe"),
  advertisements: z.array(
    z.object({ router: z.object({ address: z.string() }), prefixes: z.array(z.object({ prefix: z.string() })) }),
  ),
});

/** The routers that a document names. */
export function advertisersOfDocument({ objects }: NetworkDocument): KnownAdvertiser[] {
  return (objects.router_advertisement ?? []).flatMap(({ attributes: { router, subnet } }) => {
    const found = (objects.subnet ?? []).find(({ key }) => key === subnet)?.attributes.cidr ?? subnet;
    const prefix = typeof found === "string" && isKnown(found) ? Cidr.tryParse(found) : undefined;
    if (prefix === undefined || typeof router !== "string") return [];
    return [{ router, source: "document" as const, prefix }];
  });
}

/** Which routers advertise, as a document or the JSON of a probe says; undefined for a text that is neither. */
export function advertisersIn(text: string): KnownAdvertiser[] | undefined {
  let json: unknown;
  try {
    json = parseJson(text);
  } catch {
    return undefined;
  }
  const probe = PROBE.safeParse(json);
  if (!probe.success) {
    try {
      return advertisersOfDocument(readDocument(text));
    } catch {
      return undefined;
    }
  }
  return probe.data.advertisements.flatMap(({ router, prefixes }) =>
    prefixes.flatMap(({ prefix: text }) => {
      const prefix = Cidr.tryParse(text);
      return prefix === undefined ? [] : [{ router: router.address, source: "probe" as const, prefix }];
    }),
  );
}

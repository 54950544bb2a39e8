import { IpAddress } from "../../../lib/model/address";
import { KINDS } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { fault } from "../../../lib/model/problem";
import { AddressRange } from "../../../lib/model/address-range";
import { textOf } from "../../../lib/model/text";
import { objectRead, rowsAnswered } from "../../maas/answer";
import { apiPath } from "../../maas/api-url";
import type { ObjectJson } from "../../maas/codec";
import type { MaasValidationError } from "../../maas/errors";
import { ObjectError } from "../objects/failure";
import { lookUpByRecord } from "../references/lookups";
import type { Strategy } from "./strategy";
import { afterRange } from "../ops/dhcp-pause";
import { placeExchange } from "../ops/exchanges";
import { checkBeside } from "../checks/neighbours";
import type { Region } from "../region/region";

/** `START-END` of either family, and `START:END` of IPv4, which is what canonical/maas takes. */
function parseRange(key: string): AddressRange | undefined {
  const [start, end] = (key.includes("-") ? key.split("-") : key.split(":")).map((part) => IpAddress.tryParse(part));
  if (start === undefined || end === undefined) return undefined;
  return start.family === end.family && start.compare(end) <= 0 ? new AddressRange(start, end) : undefined;
}

/** MAAS's words for a range that overlaps another one, or an address in use (models/iprange.py, 3.4 to 3.7). */
const RANGE_CONFLICT = /conflicts with an existing/;

/** Something that takes addresses of a subnet. */
interface Taker {
  readonly what: string;
  readonly span: AddressRange;
}

const spanOf = (start: unknown, end: unknown): AddressRange =>
  new AddressRange(IpAddress.parse(textOf(start)), IpAddress.parse(textOf(end)));

function takers(what: string, ...addresses: readonly unknown[]): Taker[] {
  const known = addresses.filter((address) => typeof address === "string" && IpAddress.tryParse(address) !== undefined);
  return known.map((address) => ({ what, span: spanOf(address, address) }));
}

async function rangesOn({ client }: Region, subnet: string, own: string | undefined): Promise<Taker[]> {
  return rowsAnswered("ipranges/", await client.get("ipranges/"))
    .filter(({ id, subnet: on }) => textOf((on as ObjectJson).id) === subnet && textOf(id) !== own)
    .map(({ id, type, start_ip, end_ip }) => {
      const span = spanOf(start_ip, end_ip);
      return { what: `overlaps the ${textOf(type)} range ${span.toString()} (IP range ${textOf(id)})`, span };
    });
}

async function addressesOn({ client }: Region, subnet: string): Promise<Taker[]> {
  const path = apiPath`subnets/${subnet}/`;
  const { gateway_ip, dns_servers } = objectRead(path, await client.get(path));
  const used = rowsAnswered(path, await client.get(path, { op: "ip_addresses", with_username: "0" }));
  return [
    ...takers("the gateway of its subnet", gateway_ip),
    ...takers("a DNS server of its subnet", ...((dns_servers ?? []) as unknown[])),
    ...used.flatMap(({ ip, node_summary: node }) => {
      const name = (node as ObjectJson | undefined)?.hostname;
      return takers(typeof name === "string" ? `an address of ${name}` : "an address in use", ip);
    }),
  ].map(({ what, span }) => ({ what: `holds ${span.start.toString()}, ${what}`, span }));
}

/** How the range could be cut so that it leaves the other out. */
function cutTo({ start, end }: AddressRange, taken: AddressRange): string {
  const after = taken.end.compare(end) < 0 && `start it at ${taken.end.plus(1).toString()}`;
  const before = taken.start.compare(start) > 0 && `end it at ${taken.start.plus(-1).toString()}`;
  const ways = [after, before].filter((way) => way !== false);
  return ways.length === 0
    ? "Give it addresses that are free"
    : `${ways.join(", or ")}`.replace(/^./, (c) => c.toUpperCase());
}

/** MAAS says of a range that it conflicts with something, on two attributes, and never with what: this says it once. */
async function explainRangeConflict(
  region: Region,
  refusal: MaasValidationError,
  desired: Attributes,
  own: string | undefined,
): Promise<ObjectError | undefined> {
  const subnet = textOf(desired.subnet);
  const span = spanOf(desired.start_ip, desired.end_ip);
  const isInTheWay = (taker: Taker): boolean => taker.span.overlaps(span);
  const other =
    (await rangesOn(region, subnet, own)).find(isInTheWay) ??
    (desired.type === "dynamic" ? (await addressesOn(region, subnet)).find(isInTheWay) : undefined);
  if (other === undefined) return undefined;
  const said = Object.values(refusal.fields).flat()[0] ?? refusal.body;
  return new ObjectError(
    fault("MAAS-OPS-18", "start_ip", {
      what: `this ${textOf(desired.type)} range ${span.toString()} ${other.what}`,
      why: `MAAS refused it: ${said}`,
      fix: `${cutTo(span, other.span)}, or change the other first.`,
    }),
    { cause: refusal },
  );
}

/** IP ranges: no two of a subnet overlap, and MAAS does not say what is in the way. */
export const ipRange: Strategy = {
  lookUp: async (region, key, when) => {
    const wanted = parseRange(key);
    if (wanted === undefined) return lookUpByRecord(region, KINDS.ip_range, key, when);
    const found = await region.snapshot.find("ipranges", wanted.toString());
    return found && textOf(found.id);
  },
  passing: RANGE_CONFLICT,
  explain: explainRangeConflict,
  exchange: placeExchange,
  afterwards: afterRange,
  check: (checked) => checkBeside("ip_range", checked),
};

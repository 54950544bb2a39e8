import { IpAddress } from "../../lib/model/address";
import { checkRangeInSubnet } from "../../lib/model/checks/range-in-subnet";
import { Cidr } from "../../lib/model/cidr";
import type { Diagnostic } from "../../lib/model/diagnostic";
import type { Kind } from "../../lib/model/field";
import { AddressRange } from "../../lib/model/ip-range";
import { type Attributes, isKnown, type Value } from "../../lib/model/known";
import { tryResolve } from "./references";
import type { Region } from "./region";

const address = (value: Value | undefined): IpAddress | undefined =>
  typeof value === "string" ? IpAddress.tryParse(value) : undefined;

async function checkRange(region: Region, planned: Attributes): Promise<Diagnostic[]> {
  const [start, end, subnet] = [address(planned.start_ip), address(planned.end_ip), planned.subnet];
  if (start === undefined || end === undefined || typeof subnet !== "string") return [];
  const id = await tryResolve(region, "subnet", subnet);
  const live = id === undefined ? undefined : await region.snapshot.read("subnets", id);
  const cidr = typeof live?.cidr === "string" ? Cidr.tryParse(live.cidr) : undefined;
  return cidr === undefined ? [] : checkRangeInSubnet(new AddressRange(start, end), cidr);
}

/**
 * What is wrong with a planned object in view of the region as it is: what its own attributes can't tell. Only a change
 * is checked, so an object that stays as it is costs no call.
 */
export async function checkAgainstRegion(
  region: Region,
  kind: Kind,
  prior: Attributes | undefined,
  planned: Attributes,
): Promise<Diagnostic[]> {
  if (kind.name !== "ip_range") return [];
  const isChanged = ["subnet", "start_ip", "end_ip"].some((name) => prior?.[name] !== planned[name]);
  return isChanged && isKnown(planned.subnet ?? null) ? checkRange(region, planned) : [];
}

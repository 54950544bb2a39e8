import { checkAddressInSubnet } from "../../lib/model/checks/interface-link";
import { Cidr } from "../../lib/model/cidr";
import type { Attributes } from "../../lib/model/known";
import { type Problem } from "../../lib/model/problem";
import { tryResolve } from "./references";
import type { Region } from "./region";

/**
 * What is wrong with the address of a planned link in view of its subnet. Asks nothing while the address stays as it is;
 * so the prior address, which stands in the plan until Terraform plans a replacement, is not held against another subnet.
 */
export async function checkPlannedLink(
  region: Region,
  prior: Attributes | undefined,
  { ip_address: address, subnet }: Attributes,
): Promise<Problem[]> {
  if (typeof address !== "string" || address === prior?.ip_address || typeof subnet !== "string") return [];
  const id = await tryResolve(region, "subnet", subnet);
  const live = id === undefined ? undefined : await region.snapshot.read("subnets", id);
  const cidr = typeof live?.cidr === "string" ? Cidr.tryParse(live.cidr) : undefined;
  return cidr === undefined ? [] : checkAddressInSubnet(address, cidr);
}

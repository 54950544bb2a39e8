import { IpAddress } from "../address";
import type { Cidr } from "../cidr";
import type { Attributes, Value } from "../known";
import { attr, fault, type Problem, text } from "../problem";
import { tryText } from "../text";

/** The mode in MAAS's upper-case words; AUTO when it is not set, undefined when it is not known. */
export function linkModeOf({ mode }: Attributes): string | undefined {
  return mode === null || mode === undefined ? "AUTO" : tryText(mode)?.toUpperCase();
}

/**
 * What does not go together on one link, as far as its own attributes tell.
 *
 * @see MAAS forms/interface_link.py (3.6.4): it ignores an address beside the other modes without saying so
 */
export function checkInterfaceLink(link: Attributes): Problem[] {
  const mode = linkModeOf(link);
  const address = tryText(link.ip_address);
  if (mode === undefined) return [];
  const problems: Problem[] = [];
  if (address !== undefined && mode !== "STATIC") {
    problems.push(
      fault("MAAS-OBJ-01", "ip_address", {
        what: `a link of mode ${mode} takes no address`,
        why: `MAAS would ignore ${address} without saying so.`,
        fix: text`Set ${attr("mode")} to STATIC, or leave ${attr("ip_address")} out.`,
      }),
    );
  }
  if (link.default_gateway === true && mode !== "AUTO" && mode !== "STATIC") {
    problems.push(
      fault("MAAS-OBJ-02", "default_gateway", {
        what: `a link of mode ${mode} can't be the default gateway`,
        why: "MAAS refuses that: it takes the gateway from AUTO and STATIC links.",
        fix: text`Leave ${attr("default_gateway")} out, or set ${attr("mode")} to AUTO or STATIC.`,
      }),
    );
  }
  return problems;
}

/** Whether the address can be that of a link to the subnet: of its family, and inside. */
export function checkAddressInSubnet(addressText: Value | undefined, subnet: Cidr): Problem[] {
  const address = IpAddress.tryParse(tryText(addressText) ?? "");
  if (address === undefined || subnet.contains(address)) return [];
  if (address.family !== subnet.family) {
    return [
      fault("MAAS-OBJ-03", "ip_address", {
        what: `${address.toString()} is an IPv${address.family} address, and ${subnet.toString()} an IPv${subnet.family} subnet`,
        why: "A link has one address, of its subnet's family.",
        fix: `Make a second link of the same interface to an IPv${address.family} subnet.`,
      }),
    ];
  }
  const first = subnet.first.plus(subnet.size > 1n ? 1 : 0);
  return [
    fault("MAAS-OBJ-03", "ip_address", {
      what: `${address.toString()} is outside the subnet ${subnet.toString()}`,
      fix: text`Use an address from ${first.toString()} to ${subnet.last.toString()}, or leave ${attr("ip_address")} out: MAAS then chooses one.`,
    }),
  ];
}

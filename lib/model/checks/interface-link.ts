import { IpAddress } from "../address";
import type { Cidr } from "../cidr";
import { type Diagnostic, fault } from "../diagnostic";
import type { Attributes, Value } from "../known";
import { tryText } from "../text";

/** The mode in MAAS's upper-case words; AUTO when the user is silent, undefined when it is not known. */
export function linkModeOf({ mode }: Attributes): string | undefined {
  return mode === null || mode === undefined ? "AUTO" : tryText(mode)?.toUpperCase();
}

/**
 * What does not go together on one link, as far as its own attributes tell.
 *
 * @see MAAS forms/interface_link.py (3.6.4): it ignores an address beside the other modes without saying so
 */
export function checkInterfaceLink(link: Attributes): Diagnostic[] {
  const mode = linkModeOf(link);
  const address = tryText(link.ip_address);
  if (mode === undefined) return [];
  const diagnostics: Diagnostic[] = [];
  if (address !== undefined && mode !== "STATIC") {
    diagnostics.push(
      fault(
        "ip_address",
        `a link of mode ${mode} takes no address`,
        `MAAS would ignore ${address} without saying so. Set mode to STATIC, or leave ip_address out.`,
      ),
    );
  }
  if (link.default_gateway === true && mode !== "AUTO" && mode !== "STATIC") {
    diagnostics.push(
      fault(
        "default_gateway",
        `a link of mode ${mode} can't be the default gateway`,
        "MAAS refuses that: it takes the gateway from AUTO and STATIC links. Leave default_gateway out, or set mode to AUTO or STATIC.",
      ),
    );
  }
  return diagnostics;
}

/** Whether the address can be that of a link to the subnet: of its family, and inside. */
export function checkAddressInSubnet(addressText: Value | undefined, subnet: Cidr): Diagnostic[] {
  const address = IpAddress.tryParse(tryText(addressText) ?? "");
  if (address === undefined || subnet.contains(address)) return [];
  if (address.family !== subnet.family) {
    return [
      fault(
        "ip_address",
        `${address.toString()} is an IPv${address.family} address, and ${subnet.toString()} an IPv${subnet.family} subnet`,
        `A link has one address, of its subnet's family. Make a second link of the same interface to an IPv${address.family} subnet.`,
      ),
    ];
  }
  return [
    fault(
      "ip_address",
      `${address.toString()} is outside the subnet ${subnet.toString()}`,
      `Use an address from ${subnet.first.plus(subnet.size > 1n ? 1 : 0).toString()} to ${subnet.last.toString()}, or leave ip_address out: MAAS then chooses one.`,
    ),
  ];
}

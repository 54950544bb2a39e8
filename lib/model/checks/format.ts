import { IpAddress } from "../address";
import { BOOT_ARCHITECTURES, bootArchitecture } from "../boot-architectures";
import { Cidr, CidrError } from "../cidr";
import { type Diagnostic, fault } from "../diagnostic";
import type { Format } from "../field";

/** The prefix length that a netmask such as `255.255.255.0` or `ffff:ffff::` stands for; undefined when it is none. */
function maskLength(text: string): number | undefined {
  const mask = IpAddress.tryParse(text);
  if (mask === undefined) return undefined;
  const bits = mask.value.toString(2).padStart(IpAddress.bits(mask.family), "0");
  return /^1*0*$/.test(bits) ? bits.lastIndexOf("1") + 1 : undefined;
}

/** IPv4 without leading zeros, also inside IPv6; undefined for text that has none, or is no address even so. */
function withoutLeadingZeros(text: string): string | undefined {
  const bare = text.replace(/(?<=^|[.:])0+(?=\d+(?:\.|$))/g, (zeros, at: number) =>
    /^\d+(?:\.|$)/.test(text.slice(at)) && text.includes(".") ? "" : zeros,
  );
  return bare !== text && IpAddress.tryParse(bare) !== undefined ? bare : undefined;
}

const LEADING_ZERO = "A part of it starts with a zero, which some programs read as octal and others as decimal.";

function checkCidr(attribute: string, text: string): Diagnostic[] {
  let cidr: Cidr;
  try {
    cidr = Cidr.parse(text);
  } catch (error) {
    if (!(error instanceof CidrError)) throw error;
    const slash = text.indexOf("/");
    const network = slash < 0 ? text : text.slice(0, slash);
    const plain = withoutLeadingZeros(network);
    if (plain !== undefined)
      return [
        fault(attribute, `"${text}" is not a network`, `${LEADING_ZERO} Write ${plain}${text.slice(network.length)}.`),
      ];
    const address = IpAddress.tryParse(network);
    const length = slash < 0 ? undefined : maskLength(text.slice(slash + 1));
    const example =
      address === undefined
        ? "Write it as 10.20.0.0/24 or 2001:db8:20::/64."
        : length !== undefined && length > 0
          ? `MAAS takes no netmask: write ${Cidr.of(address, length).toString()}.`
          : `Write it with a prefix length, as in ${Cidr.of(address, address.family === 4 ? 24 : 64).toString()}.`;
    return [fault(attribute, `"${text}" is not a network`, `It ${error.reason}. ${example}`)];
  }
  if (cidr.prefixLength === 0) {
    return [fault(attribute, `"${text}" covers the whole address family`, "MAAS refuses a prefix length of 0.")];
  }
  if (Cidr.hasHostBits(text)) {
    return [
      fault(
        attribute,
        `"${text}" has host bits`,
        `It names an address inside a network; MAAS would store the network without saying so. Write ${cidr.toString()}.`,
      ),
    ];
  }
  return [];
}

function checkAddress(attribute: string, text: string): Diagnostic[] {
  if (IpAddress.tryParse(text) !== undefined) return [];
  const plain = withoutLeadingZeros(text);
  if (plain !== undefined)
    return [fault(attribute, `"${text}" is not an IP address`, `${LEADING_ZERO} Write ${plain}.`)];
  const bare = text.replace(/[/%].*$/, "");
  const fix =
    bare !== text && IpAddress.tryParse(bare) !== undefined
      ? `Write ${bare}: without a zone index and without a prefix length.`
      : "Write it as 10.20.0.1 or 2001:db8:20::1.";
  return [fault(attribute, `"${text}" is not an IP address`, fix)];
}

function checkBootArchitecture(attribute: string, text: string): Diagnostic[] {
  if (BOOT_ARCHITECTURES.includes(bootArchitecture(text))) return [];
  return [
    fault(
      attribute,
      `"${text}" is not a boot architecture of MAAS`,
      `MAAS 3.0 to 3.7 have ${BOOT_ARCHITECTURES.join(", ")}: use one of these.`,
    ),
  ];
}

/** What is wrong with text that must be in this format: nothing, or one error that shows the right form. */
export const checkFormat: Readonly<Record<Format, (attribute: string, text: string) => Diagnostic[]>> = {
  cidr: checkCidr,
  ip: checkAddress,
  word: () => [],
  "boot-architecture": checkBootArchitecture,
};

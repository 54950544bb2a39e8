import { IpAddress } from "../address";
import { BOOT_ARCHITECTURES, bootArchitecture } from "../spelling";
import { Cidr, CidrError } from "../cidr";
import type { Format } from "../field";
import { fault, type Problem } from "../problem";

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

function checkCidr(attribute: string, text: string): Problem<string>[] {
  let cidr: Cidr;
  try {
    cidr = Cidr.parse(text);
  } catch (error) {
    if (!(error instanceof CidrError)) throw error;
    const slash = text.indexOf("/");
    const network = slash < 0 ? text : text.slice(0, slash);
    const what = `"${text}" is not a network`;
    const plain = withoutLeadingZeros(network);
    if (plain !== undefined) {
      const fix = `Write ${plain}${text.slice(network.length)}.`;
      return [fault("MAAS-VAL-06", attribute, { what, why: LEADING_ZERO, fix })];
    }
    const address = IpAddress.tryParse(network);
    const length = slash < 0 ? undefined : maskLength(text.slice(slash + 1));
    const example =
      address === undefined
        ? "Write it as 10.20.0.0/24 or 2001:db8:20::/64."
        : length !== undefined && length > 0
          ? `MAAS takes no netmask: write ${Cidr.of(address, length).toString()}.`
          : `Write it with a prefix length, as in ${Cidr.of(address, address.family === 4 ? 24 : 64).toString()}.`;
    return [fault("MAAS-VAL-06", attribute, { what, why: `It ${error.reason}.`, fix: example })];
  }
  if (cidr.prefixLength === 0) {
    const what = `"${text}" covers the whole address family`;
    return [fault("MAAS-VAL-07", attribute, { what, why: "MAAS refuses a prefix length of 0." })];
  }
  if (Cidr.hasHostBits(text)) {
    return [
      fault("MAAS-VAL-08", attribute, {
        what: `"${text}" has host bits`,
        why: "It names an address inside a network; MAAS would store the network without saying so.",
        fix: `Write ${cidr.toString()}.`,
      }),
    ];
  }
  return [];
}

function checkAddress(attribute: string, text: string): Problem<string>[] {
  if (IpAddress.tryParse(text) !== undefined) return [];
  const what = `"${text}" is not an IP address`;
  const plain = withoutLeadingZeros(text);
  if (plain !== undefined)
    return [fault("MAAS-VAL-09", attribute, { what, why: LEADING_ZERO, fix: `Write ${plain}.` })];
  const bare = text.replace(/[/%].*$/, "");
  const fix =
    bare !== text && IpAddress.tryParse(bare) !== undefined
      ? `Write ${bare}: without a zone index and without a prefix length.`
      : "Write it as 10.20.0.1 or 2001:db8:20::1.";
  return [fault("MAAS-VAL-09", attribute, { what, fix })];
}

function checkBootArchitecture(attribute: string, text: string): Problem<string>[] {
  if (BOOT_ARCHITECTURES.includes(bootArchitecture(text))) return [];
  const what = `"${text}" is not a boot architecture of MAAS`;
  const fix = `MAAS 3.0 to 3.7 have ${BOOT_ARCHITECTURES.join(", ")}: use one of these.`;
  return [fault("MAAS-VAL-10", attribute, { what, fix })];
}

/** What is wrong with text that must be in this format: nothing, or one error that shows the right form. */
export const checkFormat: Readonly<Record<Format, (attribute: string, text: string) => Problem<string>[]>> = {
  cidr: checkCidr,
  ip: checkAddress,
  word: () => [],
  "boot-architecture": checkBootArchitecture,
};

import { checkFormat } from "./checks/field";
import { checkRangeEnds, checkRangeInSubnet, implicitlyUsed } from "./checks/ip-range";
import { IpAddress } from "./address";
import { Cidr } from "./cidr";
import { AddressRange } from "./address-range";
import { fault, PlanError, type Problem, text } from "./problem";

/** Width of the IPv6 subnets that hosts are on. */
const HOST_BITS = 64;

function refuse(where: string, [problem]: readonly Problem[]): void {
  if (problem === undefined) return;
  // The attribute is a name for the checks: there is none here.
  const { attribute: _, ...rest } = problem;
  throw new PlanError(where, rest);
}

/** @throws PlanError when the text is no network, or no literal. */
export function networkOf(network: string, where: string): Cidr {
  refuse(where, checkFormat.cidr("cidr", network));
  return Cidr.parse(network);
}

function checkCount(value: number, max: number, what: string, where: string): void {
  if (Number.isInteger(value) && value >= 0 && value <= max) return;
  refuse(where, [
    fault("MAAS-ADR-01", undefined, {
      what: `${value} is not possible as ${what}`,
      fix: `Write a whole number from 0 to ${max}.`,
    }),
  ]);
}

/**
 * A stretch of addresses for a range, made so that it fits: `new StaticRange(this, "nodes", { subnet, startIp:
 * block.startIp, endIp: block.endIp })`, or in TypeScript `{ subnet, ...block }`.
 *
 * Networks are given as text, such as `2001:db8:20::/64`. Methods throw when the block would not fit or MAAS refuse it.
 */
export class AddressBlock {
  /** The block from one address to another, both included. */
  static between(startIp: string, endIp: string): AddressBlock {
    for (const address of [startIp, endIp]) refuse("block", checkFormat.ip("address", address));
    const [start, end] = [IpAddress.parse(startIp), IpAddress.parse(endIp)];
    refuse("block", checkRangeEnds(start, end));
    return AddressBlock.#of(new AddressRange(start, end));
  }

  /**
   * One of the equal blocks of 2 to the power of `bits` addresses that a network falls into, counted from 0. Block 0 is
   * hardly ever free: it starts with the network's own address.
   *
   * Block 1 of `2001:db8:20::/64` with 48 bits is `2001:db8:20:0:1::` to `2001:db8:20:0:1:ffff:ffff:ffff`.
   */
  static of(cidr: string, index: number, bits: number): AddressBlock {
    const network = networkOf(cidr, "block");
    const hostBits = IpAddress.bits(network.family) - network.prefixLength;
    checkCount(bits, hostBits, "the bits of a block", `block of ${cidr}`);
    const last = Math.min(2 ** (hostBits - bits) - 1, Number.MAX_SAFE_INTEGER);
    checkCount(index, last, "the index of a block", `block of 2^${bits} addresses of ${cidr}`);
    const start = network.first.plus(BigInt(index) << BigInt(bits));
    return AddressBlock.#in(network, start, bits);
  }

  /**
   * Where machines of an IPv6 /64 get their addresses from: 2 to the power of `bits` addresses from host part `1::` on
   * (`2001:db8:20:0:1::`), by default all up to `2001:db8:20:0:1:ffff:ffff:ffff`. Clear of the addresses that MAAS keeps
   * for itself, and of {@link dynamicRange}.
   *
   * @param bits 0 to 48
   */
  static staticRange(cidr: string, bits = 48): AddressBlock {
    return AddressBlock.#part(cidr, 1, bits);
  }

  /**
   * What DHCPv6 gives out of an IPv6 /64: 2 to the power of `bits` addresses from host part `2::` on
   * (`2001:db8:20:0:2::`), by default 65536.
   *
   * @param bits 8 to 48: MAAS wants 256 addresses at least
   */
  static dynamicRange(cidr: string, bits = 16): AddressBlock {
    if (bits < 8) {
      const what = `MAAS needs at least 256 addresses, which are 8 bits, and not ${bits}`;
      throw new PlanError(`dynamic range of ${cidr}`, fault("MAAS-ADR-01", undefined, { what }));
    }
    return AddressBlock.#part(cidr, 2, bits);
  }

  /** What DHCP gives out of an IPv4 network: its third quarter, `10.20.0.128` to `10.20.0.191` of `10.20.0.0/24`. */
  static ipv4DynamicRange(cidr: string): AddressBlock {
    const network = networkOf(cidr, "dynamic range");
    if (network.family === 6 || network.prefixLength > 28) {
      const words = { what: "the third quarter is for IPv4 networks up to /28", fix: "Use AddressBlock.between." };
      throw new PlanError(`dynamic range of ${cidr}`, fault("MAAS-ADR-01", undefined, words));
    }
    return AddressBlock.of(cidr, 2, 30 - network.prefixLength);
  }

  static #part(cidr: string, part: number, bits: number): AddressBlock {
    const network = networkOf(cidr, "range");
    if (network.family === 4 || network.prefixLength !== HOST_BITS) {
      const fix = `Use AddressBlock.of("${cidr}", index, bits) elsewhere.`;
      throw new PlanError(
        `range of ${cidr}`,
        fault("MAAS-ADR-01", undefined, { what: "it has its place on an IPv6 /64", fix }),
      );
    }
    checkCount(bits, 48, "the bits of a range", `range of ${cidr}`);
    return AddressBlock.#in(network, network.first.plus(BigInt(part) << 48n), bits);
  }

  static #in(network: Cidr, start: IpAddress, bits: number): AddressBlock {
    const range = new AddressRange(start, start.plus((1n << BigInt(bits)) - 1n));
    const [problem] = checkRangeInSubnet(range, network);
    if (problem !== undefined) {
      const size = 1n << BigInt(bits);
      const kept = implicitlyUsed(network)?.end ?? network.first;
      const next = (kept.value - network.first.value) / size + 1n;
      const hint =
        range.start.compare(kept) <= 0 ? ` The first block of that size that can be used has index ${next}.` : "";
      const fix = text`${problem.fix ?? ""}${hint}`;
      refuse(`block ${range.toString()} of ${network.toString()}`, [{ ...problem, fix }]);
    }
    return AddressBlock.#of(range);
  }

  static #of({ start, end }: AddressRange): AddressBlock {
    return new AddressBlock(start.toString(), end.toString());
  }

  private constructor(
    /** First address. */
    readonly startIp: string,
    /** Last address, included. */
    readonly endIp: string,
  ) {}
}

import * as fc from "fast-check";
import { type Family, IpAddress } from "../../lib/model/address";
import { Cidr } from "../../lib/model/cidr";
import { AddressRange } from "../../lib/model/ip-range";

const max = (family: Family): bigint => (1n << BigInt(IpAddress.bits(family))) - 1n;

export const families: fc.Arbitrary<Family> = fc.constantFrom<Family>(4, 6);

export const addressesOf = (family: Family): fc.Arbitrary<IpAddress> =>
  fc.bigInt({ min: 0n, max: max(family) }).map((value) => IpAddress.of(family, value));

export const addresses: fc.Arbitrary<IpAddress> = families.chain(addressesOf);

export const cidrs: fc.Arbitrary<Cidr> = addresses.chain((address) =>
  fc.integer({ min: 1, max: IpAddress.bits(address.family) }).map((length) => Cidr.of(address, length)),
);

/** Ranges that lie close together, so that overlaps and gaps both happen. */
export const closeRanges = (start: IpAddress, width: number): fc.Arbitrary<AddressRange> =>
  fc
    .tuple(fc.integer({ min: 0, max: width }), fc.integer({ min: 0, max: width }))
    .map(([a, b]) => new AddressRange(start.plus(Math.min(a, b)), start.plus(Math.max(a, b))));

import * as fc from "fast-check";
import { type Family, IpAddress } from "../../lib/model/address";
import { Cidr } from "../../lib/model/cidr";
import { AddressRange } from "../../lib/model/address-range";

const max = (family: Family): bigint => (1n << BigInt(IpAddress.bits(family))) - 1n;

export const families: fc.Arbitrary<Family> = fc.constantFrom<Family>(4, 6);

/** Values that MAAS prints with an IPv4 address at the end, or nearly. */
const holdingIpv4: fc.Arbitrary<bigint> = fc
  .tuple(fc.constantFrom(0n, 0xffffn, 0xfffen, 0x1ffffn, 1n), fc.bigInt({ min: 0n, max: 0xffffffffn }), fc.nat(16))
  .map(([high, low, zeros]) => (high << 32n) | ((low >> BigInt(zeros)) << BigInt(zeros)));

export const addressesOf = (family: Family): fc.Arbitrary<IpAddress> => {
  const any = fc.bigInt({ min: 0n, max: max(family) });
  const values = family === 4 ? any : fc.oneof({ weight: 3, arbitrary: any }, { weight: 1, arbitrary: holdingIpv4 });
  return values.map((value) => IpAddress.of(family, value));
};

export const addresses: fc.Arbitrary<IpAddress> = families.chain(addressesOf);

export const cidrs: fc.Arbitrary<Cidr> = addresses.chain((address) =>
  fc.integer({ min: 1, max: IpAddress.bits(address.family) }).map((length) => Cidr.of(address, length)),
);

/** Ranges that lie close together, so that overlaps and gaps both happen. */
export const closeRanges = (start: IpAddress, width: number): fc.Arbitrary<AddressRange> =>
  fc
    .tuple(fc.integer({ min: 0, max: width }), fc.integer({ min: 0, max: width }))
    .map(([a, b]) => new AddressRange(start.plus(Math.min(a, b)), start.plus(Math.max(a, b))));

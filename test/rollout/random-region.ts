import * as fc from "fast-check";
import { Cidr } from "../../lib/model/cidr";
import type { Seed } from "../../src/simulator/seed/notation";

/** Names that MAAS takes: equal in their letters, words of TypeScript, and such that end as another one's ids do. */
const FABRICS = [
  "fra1",
  "fra1-110",
  "fra1_110",
  "class",
  "Büro",
  "Buro",
  "日本",
  "10",
  "a_b",
  "a-b",
  "constructor",
] as const;
const VIDS = [0, 7, 110, 4094] as const;
const MODES = ["own", "none", "planned", "foreign", "wide", "host", "several"] as const;

type Draw = (limit: number) => number;
type Lists = { -readonly [K in "subnets" | "ip_ranges" | "racks" | "machines"]: NonNullable<Seed[K]>[number][] };

/** The first networks of fd5a:7c01:9b3e::/48 that no fabric is planned at, since their VLANs have other VIDs. */
const foreign = (index: number): string => `fd5a:7c01:9b3e:${(0x200 + index).toString(16)}::/64`;

function drawIpv6(draw: Draw, lists: Lists, index: number, place: { fabric: string; vid: number }): string[] {
  const mode = MODES[draw(MODES.length)] ?? "none";
  const cidrs = {
    ...{ own: [`2001:db8:${index.toString(16)}::/64`], none: [], planned: [foreign(index)], foreign: [], host: [] },
    wide: [`2001:db8:${(0x100 + index).toString(16)}::/${[48, 56, 112][draw(3)] ?? 48}`],
    several: [`2001:db8:${index.toString(16)}:1::/64`, `2001:db8:${index.toString(16)}:2::/64`],
    ...(mode === "host" && { host: [`2001:db8:${index.toString(16)}::1/128`] }),
  }[mode];
  for (const cidr of cidrs) {
    const block = Cidr.parse(cidr);
    const managed = draw(6) !== 0;
    const hasGateway = draw(3) !== 0 && block.prefixLength < 128;
    lists.subnets.push({ cidr, ...place, managed, ...(hasGateway && { gateway_ip: block.nth(1).toString() }) });
    if (block.prefixLength !== 64 || !managed) continue;
    const at = (host: string): string => cidr.replace(/::\/64$/, `:${host}`).replace(/^(([^:]+:){3}):?(?=0:)/, "$1");
    const full = (words: string): string =>
      Cidr.parse(cidr)
        .first.plus(BigInt(`0x${words}`))
        .toString();
    void at;
    const ranges = draw(5);
    if (ranges === 1)
      lists.ip_ranges.push({ type: "dynamic", start_ip: full("2000000000000"), end_ip: full("200000000ffff") });
    if (ranges === 2)
      lists.ip_ranges.push({ type: "dynamic", start_ip: full("100000000"), end_ip: full("ffffffffffffffff") });
    if (ranges === 3)
      lists.ip_ranges.push({ type: "reserved", start_ip: full("3000000000000"), end_ip: full("ffffffffffffffff") });
    if (ranges === 4)
      lists.ip_ranges.push({ type: "reserved", start_ip: full("100000000"), end_ip: full("fffffffffffffff0") });
  }
  return cidrs;
}

function drawRegion(draw: Draw): Seed {
  const count = 1 + draw(4);
  const start = draw(FABRICS.length);
  const names = Array.from({ length: count }, (_, index) => FABRICS[(start + index) % FABRICS.length] ?? "lab");
  const lists: Lists = { subnets: [], ip_ranges: [], racks: [], machines: [] };
  let index = 0;
  const nics: { name: string; fabric: string; vid: number; addresses: string[] }[][] = [[], [], []];
  const fabrics = names.map((name) => {
    const vlans = VIDS.filter((vid) => vid === 0 || draw(2) === 0).map((vid) => {
      index += 1;
      const place = { fabric: name, vid };
      const ipv4 = Array.from({ length: draw(4) === 0 ? 0 : 1 + draw(2) }, (_, at) => `10.${index}.${at}.0/24`);
      const ipv6 = drawIpv6(draw, lists, index, place);
      const on: string[] = [];
      for (const [at, list] of nics.entries()) {
        if (draw(3) === 0) continue;
        const addresses = ipv4.flatMap((cidr, number) =>
          number === 0 || draw(2) === 0 ? [`${cidr.replace(/0\/24$/, String(2 + draw(3)))}/24`] : [],
        );
        const [first] = ipv6;
        if (first !== undefined && draw(3) === 0)
          addresses.push(first.replace(/::1?\/(\d+)$/, (_, length) => `::${(2 + draw(4)).toString(16)}/${length}`));
        list.push({
          name: vid === 0 ? ["eth", "bond", "br-"][at] + String(index) : `eth${index}.${vid}`,
          ...place,
          addresses,
        });
        on.push(`rack${at}`);
      }
      for (const cidr of ipv4) {
        const managed = draw(6) !== 0;
        lists.subnets.push({ cidr, ...place, managed });
        if (managed && draw(5) !== 0)
          lists.ip_ranges.push({
            type: "dynamic",
            start_ip: cidr.replace("0/24", "100"),
            end_ip: cidr.replace("0/24", "199"),
          });
      }
      const served =
        on.length > 0 && draw(4) !== 0 && lists.ip_ranges.some(({ start_ip }) => start_ip === `10.${index}.0.100`);
      return {
        vid,
        ...(served && {
          dhcp_on: true,
          primary_rack: on[0] ?? "",
          ...(on[1] !== undefined && draw(2) === 0 && { secondary_rack: on[1] }),
        }),
        ...(draw(3) === 0 && { space: "green" }),
        ...(vid !== 0 && draw(3) === 0 && { name: ["import", "it's", "net"][draw(3)]?.replace("'", "") ?? "net" }),
      };
    });
    return { name, vlans };
  });
  return {
    ...{ spaces: [{ name: "green" }], fabrics, subnets: lists.subnets, ip_ranges: lists.ip_ranges },
    racks: nics.map((interfaces, at) => ({ hostname: `rack${at}`, interfaces })),
  };
}

/** Regions as people have them half way to IPv6, drawn from few names and networks. */
export const regions: fc.Arbitrary<Seed> = fc
  .infiniteStream(fc.nat(10_000))
  .map((numbers) => drawRegion((limit) => Number(numbers.next().value ?? 0) % limit));

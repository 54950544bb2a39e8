import type { Seed } from "../../src/simulator/seed/notation";
import type { ProviderDriver } from "./provider-driver";

/** An `import` block: the type, and the natural key. */
export type ImportBlock = readonly [type: string, key: string];

/** So many fabrics make 1,000 objects: 10 fabrics, 90 VLANs, 450 subnets and as many ranges. */
export const FEW_FABRICS = 10;

const VLANS = 9;
const SUBNETS = 5;

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** A region of that many fabrics with 100 objects each, and the import blocks for all of them. */
export function regionOf(fabrics: number): { readonly seed: Seed; readonly imports: readonly ImportBlock[] } {
  const names = numbers(fabrics).map((index) => `site-${index + 1}`);
  const vlans = names.flatMap((fabric) => numbers(VLANS).map((index) => ({ fabric, vid: index + 1 })));
  const subnets = vlans.flatMap((place, at) =>
    numbers(SUBNETS).map((index) => ({ ...place, stem: `10.${at}.${index}`, at })),
  );
  const ranges = subnets.map(({ stem }) => ({ start_ip: `${stem}.100`, end_ip: `${stem}.199` }));
  return {
    seed: {
      fabrics: names.map((name) => ({ name })),
      vlans,
      subnets: subnets.map(({ fabric, vid, stem }) => ({ fabric, vid, cidr: `${stem}.0/24` })),
      ip_ranges: ranges.map((range) => ({ type: "reserved", ...range })),
    },
    imports: [
      ...names.map((name) => ["maas_fabric", name] as const),
      ...vlans.map(({ fabric, vid }) => ["maas_vlan", `${fabric}:${vid}`] as const),
      ...subnets.map(({ stem }) => ["maas_subnet", `${stem}.0/24`] as const),
      ...ranges.map(({ start_ip: start, end_ip: end }) => ["maas_subnet_ip_range", `${start}-${end}`] as const),
    ],
  };
}

/** Imports and reads all, ten at a time as Terraform does. @returns what went wrong, in words */
export async function importAll(
  provider: Pick<ProviderDriver, "import" | "read">,
  imports: readonly ImportBlock[],
): Promise<string[]> {
  const faults: string[] = [];
  for (let from = 0; from < imports.length; from += 10) {
    const some = imports.slice(from, from + 10).map(async ([type, key]) => {
      const imported = await provider.import(type, key);
      const { state, told } = await provider.read(type, imported);
      if (state === undefined || told.length > 0 || imported.told.length > 0)
        faults.push(`${type} ${key}: ${JSON.stringify([imported.told, told])}`);
    });
    await Promise.all(some);
  }
  return faults;
}

import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Store } from "../model/store";
import type { MaasVersion } from "../versions";
import { defaultRegion, emptyRegion } from "./default-region";
import { loadSeed } from "./load";
import { type Seed, SeedError } from "./notation";

const place = { fabric: z.string().default("fabric-0"), vid: z.number().int().default(0) };

const vlan = z.strictObject({
  vid: z.number().int(),
  name: z.string().optional(),
  description: z.string().optional(),
  mtu: z.number().int().optional(),
  space: z.string().optional(),
  dhcp_on: z.boolean().optional(),
  primary_rack: z.string().optional(),
  secondary_rack: z.string().optional(),
  relay_vlan: z.strictObject(place).optional(),
});

const subnet = z.strictObject({
  ...place,
  cidr: z.string(),
  name: z.string().optional(),
  description: z.string().optional(),
  gateway_ip: z.string().optional(),
  dns_servers: z.array(z.string()).optional(),
  rdns_mode: z.number().int().optional(),
  allow_dns: z.boolean().optional(),
  allow_proxy: z.boolean().optional(),
  active_discovery: z.boolean().optional(),
  managed: z.boolean().optional(),
});

const rackInterface = z.strictObject({
  ...place,
  name: z.string(),
  mac_address: z.string().optional(),
  /** What the host has configured, with prefix lengths: `10.0.0.2/24`. */
  addresses: z.array(z.string()).default([]),
  gateways: z.array(z.string()).default([]),
});

const link = z.strictObject({ mode: z.string(), subnet: z.string().optional(), ip_address: z.string().optional() });

const machineInterface = z.strictObject({
  ...place,
  name: z.string(),
  mac_address: z.string().optional(),
  links: z.array(link).default([]),
});

/** The check of a {@link Seed}. That type is written out, so that the published declarations need no zod. */
const seedSchema = z.strictObject({
  spaces: z.array(z.strictObject({ name: z.string(), description: z.string().optional() })).default([]),
  fabrics: z
    .array(z.strictObject({ name: z.string(), class_type: z.string().optional(), vlans: z.array(vlan).default([]) }))
    .default([]),
  subnets: z.array(subnet).default([]),
  ip_ranges: z
    .array(
      z.strictObject({
        type: z.string(),
        start_ip: z.string(),
        end_ip: z.string(),
        /** The subnet's CIDR; found by the start when left out. */
        subnet: z.string().optional(),
        comment: z.string().optional(),
      }),
    )
    .default([]),
  static_routes: z
    .array(
      z.strictObject({
        source: z.string(),
        destination: z.string(),
        gateway_ip: z.string(),
        metric: z.number().int().optional(),
      }),
    )
    .default([]),
  reserved_ips: z
    .array(z.strictObject({ ip: z.string(), mac_address: z.string(), comment: z.string().optional() }))
    .default([]),
  racks: z
    .array(
      z.strictObject({
        hostname: z.string(),
        system_id: z.string().optional(),
        interfaces: z.array(rackInterface).default([]),
      }),
    )
    .default([]),
  machines: z
    .array(
      z.strictObject({
        hostname: z.string(),
        system_id: z.string().optional(),
        interfaces: z.array(machineInterface).default([]),
      }),
    )
    .default([]),
  settings: z.record(z.string(), z.string()).default({}),
});

/** A seed with everything filled in that was left out. */
export type ParsedSeed = z.output<typeof seedSchema>;

/**
 * How to make the region: `default`, `empty`, a seed file's path, or the seed itself.
 * @throws SeedError for a seed that cannot be read, or that MAAS would refuse
 */
export function chooseSeed(seed: Seed | string, version: MaasVersion): () => Store {
  if (seed === "default") return () => defaultRegion(version);
  if (seed === "empty") return emptyRegion;
  const source = typeof seed === "string" ? seed : "the seed";
  const given = typeof seed === "string" ? readFile(seed) : (seed satisfies z.input<typeof seedSchema>);
  const parsed = seedSchema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new SeedError(`${source} is no seed: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
  }
  const make = () => loadSeed(parsed.data, version, source);
  make();
  return make;
}

function readFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new SeedError(
      `the seed ${path} cannot be read: ${(error as Error).message}; give "default", "empty" or the path of a JSON file`,
    );
  }
}

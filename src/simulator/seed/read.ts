import { readFileSync } from "node:fs";
import { z } from "zod";
import { seededColumns } from "../model/columns";
import { SeedError } from "../model/errors";
import type { FormField } from "../model/fields";
import type { Store, TableName } from "../model/store";
import { RESOURCES } from "../resources";
import type { MaasVersion } from "../versions";
import { defaultRegion, emptyRegion } from "./default-region";
import { loadSeed } from "./load";
import { isNetworkDocument, seedOf } from "./network-document";
import type { Seed } from "./notation";

const place = z.strictObject({ fabric: z.string().default("fabric-0"), vid: z.number().int().default(0) });

const vlanKey = (at: z.output<typeof place>) => `${at.fabric}:${at.vid}`;

/** What a seed gives for a field, as JSON. A reference is a natural key; a VLAN's may be given by its parts. */
const TYPES: Readonly<Record<FormField["type"], z.ZodType>> = {
  text: z.string(),
  integer: z.number().int(),
  boolean: z.boolean(),
  list: z.array(z.string()),
  reference: z.union([z.string(), place.transform(vlanKey)]),
};

/** The check of an object of the table: the columns that a seed gives, and what stands in it beside them. */
function object(table: TableName, beside: z.ZodRawShape = {}, optional: readonly string[] = []) {
  const columns = seededColumns(RESOURCES[table].columns).map(([name, , field]) => {
    const type = TYPES[field.type];
    return [name, field.required && !optional.includes(name) ? type : type.optional()] as const;
  });
  return z.strictObject({ ...Object.fromEntries(columns), ...beside });
}

const list = <T extends z.ZodType>(item: T) => z.array(item).default([]);

/** An object on a VLAN, which may be given as `fabric` and `vid` in place of `vlan`. */
const onVlan = (table: TableName, beside: z.ZodRawShape = {}, optional: readonly string[] = []) =>
  object(table, { ...beside, fabric: z.string().optional(), vid: z.number().int().optional() }, optional).transform(
    ({ fabric, vid, ...rest }): Values => ({ vlan: vlanKey(place.parse({ fabric, vid })), ...rest }),
  );

const link = z.strictObject({ mode: z.string(), subnet: z.string().optional(), ip_address: z.string().optional() });

const node = () =>
  object("nodes", { interfaces: list(onVlan("interfaces", { links: list(link) }, ["mac_address"])) }).transform(
    (values) =>
      values as Values & { readonly interfaces: readonly (Values & { readonly links: z.output<typeof link>[] })[] },
  );

/** Values of one object, by column. */
export type Values = Readonly<Record<string, unknown>>;

/** The check of a {@link Seed}, made from the resources' columns. */
const seedSchema = z.strictObject({
  spaces: list(object("spaces")),
  fabrics: list(
    object("fabrics", { vlans: list(object("vlans")) }).transform(
      (values) => values as Values & { readonly vlans: readonly Values[] },
    ),
  ),
  vlans: list(object("vlans")),
  subnets: list(onVlan("subnets")),
  ip_ranges: list(object("ip_ranges", {}, ["subnet"])),
  static_routes: list(object("static_routes")),
  reserved_ips: list(object("reserved_ips")),
  racks: list(node()),
  machines: list(node()),
  settings: z.record(z.string(), z.string()).default({}),
});

/** A seed with everything filled in that was left out. */
export type ParsedSeed = z.output<typeof seedSchema>;

/**
 * How to make the region: `default`, `empty`, the path of a seed or a network document, or the seed itself.
 * @throws SeedError for a seed that cannot be read, or that MAAS would refuse
 */
export function chooseSeed(seed: Seed | string, version: MaasVersion): () => Store {
  if (seed === "default") return () => defaultRegion(version);
  if (seed === "empty") return emptyRegion;
  const source = typeof seed === "string" ? seed : "the seed";
  const given = typeof seed === "string" ? readFile(seed) : seed;
  const parsed = seedSchema.safeParse(isNetworkDocument(given) ? seedOf(given, source) : given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new SeedError(`${source} is not a seed: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
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

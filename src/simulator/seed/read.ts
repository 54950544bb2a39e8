import { readFileSync } from "node:fs";
import { z } from "zod";
import { duplicateMembers } from "../../../lib/model/document/duplicates";
import { parseJson } from "../../../lib/model/json";
import { refuseSpecialFile } from "../../files/regular-file";
import { seededColumns } from "../model/columns";
import { SeedError } from "../model/errors";
import type { FormField } from "../model/fields";
import type { Store, TableName } from "../model/store";
import { RESOURCES } from "../resources";
import type { MaasVersion } from "../versions";
import { defaultRegion, emptyRegion } from "./default-region";
import { loadSeed } from "./load";
import { isNetworkDocument, networkDocument, seedOf } from "./network-document";
import {
  type ParsedNode,
  type ParsedSeed,
  SECTIONS,
  type Seed,
  type SeedLayer,
  type SeedLink,
  type Values,
} from "./notation";

const place = z.strictObject({ fabric: z.string().default("fabric-0"), vid: z.number().int().default(0) });

/** A VLAN's natural key from its parts. */
const vlanKey = ({ fabric, vid }: z.output<typeof place>): string => `${fabric}:${vid}`;

/** What a seed gives for a field, as JSON. A reference is a natural key, or null for none; a VLAN's may be given by its parts. */
const TYPES: Readonly<Record<FormField["type"], z.ZodType>> = {
  text: z.string(),
  integer: z.number().int(),
  boolean: z.boolean(),
  list: z.array(z.string()),
  reference: z.union([z.string(), place.transform(vlanKey), z.null()]),
};

const link = z.strictObject({ mode: z.string(), subnet: z.string().optional(), ip_address: z.string().optional() });

const listOf = (item: z.ZodType<Values>) => z.array(item).default([]);

/**
 * The check of an object of the table: the columns that a seed gives, and what stands in it beside them. Its VLAN may be
 * given as `fabric` and `vid` in place of `vlan`.
 */
function object(table: TableName, beside: z.ZodRawShape = {}): z.ZodType<Values> {
  const columns = seededColumns(RESOURCES[table].columns).map(([name, , { type, required }]) => {
    return [name, required ? TYPES[type] : TYPES[type].optional()] as const;
  });
  const shape = Object.fromEntries(columns);
  if (!("vlan" in shape)) return z.strictObject({ ...shape, ...beside });
  return z
    .strictObject({ ...shape, fabric: place.shape.fabric, vid: place.shape.vid, ...beside })
    .transform(({ fabric, vid, ...rest }): Values => ({ vlan: vlanKey(place.parse({ fabric, vid })), ...rest }));
}

const layer = {
  type: z.enum(["physical", "bond", "bridge", "vlan"]).default("physical"),
  parents: z.array(z.string()).default([]),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
};

const node = object("nodes", {
  interfaces: listOf(object("interfaces", { ...layer, links: z.array(link).default([]) })),
});

/** The check of a {@link Seed}, made from the resources' columns. */
const seedSchema = z.strictObject({
  ...Object.fromEntries(SECTIONS.map((name) => [name, listOf(object(name))])),
  fabrics: listOf(object("fabrics", { vlans: listOf(object("vlans")) })),
  racks: listOf(node),
  machines: listOf(node),
  devices: listOf(node),
  dhcp_snippets: z
    .array(
      z.strictObject({
        ...{ name: z.string(), value: z.string(), description: z.string().optional(), enabled: z.boolean().optional() },
        ...{ subnet: z.string().optional(), node: z.string().optional() },
      }),
    )
    .default([]),
  settings: z.record(z.string(), z.string()).default({}),
});

/** Zod's message for a member that is not there. */
export const missing = ({ code, input }: { readonly code?: string; readonly input?: unknown }): string | undefined =>
  code === "invalid_type" && input === undefined ? "is missing" : undefined;

/** @throws SeedError that names the first thing that is wrong of what is no such thing */
function checked<T>(schema: z.ZodType<T>, given: unknown, source: string, wanted: string): T {
  const { success, data, error } = schema.safeParse(given, { error: missing });
  if (success) return data;
  const [issue] = error.issues;
  throw new SeedError(`${source} is not ${wanted}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
}

/** @throws SeedError that names the first thing that is wrong */
function parse(given: unknown, source: string): ParsedSeed {
  const isDocument = isNetworkDocument(given);
  const wanted = isDocument ? "a network document of a region" : "a seed";
  const seed = isDocument ? seedOf(checked(networkDocument, given, source, wanted), source) : given;
  const {
    racks,
    machines,
    devices,
    dhcp_snippets: snippets,
    settings,
    fabrics,
    ...sections
  } = checked(seedSchema, seed, source, wanted);
  const objects = new Map(Object.entries(sections) as [TableName, readonly Values[]][]);
  const nested = fabrics.flatMap(({ name, vlans }) => (vlans as Values[]).map((vlan) => ({ ...vlan, fabric: name })));
  const vlans = (objects.get("vlans") ?? []).map((vlan) => ({ fabric: "fabric-0", ...vlan }));
  objects.set(
    "fabrics",
    fabrics.map(({ vlans: _vlans, ...fabric }) => fabric),
  );
  objects.set("vlans", [...nested, ...vlans]);
  const nodes = { racks: racks.map(parsedNode), machines: machines.map(parsedNode), devices: devices.map(parsedNode) };
  return { objects, ...nodes, snippets, settings };
}

function parsedNode({ interfaces, ...values }: Values): ParsedNode {
  return {
    values,
    interfaces: (interfaces as Values[]).map(({ links, type, parents, params, ...nic }) => ({
      values: nic,
      layer: { type, parents, params } as SeedLayer,
      links: links as SeedLink[],
    })),
  };
}

/**
 * How to make the region: `default`, `empty`, the path of a seed or a network document, or the seed itself.
 * @throws SeedError for a seed that cannot be read, or that MAAS would refuse
 */
export function chooseSeed(seed: Seed | string, version: MaasVersion): () => Store {
  if (seed === "default") return () => defaultRegion(version);
  if (seed === "empty") return emptyRegion;
  const source = typeof seed === "string" ? seed : "the seed";
  const parsed = parse(typeof seed === "string" ? readFile(seed) : seed, source);
  const make = () => loadSeed(parsed, version, source);
  make();
  return make;
}

function readFile(path: string): unknown {
  try {
    refuseSpecialFile(path);
    // Some editors put a mark of the encoding first.
    const text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
    const json = parseJson(text);
    const [twice] = duplicateMembers(text);
    if (twice !== undefined) throw new TypeError(`the member ${twice} is there twice`);
    return json;
  } catch (error) {
    throw new SeedError(
      `${path} cannot be read: ${(error as Error).message}. Name a document of cdktf-maas export or a seed, both JSON files, or write default or empty.`,
    );
  }
}

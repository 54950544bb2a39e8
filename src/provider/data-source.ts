import { beforeKey, textOf } from "../../lib/model/text";
import type { Kind } from "../../lib/model/kind";
import { isManaged, KINDS } from "../../lib/model/kinds";
import type { Attributes } from "../../lib/model/known";
import { formatKey, keyParts } from "../../lib/model/natural-key";
import type { Problem } from "../../lib/model/problem";
import { decode } from "../maas/codec";
import type { RegionObjects } from "../reconcile/objects/region-objects";
import { explain } from "./diagnostics";

/** How a data source finds its object: by the attributes that its natural key is made of. */
export interface Lookup {
  readonly kind: Kind;
  readonly given: readonly string[];
}

/** The data sources. */
export const LOOKUPS: readonly Lookup[] = Object.values<Kind>(KINDS)
  .filter(({ dataSource }) => dataSource)
  .map((kind) => ({ kind, given: keyParts(kind.name) }));

function keyOf({ kind, given }: Lookup, config: Attributes): string {
  return formatKey(kind.name, Object.fromEntries(given.map((name) => [name, textOf(config[name])]))) ?? "";
}

/** The object that a data source's configuration names. */
export async function lookUp(
  lookup: Lookup,
  objects: RegionObjects,
  config: Attributes,
): Promise<{ attributes?: Attributes; diagnostics: readonly Problem[] }> {
  const { kind, given } = lookup;
  try {
    const id = await objects.resolve(kind.name, keyOf(lookup, config), given[given.length - 1]);
    const spelled = Object.fromEntries(given.map((name) => [name, config[name] ?? null]));
    const live = isManaged(kind) ? await objects.read(kind, id, spelled) : await readNode(objects, kind, id);
    return { attributes: { ...live, ...spelled, id }, diagnostics: [] };
  } catch (error) {
    return { diagnostics: explain(error, kind, `look up the ${beforeKey(kind.title)} ${keyOf(lookup, config)}`) };
  }
}

async function readNode({ region }: RegionObjects, kind: Kind, id: string): Promise<Attributes> {
  return decode(kind, (await region.snapshot.read(kind.api.collection, id)) ?? {});
}

import type { Diagnostic } from "../../lib/model/diagnostic";
import type { KindName } from "../../lib/model/field";
import type { Kind } from "../../lib/model/kind";
import { isManaged, KINDS } from "../../lib/model/kinds";
import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { decode } from "../maas/codec";
import type { RegionObjects } from "../reconcile/region-objects";
import { explain } from "./diagnostics";

/** How a data source finds its object: the attributes that the user gives, and the natural key they make. */
export interface Lookup {
  readonly kind: Kind;
  readonly given: readonly string[];
  readonly key: (config: Attributes) => string;
}

const by = (kind: KindName, attribute: string): Lookup => ({
  kind: KINDS[kind],
  given: [attribute],
  key: (config) => textOf(config[attribute]),
});

/** The data sources. */
export const LOOKUPS: readonly Lookup[] = [
  by("fabric", "name"),
  by("space", "name"),
  {
    kind: KINDS.vlan,
    given: ["fabric", "vid"],
    key: (config) => `${textOf(config.fabric)}:${textOf(config.vid)}`,
  },
  by("subnet", "cidr"),
  by("rack_controller", "hostname"),
  by("machine", "hostname"),
];

/** The object that a data source's configuration names. */
export async function lookUp(
  { kind, given, key }: Lookup,
  objects: RegionObjects,
  config: Attributes,
): Promise<{ attributes?: Attributes; diagnostics: readonly Diagnostic[] }> {
  try {
    const id = await objects.resolve(kind.name, key(config), given[given.length - 1]);
    const spelled = Object.fromEntries(given.map((name) => [name, config[name] ?? null]));
    const live = isManaged(kind) ? await objects.read(kind, id, spelled) : await readNode(objects, kind, id);
    return { attributes: { ...live, ...spelled, id }, diagnostics: [] };
  } catch (error) {
    return { diagnostics: explain(error, kind) };
  }
}

async function readNode({ region }: RegionObjects, kind: Kind, id: string): Promise<Attributes> {
  const collection = kind.name === "machine" ? "machines" : "rackcontrollers";
  return decode(kind, (await region.snapshot.read(collection, id)) ?? {});
}

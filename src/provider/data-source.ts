import { beforeKey, textOf, withThe } from "../../lib/model/text";
import type { Field } from "../../lib/model/field";
import type { Kind } from "../../lib/model/kind";
import { findField, isManaged } from "../../lib/model/kinds";

import type { Attributes } from "../../lib/model/known";
import { formatKey, keyParts } from "../../lib/model/natural-key";
import { fault, type Problem } from "../../lib/model/problem";
import { TERRAFORM_KINDS } from "../../lib/model/terraform/kinds";
import { decode } from "../maas/codec";
import type { RegionObjects } from "../reconcile/objects/region-objects";
import { explain } from "./diagnostics";

/** How a data source finds its object: by the attributes that its natural key is made of. */
export interface Lookup {
  readonly kind: Kind;
  readonly given: readonly string[];
  /** Other names of some of them, one of which is to be set. */
  readonly aliases: Readonly<Record<string, string>>;
}

/** The kind as its data source has it. canonical/maas gives the natural key of what else it refers to, and no id. */
function lookedUp(kind: Kind): Kind {
  const own = Object.keys(kind.terraform?.fields ?? {});
  const fields = kind.fields.map((field) =>
    own.includes(field.name) && field.jsonKey !== undefined ? { ...field, jsonPath: field.jsonKey } : field,
  );
  return { ...kind, fields };
}

/** The data sources. */
export const LOOKUPS: readonly Lookup[] = TERRAFORM_KINDS.filter(({ dataSource }) => dataSource).map((kind) => ({
  kind: lookedUp(kind),
  given: keyParts(kind.name),
  aliases: kind.terraform?.aliases ?? {},
}));

/** The natural key that the configuration gives, or the id of the object in place of its last part. */
function keyOf({ kind, given, aliases }: Lookup, config: Attributes): string {
  const parts: Record<string, string> = {};
  for (const name of given) {
    const [alias] = Object.keys(aliases).filter((other) => aliases[other] === name && (config[other] ?? null) !== null);
    const text = textOf(config[alias ?? name]);
    const { max = Infinity } = findField(kind, name);
    if (alias !== undefined && kind.id.form.test(text) && Number(text) > max) return text;
    parts[name] = text;
  }
  return formatKey(kind.name, parts) ?? "";
}

/** Under each alias, the value of the attribute that it stands for. */
const underAliases = ({ aliases }: Lookup, live: Attributes): Attributes =>
  Object.fromEntries(
    Object.entries(aliases).map(([alias, name]) => {
      const value = live[name] ?? null;
      return [alias, typeof value === "number" ? String(value) : value];
    }),
  );

/** Whether an object that was found by its id is not where the configuration says; what is read is spelled as that says it. */
const isElsewhere = ({ name, references }: Field, live: Attributes, config: Attributes): boolean =>
  references !== undefined && name in live && live[name] !== config[name];

const elsewhere = (kind: Kind, name: string, config: Attributes, live: Attributes): Problem =>
  fault("MAAS-MOV-03", name, {
    what: `${withThe(kind.title)} with that id is not in the ${name} "${textOf(config[name])}"`,
    why: `It is in the ${name} ${textOf(live[name])}.`,
    fix: `Write ${name} = "${textOf(live[name])}", or name an object of that ${name}.`,
  });

/** The object that a data source's configuration names. */
export async function lookUp(
  lookup: Lookup,
  objects: RegionObjects,
  config: Attributes,
): Promise<{ attributes?: Attributes; diagnostics: readonly Problem[] }> {
  const { kind, given } = lookup;
  try {
    const id = await objects.resolve(kind.name, keyOf(lookup, config), given[given.length - 1]);
    const names = [...given, ...Object.keys(lookup.aliases)].filter((name) => (config[name] ?? null) !== null);
    const spelled = Object.fromEntries(names.map((name) => [name, config[name] ?? null]));
    const live = (isManaged(kind) ? await objects.read(kind, id, spelled) : await readNode(objects, kind, id)) ?? {};
    const strayed = names.find((name) => given.includes(name) && isElsewhere(findField(kind, name), live, config));
    if (strayed !== undefined) return { diagnostics: [elsewhere(kind, strayed, config, live)] };
    return { attributes: { ...live, ...underAliases(lookup, live), ...spelled, id }, diagnostics: [] };
  } catch (error) {
    return { diagnostics: explain(error, kind, `look up the ${beforeKey(kind.title)} ${keyOf(lookup, config)}`) };
  }
}

async function readNode({ region }: RegionObjects, kind: Kind, id: string): Promise<Attributes> {
  return decode(kind, (await region.snapshot.read(kind.api.collection, id)) ?? {});
}

import { checkExactlyOne, checkLookup } from "../../lib/model/checks/object";
import { checkAliases } from "../../lib/model/terraform/foreign-words";
import type { Field } from "../../lib/model/field";
import type { Kind } from "../../lib/model/kind";
import { findField, isManaged } from "../../lib/model/kinds";
import { isKnown, type Values } from "../../lib/model/known";
import { formatKey, formatShortKey, lookupParts } from "../../lib/model/natural-key";
import { fault, type Problem } from "../../lib/model/problem";
import { sameValue } from "../../lib/model/spelling";
import { TERRAFORM_KINDS } from "../../lib/model/terraform/kinds";
import { beforeKey, textOf, withArticle, withThe } from "../../lib/model/text";
import { decode } from "../maas/codec";
import { missing } from "../reconcile/references/references";
import type { RegionObjects } from "../reconcile/region-objects";
import { explain } from "./diagnostics";
import { type Block, dataSourceBlock, type LookupParts } from "./schema";

/** What a data source answers. */
export interface Found {
  readonly attributes?: Values;
  readonly diagnostics: readonly Problem[];
}

/** A data source of the provider. */
export interface DataSource {
  readonly type: string;
  /** What messages are about. */
  readonly kind: Kind;
  readonly block: Block;
  /** What is wrong with a configuration, without the region. */
  readonly check: (config: Values) => Problem[];
  readonly read: (objects: RegionObjects, config: Values) => Promise<Found>;
}

/**
 * How a data source finds its object: by the attributes that its natural key is made of. Of the optional ones it takes
 * those that complete a form of the key, and that tell several objects apart.
 */
export interface Lookup extends LookupParts {
  readonly kind: Kind;
}

/** The kind as its data source has it. canonical/maas gives the natural key of what else it refers to, and no id. */
function lookedUp(kind: Kind): Kind {
  const own = Object.keys(kind.terraform?.fields ?? {});
  const shown = kind.terraform?.lookedUp ?? {};
  const fields = kind.fields.map((field) =>
    own.includes(field.name) && field.jsonKey !== undefined
      ? { ...field, jsonPath: field.jsonKey }
      : { ...field, ...(shown[field.name] as Partial<Field> | undefined) },
  );
  return { ...kind, fields };
}

/** The attributes that a data source of the kind takes: those of its natural key, and another name of the object where it has one. */
export function takenBy(kind: Kind): Pick<LookupParts, "required" | "optional"> {
  const { required, optional } = lookupParts(kind.name);
  const { by, insteadOf = [] } = kind.key.alternative ?? {};
  const isReplaced = (name: string): boolean => insteadOf.includes(name);
  return {
    required: required.filter((name) => !isReplaced(name)),
    optional: [...required.filter(isReplaced), ...optional, ...(by === undefined ? [] : [findField(kind, by).name])],
  };
}

/** The lookups of one object: one for each kind. */
export const LOOKUPS: readonly Lookup[] = TERRAFORM_KINDS.map((kind) => ({
  kind: lookedUp(kind),
  ...takenBy(kind),
  aliases: kind.terraform?.aliases ?? {},
  idName: kind.terraform?.idName,
}));

const isGiven = (config: Values, name: string): boolean => (config[name] ?? null) !== null;

/** The alias under which the configuration gives that attribute; undefined where it does not. */
const aliasOf = ({ aliases }: Lookup, config: Values, name: string): string | undefined =>
  Object.keys(aliases).find((other) => aliases[other] === name && isGiven(config, other));

/** The parts of the natural key that the configuration gives, as text. */
function partsOf(lookup: Lookup, config: Values): Readonly<Record<string, string>> {
  const given = [...lookup.required, ...lookup.optional].flatMap((name) => {
    const from = aliasOf(lookup, config, name) ?? name;
    return isGiven(config, from) ? [[name, textOf(config[from])] as const] : [];
  });
  return Object.fromEntries(given);
}

/** The natural key that the configuration gives, another name, or the id of the object in place of its last part. */
function keyOf(lookup: Lookup, config: Values): string {
  const { kind, idName } = lookup;
  if (idName !== undefined && isGiven(config, idName)) return textOf(config[idName]);
  const parts = partsOf(lookup, config);
  const { alternative } = kind.key;
  if (alternative !== undefined && parts[alternative.by] !== undefined) return alternative.text(parts);
  const id = Object.entries(parts).find(
    ([name, text]) =>
      aliasOf(lookup, config, name) !== undefined &&
      kind.id.form.test(text) &&
      Number(text) > (findField(kind, name).max ?? Infinity),
  );
  return id?.[1] ?? formatKey(kind.name, parts) ?? formatShortKey(kind.name, parts) ?? "";
}

/** Under each alias, the value of the attribute that it stands for. */
const underAliases = ({ aliases }: Lookup, live: Values): Values =>
  Object.fromEntries(
    Object.entries(aliases).map(([alias, name]) => {
      const value = live[name] ?? null;
      return [alias, typeof value === "number" ? String(value) : value];
    }),
  );

/** Whether an object that was found by its id is not where the configuration says; what is read is spelled as that says it. */
const isElsewhere = ({ name, references }: Field, live: Values, config: Values): boolean =>
  references !== undefined && name in live && live[name] !== config[name];

const elsewhere = (kind: Kind, name: string, config: Values, live: Values): Problem =>
  fault("MAAS-MOV-03", name, {
    what: `${withThe(kind.title)} with that id is not in the ${name} "${textOf(config[name])}"`,
    why: `It is in the ${name} ${textOf(live[name])}.`,
    fix: `Write ${name} = "${textOf(live[name])}", or name an object of that ${name}.`,
  });

/** The object that a data source's configuration names. */
async function lookUp(lookup: Lookup, objects: RegionObjects, config: Values): Promise<Found> {
  const { kind, required, optional, aliases } = lookup;
  const key = keyOf(lookup, config);
  const last = required[required.length - 1];
  try {
    const id = await objects.resolve(kind.name, key, last);
    const names = [...required, ...optional, ...Object.keys(aliases)].filter((name) => isGiven(config, name));
    const spelled = Object.fromEntries(names.map((name) => [name, config[name] ?? null]));
    const live = isManaged(kind) ? await objects.read(kind, id, spelled) : await readNode(objects, kind, id);
    if (live === undefined) throw await missing(objects.region, kind.name, key, last);
    const strayed = required.find((name) => isGiven(config, name) && isElsewhere(findField(kind, name), live, config));
    if (strayed !== undefined) return { diagnostics: [elsewhere(kind, strayed, config, live)] };
    const other = optional.find(
      (name) => isGiven(config, name) && !sameValue(findField(kind, name), live[name] ?? null, config[name] ?? null),
    );
    if (other !== undefined) throw await missing(objects.region, kind.name, key, other);
    const named = lookup.idName === undefined ? {} : { [lookup.idName]: id };
    const all: Values = { ...live, ...underAliases(lookup, live), ...spelled, ...named, id };
    const shown = dataSourceBlock(kind, lookup).attributes.map(({ name }) => [name, all[name] ?? null] as const);
    return { attributes: Object.fromEntries(shown), diagnostics: [] };
  } catch (error) {
    return { diagnostics: explain(error, kind, `look up the ${beforeKey(kind.title)} ${key}`) };
  }
}

/** The attributes of an object that registers itself. */
export async function readNode({ region }: RegionObjects, kind: Kind, id: string): Promise<Values> {
  return decode(kind, (await region.snapshot.read(kind.api.collection, id)) ?? {});
}

/** That the id and the key are both given, or neither is. */
function eitherIdOrKey({ kind, required }: Lookup, idName: string, config: Values): Problem[] {
  const names = [...required, idName];
  const given = names.filter((name) => isGiven(config, name));
  if (given.length === 1) return [];
  return [
    fault("MAAS-VAL-14", names[0], {
      what: `${given.length === 0 ? "neither" : "both"} ${names.join(given.length === 0 ? " nor " : " and ")} ${given.length === 0 ? "is" : "are"} set`,
      why: `${withThe(kind.title)} is found by one of them.`,
      fix: `Set ${names.join(" or ")}.`,
    }),
  ];
}

/** That what is given makes none of the forms of a key. */
function incompleteKey(lookup: Lookup, config: Values): Problem[] {
  const { kind, required, optional, idName } = lookup;
  if (idName !== undefined) return eitherIdOrKey(lookup, idName, config);
  // A value that is not known yet is one.
  const given = partsOf(
    lookup,
    Object.fromEntries(Object.entries(config).map(([name, value]) => [name, isKnown(value) ? value : "unknown"])),
  );
  if (formatKey(kind.name, given) !== undefined || formatShortKey(kind.name, given) !== undefined) return [];
  if (kind.key.alternative !== undefined && given[kind.key.alternative.by] !== undefined) return [];
  // What is required, Terraform asks for; of an attribute and its alias one, the check of aliases.
  const { exactlyOne = [] }: { readonly exactlyOne?: readonly string[] } = kind;
  const absent = optional.filter((name) => given[name] === undefined && !exactlyOne.includes(name));
  // Which of those is missing is said by itself.
  if (absent.length === 0) return [];
  if (required.some((name) => given[name] === undefined)) return [];
  return [
    fault("MAAS-VAL-14", absent[0], {
      what: `${withArticle(kind.title)} can't be found by ${Object.keys(given).join(" and ")} alone`,
      why: `It is found by ${kind.key.words}, as in ${kind.key.examples.join(" or ")}.`,
      fix: `Set ${absent.join(" or ")} as well.`,
    }),
  ];
}

/** The data source that looks one object up. */
export function singular(lookup: Lookup): DataSource {
  const { kind, required, optional, aliases } = lookup;
  return {
    type: kind.type,
    kind,
    block: dataSourceBlock(kind, lookup),
    check: (config) => [
      ...checkAliases(kind, config),
      ...checkLookup(kind, [...required, ...optional, ...Object.keys(aliases)], config),
      ...checkExactlyOne(kind, config),
      ...incompleteKey(lookup, config),
    ],
    read: async (objects, config) => {
      const found = await lookUp(lookup, objects, config);
      if (found.attributes !== undefined && !isManaged(kind)) objects.own.add(kind, found.attributes);
      return found;
    },
  };
}

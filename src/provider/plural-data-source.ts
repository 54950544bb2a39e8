import { checkField } from "../../lib/model/checks/field";
import type { Field } from "../../lib/model/field";
import { type Kind, reportedFields, SYSTEM_ID } from "../../lib/model/kind";
import { isManaged, KINDS } from "../../lib/model/kinds";
import { type Values, isKnown, type Value } from "../../lib/model/known";
import { inNaturalOrder } from "../../lib/model/lists";
import { keyParts } from "../../lib/model/natural-key";
import { fault, type Problem } from "../../lib/model/problem";
import { sameValue } from "../../lib/model/spelling";
import { textOf } from "../../lib/model/text";
import { COLLECTIONS } from "../maas/collections";
import type { Extent } from "../maas/snapshot";
import type { RegionObjects } from "../reconcile/objects/region-objects";
import { liveObjects } from "../reconcile/region/live-objects";
import { type DataSource, type Found, readNode } from "./data-source";
import { explain } from "./diagnostics";
import type { Attribute, Block } from "./schema";

/** The name of the list: `ip_ranges`. The data source is called after it. */
export const pluralOf = ({ name }: Kind): string => `${name.replace(/y$/, "ie")}s`;

const filters = (kind: Kind): readonly Field[] => reportedFields(kind).filter(({ type }) => typeof type === "string");

/** The texts that people make names of, which a pattern picks: `name`, and those in the natural key that name nothing else. */
const named = (kind: Kind): readonly Field[] =>
  filters(kind).filter(
    ({ name, type, references, format, interfaceOf }) =>
      type === "string" &&
      (name === "name" ||
        (keyParts(kind.name).includes(name) &&
          references === undefined &&
          format === undefined &&
          interfaceOf === undefined)),
  );

const patternName = ({ name }: Field): string => `${name}_regex`;

/** Nodes go by the name that MAAS has for their ids as well. */
const hasSystemId = ({ id }: Kind): boolean => id.form === SYSTEM_ID;

/** What is told of each object, with its type. */
const membersOf = (kind: Kind): Readonly<Record<string, Field["type"]>> => ({
  id: "string",
  ...(hasSystemId(kind) && { system_id: "string" as const }),
  ...Object.fromEntries(reportedFields(kind).map(({ name, type }) => [name, type] as const)),
});

function blockOf(kind: Kind): Block {
  const filter = ({ name, type, presence, references }: Field): Attribute => ({
    name,
    type,
    optional: true,
    doc:
      references === undefined
        ? `Only those with this ${name}${type === "string" && presence !== "required" ? "; empty text: those without one" : ""}.`
        : `Only those of this ${KINDS[references].title}: its id, or ${KINDS[references].key.words}.`,
  });
  const pattern = (field: Field): Attribute => ({
    name: patternName(field),
    type: "string",
    optional: true,
    doc: `Only those with a ${field.name} that matches this regular expression of JavaScript, such as \`^lab-\`.`,
  });
  return {
    doc: `Lists every ${kind.title} of the region that has all that is set here, in the order of their ids.`,
    attributes: [
      ...filters(kind).map(filter),
      ...named(kind).map(pattern),
      { name: "ids", type: ["list", "string"], computed: true, doc: "Their ids." },
      {
        name: pluralOf(kind),
        type: ["list", ["object", membersOf(kind)]],
        computed: true,
        doc: `What is known of each, as in the data source \`${kind.type}\`.`,
      },
    ],
  };
}

const isSet = (value: Value | undefined): value is Value => value !== undefined && value !== null;

/** The pattern; undefined for a text that is none. */
function patternOf(text: string): RegExp | undefined {
  try {
    return new RegExp(text, "u");
  } catch {
    return undefined;
  }
}

function check(kind: Kind, config: Values): Problem[] {
  const values = filters(kind).flatMap((field) => {
    const value = config[field.name];
    return isSet(value) && value !== "" ? checkField({ ...field, presence: "optional" }, value) : [];
  });
  const patterns = named(kind).flatMap((field) => {
    const text = config[patternName(field)];
    if (typeof text !== "string" || !isKnown(text) || patternOf(text) !== undefined) return [];
    return [
      fault("MAAS-VAL-15", patternName(field), {
        what: `${JSON.stringify(text)} is not a regular expression`,
        why: "Regular expressions are those of JavaScript, with the flag u.",
        fix: `Write one such as ${patternName(field)} = "^lab-", and two backslashes for one.`,
      }),
    ];
  });
  return [...values, ...patterns];
}

/** The collections that the kind's objects are read from: its own, and those of the objects that it is part of. */
function extentOf(kind: Kind): Extent {
  const lists = new Set([COLLECTIONS[kind.api.collection].list]);
  if (kind.api.create === undefined)
    for (const { references } of kind.fields)
      if (references !== undefined) lists.add(COLLECTIONS[KINDS[references].api.collection].list);
  const wanted = Object.entries(COLLECTIONS).filter(([, { list }]) => lists.has(list));
  return Object.fromEntries(wanted.map(([collection]) => [collection, "all"] as const));
}

/** Every object of the kind, with its id and with ids in references. */
async function allOf(objects: RegionObjects, kind: Kind): Promise<Values[]> {
  const rows = await objects.region.snapshot.rows(extentOf(kind));
  const ids = liveObjects(rows).flatMap((object) => (object.kind === kind.name ? [object.id] : []));
  const read = ids.map(async (id) => {
    const live = isManaged(kind) ? await objects.read(kind, id) : await readNode(objects, kind, id);
    return live === undefined ? [] : [{ ...live, id, ...(hasSystemId(kind) && { system_id: id }) }];
  });
  return inNaturalOrder((await Promise.all(read)).flat(), ({ id }) => textOf(id));
}

/** Tells whether an object has what the configuration asks for. References of both are ids. */
function matching(kind: Kind, wanted: Values): (object: Values) => boolean {
  const values = filters(kind).flatMap((field) => {
    const value = wanted[field.name];
    return isSet(value) ? [{ field, value: value === field.absent ? "" : value }] : [];
  });
  const patterns = named(kind).flatMap((field) => {
    const text = wanted[patternName(field)];
    return typeof text === "string" ? [{ name: field.name, pattern: patternOf(text) }] : [];
  });
  return (object) =>
    values.every(({ field, value }) => sameValue(field, object[field.name] ?? null, value)) &&
    patterns.every(({ name, pattern }) => pattern?.test(textOf(object[name] ?? "")) === true);
}

async function list(kind: Kind, objects: RegionObjects, config: Values): Promise<Found> {
  try {
    const references = filters(kind).flatMap(({ name, references: target }) => {
      const key = config[name];
      return target === undefined || typeof key !== "string" || key === "" ? [] : [{ name, target, key }];
    });
    const ids = await Promise.all(
      references.map(async ({ name, target, key }) => [name, await objects.resolve(target, key, name)] as const),
    );
    const wanted = { ...config, ...Object.fromEntries(ids) };
    const found = (await allOf(objects, kind)).filter(matching(kind, wanted));
    const members = Object.keys(membersOf(kind));
    const rows = found.map((object) => Object.fromEntries(members.map((name) => [name, object[name] ?? null])));
    return {
      attributes: { ...config, ids: found.map(({ id }) => textOf(id)), [pluralOf(kind)]: rows },
      diagnostics: [],
    };
  } catch (error) {
    return { diagnostics: explain(error, kind, `list every ${kind.title}`) };
  }
}

/** The data source that lists the objects of a kind. */
export function plural(kind: Kind): DataSource {
  return {
    type: `maas_${pluralOf(kind)}`,
    kind,
    block: blockOf(kind),
    check: (config) => check(kind, config),
    read: (objects, config) => list(kind, objects, config),
  };
}

import type { Field } from "../../lib/model/field";
import { type Kind, reportedFields, SYSTEM_ID } from "../../lib/model/kind";
import { isManaged, KINDS } from "../../lib/model/kinds";
import type { Values } from "../../lib/model/known";
import {
  checkFilters,
  filterDoc,
  filtersOf,
  isSet,
  namesOf,
  patternName,
  patternOf,
  patternsOf,
  pluralOf,
} from "../../lib/model/listing";
import { inNaturalOrder } from "../../lib/model/lists";
import { sameValue } from "../../lib/model/spelling";
import { textOf } from "../../lib/model/text";
import { COLLECTIONS } from "../maas/collections";
import type { Extent } from "../maas/snapshot";
import type { RegionObjects } from "../reconcile/region-objects";
import { liveObjects } from "../reconcile/region/live-objects";
import { type DataSource, type Found, readNode } from "./data-source";
import { explain } from "./diagnostics";
import type { Attribute, Block } from "./schema";

/** Nodes go by the name that MAAS has for their ids as well. */
const hasSystemId = ({ id }: Kind): boolean => id.form === SYSTEM_ID;

/** What is told of each object, with its type. */
const membersOf = (kind: Kind): Readonly<Record<string, Field["type"]>> => ({
  id: "string",
  ...(hasSystemId(kind) && { system_id: "string" as const }),
  ...Object.fromEntries(reportedFields(kind).map(({ name, type }) => [name, type] as const)),
});

function blockOf(kind: Kind): Block {
  const filter = (field: Field): Attribute => {
    const { name, type, references } = field;
    const target = references && KINDS[references];
    const doc =
      target === undefined
        ? filterDoc(kind, field)
        : `${filterDoc(kind, field).replace(/\.$/, "")}: its id, or ${target.key.words}.`;
    return { name, type, optional: true, doc };
  };
  return {
    doc: `Lists every ${kind.title} of the region that has all that is set here, in the order of their ids.`,
    attributes: [
      ...filtersOf(kind).map(filter),
      ...patternsOf(kind).map(({ name, type, doc }) => ({ name, type, doc, optional: true as const })),
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
  const values = filtersOf(kind).flatMap((field) => {
    const value = wanted[field.name];
    return isSet(value) ? [{ field, value: value === field.absent ? "" : value }] : [];
  });
  const patterns = namesOf(kind).flatMap((field) => {
    const text = wanted[patternName(field)];
    return typeof text === "string" ? [{ name: field.name, pattern: patternOf(text) }] : [];
  });
  return (object) =>
    values.every(({ field, value }) => sameValue(field, object[field.name] ?? null, value)) &&
    patterns.every(({ name, pattern }) => pattern?.test(textOf(object[name] ?? "")) === true);
}

async function list(kind: Kind, objects: RegionObjects, config: Values): Promise<Found> {
  try {
    const references = filtersOf(kind).flatMap(({ name, references: target }) => {
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
    check: (config) => checkFilters(kind, config),
    read: (objects, config) => list(kind, objects, config),
  };
}

import type { Field } from "../../lib/model/field";
import {
  ADDRESS,
  FLAG,
  listOf,
  type Member,
  type Members,
  NETWORK,
  objectOf,
  objectsOf,
  oneOf,
  optional,
  repeatedId,
  TEXT,
  WHOLE_NUMBER,
  type WrongMember,
  wrongMember,
} from "../../lib/model/json-member";
import type { Kind } from "../../lib/model/kind";
import { KINDS } from "../../lib/model/kinds";
import { keyParts } from "../../lib/model/natural-key";
import { shown } from "../../lib/model/text";
import { MaasDecodeError, type MaasRequest } from "./errors";

// What is read of MAAS's rows is checked here, where they come in, so that nothing behind has to doubt them. What must be
// where follows from the records of the kinds: the fields with a place in MAAS's JSON, the id and the natural key of what a
// field refers to, and `row` for what else is read.

const KIND_LIST = Object.values<Kind>(KINDS);

const idMember = ({ id }: Kind): Member => (id.form.test("0") ? WHOLE_NUMBER : TEXT);

function scalar({ format, oneOf: values }: Pick<Field, "format" | "oneOf">, type: Field["type"]): Member {
  if (values !== undefined) return oneOf(values);
  if (type === "number") return WHOLE_NUMBER;
  if (type === "bool") return FLAG;
  return format === "ip" ? ADDRESS : format === "cidr" ? NETWORK : TEXT;
}

function itemMember(type: Field["type"]): Member {
  if (typeof type === "string") return optional(scalar({}, type));
  if (type[0] !== "object") return optional(listOf(itemMember(type[1])));
  return objectOf(Object.fromEntries(Object.entries(type[1]).map(([name, of]) => [name, itemMember(of)])));
}

/** What a field says of its member. A number or flag that MAAS can't empty is always there. */
function valueMember(field: Field): Member {
  const { type, presence, clearable } = field;
  if (Array.isArray(type)) {
    const [, item] = type as readonly [string, Field["type"]];
    if (type[0] === "object") return optional(itemMember(type));
    return optional(listOf(typeof item === "string" ? scalar(field, item) : itemMember(item)));
  }
  const isAlways = presence === "required" || (type !== "string" && clearable !== true && field.default !== null);
  const member = scalar(field, type);
  return isAlways ? member : optional(member);
}

/** The object that a row holds of what a field refers to: its id, and what its natural key is made of. */
function held(kind: Kind): Members {
  const names = keyParts(kind.name);
  return { id: idMember(kind), ...membersOf(kind.fields.filter(({ name }) => names.includes(name))) };
}

/** The members that the fields are read from, with what is in them. */
function membersOf(fields: readonly Field[], given: Members = {}): Members {
  const inner = new Map<string, Field[]>();
  const own: Record<string, Member> = { ...given };
  for (const field of fields) {
    const { jsonPath, jsonKey, references, presence } = field;
    if (jsonPath === undefined) continue;
    const [head = "", ...rest] = jsonPath.split(".");
    if (jsonKey !== undefined) own[jsonKey] ??= TEXT;
    if (rest.length > 0) inner.set(head, [...(inner.get(head) ?? []), { ...field, jsonPath: rest.join(".") }]);
    else if (references === undefined) own[head] ??= valueMember(field);
    else own[head] ??= presence === "required" ? idMember(KINDS[references]) : optional(idMember(KINDS[references]));
  }
  for (const [head, [first, ...others]] of inner) {
    if (first === undefined || given[head] !== undefined) continue;
    const { references, presence } = first;
    const known = references !== undefined && first.jsonPath === "id" ? held(KINDS[references]) : {};
    const member = objectOf(membersOf([first, ...others], known));
    own[head] = presence === "required" ? member : optional(member);
  }
  return own;
}

const namedIn = (template: string): string[] => [...template.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);

const idMembers = (rowId: string): Members =>
  Object.fromEntries(namedIn(rowId).map((name) => [name, name === "id" ? WHOLE_NUMBER : TEXT]));

/** The kind whose rows are inside those of this one. */
const nestedIn = ({ api: { contains } }: Kind): Kind | undefined =>
  KIND_LIST.find(({ api }) => api.collection === contains && api.within !== undefined);

/** A row of the kind's collection. What is a setting of its object is in the same row. */
function rowOf(kind: Kind): Member {
  const { api, fields } = kind;
  const { collection, rowId = "{id}", row } = api;
  const settings = KIND_LIST.filter((each) => each.settingOf !== undefined && each.api.collection === collection);
  const nested = nestedIn(kind);
  const contained = nested?.api.within && { [nested.api.within.member]: objectsOf(rowOf(nested)) };
  const given = { ...contained, ...row };
  // What the fields are read from is made of such a row.
  if (api.parts !== undefined) return objectOf({ ...idMembers(rowId), ...given });
  return objectOf({
    ...idMembers(rowId),
    ...membersOf([...fields, ...settings.flatMap((each) => each.fields)], given),
  });
}

/** Calls that are no read, change or creation of an object of a collection: `*` stands for any id. */
const CALLS: Readonly<Record<string, Member>> = {
  "subnets/*/?op=ip_addresses": listOf(
    objectOf({
      ...{ ip: ADDRESS, alloc_type: WHOLE_NUMBER, user: optional(TEXT) },
      dns_records: optional(listOf(objectOf({ id: WHOLE_NUMBER, name: TEXT, domain: TEXT }))),
      node_summary: optional(
        objectOf({ hostname: optional(TEXT), fqdn: optional(TEXT), system_id: optional(TEXT), via: optional(TEXT) }),
      ),
    }),
  ),
  "subnets/*/?op=unreserved_ip_ranges": listOf(objectOf({ start: ADDRESS, end: ADDRESS })),
  "ipaddresses/": listOf(
    objectOf({
      ...{ ip: optional(ADDRESS), alloc_type: WHOLE_NUMBER },
      owner: optional(objectOf({ username: optional(TEXT) })),
      subnet: optional(objectOf({ id: WHOLE_NUMBER })),
    }),
  ),
  "users/?op=whoami": objectOf({ is_superuser: optional(FLAG) }),
};

/** The path with a star in place of what names an object: every second part. */
const patternOf = (path: string): string =>
  path
    .split("/")
    .map((part, index) => (index % 2 === 1 && part !== "" ? "*" : part))
    .join("/");

interface Places {
  /** Paths of one object, and those that create one. */
  readonly one: ReadonlyMap<string, Member>;
  readonly list: ReadonlyMap<string, Member>;
  /** The member of the rows of a list that holds the rows of another collection. */
  readonly contained: ReadonlyMap<string, string>;
  /** What stands in the stars of a path of one object: the names of members of its row. */
  readonly ids: ReadonlyMap<string, readonly string[]>;
}

function findPlaces(): Places {
  const one = new Map<string, Member>();
  const list = new Map<string, Member>();
  const contained = new Map<string, string>();
  const ids = new Map<string, readonly string[]>();
  const add = ({ collection, rowId = "{id}", within, byKey, create, ...api }: Kind["api"], row: Member): void => {
    if (within === undefined) list.set(`${collection}/`, objectsOf(row));
    const own = typeof api.one === "string" ? api.one : `${collection}/${rowId}/`;
    ids.set(patternOf(own), namedIn(own));
    for (const path of [own, byKey?.path, create])
      if (path !== undefined && !path.includes("?")) one.set(patternOf(path), row);
    for (const [other, members] of Object.entries(api.parts?.rows ?? {}))
      add({ collection: other as typeof collection, create: `${other}/` }, objectOf({ id: WHOLE_NUMBER, ...members }));
  };
  for (const kind of KIND_LIST) {
    const owner = KIND_LIST.find(({ api }) => api.collection === kind.api.collection) ?? kind;
    if (owner === kind) add(kind.api, rowOf(kind));
    const within = nestedIn(kind)?.api.within;
    if (within !== undefined) contained.set(`${kind.api.collection}/`, within.member);
  }
  one.set("fabrics/*/vlans/*/", rowOf(KINDS.vlan));
  list.set("nodes/*/interfaces/", objectsOf(rowOf(KINDS.rack_interface)));
  // A POST there answers with the interface that it has made.
  one.set("nodes/*/interfaces/", rowOf(KINDS.rack_interface));
  return { one, list, contained, ids };
}

let known: Places | undefined;

/** What the call must be answered with; undefined where nothing of it is read. */
export function answerMember({ method, path }: MaasRequest): Member | undefined {
  const [plain = "", query = ""] = path.split("?");
  const pattern = patternOf(plain);
  known ??= findPlaces();
  if (method !== "GET") return method === "DELETE" ? undefined : known.one.get(pattern);
  const op = new URLSearchParams(query).get("op");
  if (op !== null) return CALLS[`${pattern}?op=${op}`];
  return CALLS[pattern] ?? known.list.get(pattern) ?? known.one.get(pattern);
}

/**
 * The member that tells that the answer is another object than the path names by its id. MAAS takes a name there too, and 0
 * for the default domain, whatever id that has (recordings).
 */
function otherId(path: string, answer: object): WrongMember | undefined {
  const [plain = ""] = path.split("?");
  const parts = plain.split("/").filter((_, index) => index % 2 === 1);
  for (const [index, name] of (known?.ids.get(patternOf(plain)) ?? []).entries()) {
    const asked = decodeURIComponent(parts[index] ?? "");
    const found: unknown = (answer as Readonly<Record<string, unknown>>)[name];
    if (name === "id" ? !/^-?[1-9]\d*$/.test(asked) || Number(asked) === found : asked === found) continue;
    const expected = { words: `${asked}, the object that the call is about`, is: () => false };
    return { pointer: `/${name}`, found, expected, inside: [] };
  }
  return undefined;
}

/** The id that objects have which are inside different objects of a list, such as VLANs of two fabrics. */
function repeatedInside(path: string, rows: readonly unknown[]): WrongMember | undefined {
  const [plain = ""] = path.split("?");
  const member = known?.contained.get(plain);
  if (member === undefined) return undefined;
  const inside = rows.flatMap((row, at) => {
    const held = (row as Readonly<Record<string, readonly unknown[]>>)[member] ?? [];
    return held.map((item, index) => ({ item, place: `/${at}/${member}/${index}` }));
  });
  return repeatedId(
    inside.map(({ item }) => item),
    (index) => inside[index]?.place ?? "",
  );
}

const isList = (member: Member): boolean => member.items !== undefined;

/** Whether the call is answered with one object of which something is read. */
export function answersObject(request: MaasRequest): boolean {
  const expected = answerMember(request);
  return expected !== undefined && !isList(expected);
}

const LONGEST = 60;

/** A value in a message. */
function described(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object" && value !== null)
    return Object.keys(value).length === 0 ? "an empty object" : "an object";
  // Numbers beyond those of JSON read as Infinity.
  const text = shown(typeof value === "number" || typeof value === "bigint" ? value.toString() : JSON.stringify(value));
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Checks what is read of an answer. @throws MaasDecodeError that names the object and its member */
export function checkRows(request: MaasRequest, answer: unknown): void {
  const expected = answerMember(request);
  if (expected === undefined || answer === undefined || isList(expected) !== Array.isArray(answer)) return;
  const { method, path } = request;
  const wrong =
    wrongMember(expected, answer) ??
    (Array.isArray(answer) ? repeatedInside(path, answer) : otherId(path, answer as object));
  if (wrong === undefined) return;
  const [id, ...outer] = wrong.inside;
  const object =
    id === undefined
      ? ""
      : ` of the object with id ${shown(id)}${outer.map((at) => ` in that with id ${shown(at)}`).join("")}`;
  throw new MaasDecodeError(
    request,
    `${method} ${path} was answered with an object that cannot be used: the member ${shown(wrong.pointer)}${object} is ` +
      `${described(wrong.found)}, and must be ${wrong.expected.words}${wrong.expected.optional === true ? ", or null" : ""}.`,
    `look at that object in MAAS's pages, and at what changes answers between here and the region (asked for: ${request.url}). ` +
      "If MAAS itself answers so, please report it with the release of MAAS; nothing is planned or changed from such an answer.",
    "never",
  );
}

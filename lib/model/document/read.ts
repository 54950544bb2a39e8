import { checkObject } from "../checks/object";
import { parseJson } from "../json";
import { isManaged } from "../kinds";
import { type AttributeName, UNKNOWN, type Value } from "../known";
import { canonicalKey } from "../natural-key";
import { fault, type Problem } from "../problem";
import type { ProblemCode } from "../problem-codes";
import { beforeKey, withArticle } from "../text";
import {
  type DocumentObject,
  type DocumentSuppression,
  fits,
  isObject,
  type Json,
  type NetworkDocument,
  type Origin,
  wordsOf,
} from "../document";
import { duplicateMembers } from "./duplicates";
import { danglingReferences } from "./identity";
import { DocumentError, escaped, notJson, problemAt, quoted } from "./error";
import { idProblems, keyProblems, pathKeyProblems } from "./identity";
import { DOCUMENT_KINDS, type DocumentKind, type DocumentKindName } from "./kinds";

const ORIGINS: readonly string[] = ["create", "adopt", "look_up"];

const OBJECT_MEMBERS = ["key", "path", "origin", "id", "attributes", "ignore_changes", "original", "planned"];
const MEMBERS = ["$schema", "format", "version", "api_url", "objects", "suppressions", "unknown"];

/** Reads one document, and collects what is wrong on the way. Without zod: the records of kinds are the schema, and have the words. */
class Reader {
  readonly problems: Problem[] = [];
  readonly #unknown: ReadonlySet<string>;
  readonly #used = new Set<string>();

  constructor(private readonly json: Json) {
    const pointers = this.#list("/unknown", json.unknown).flatMap((pointer, index) => {
      if (typeof pointer === "string") return [pointer];
      const fix = 'Write the pointer of an attribute as a text, such as "/objects/subnet/0/attributes/gateway_ip".';
      this.#say("MAAS-DOC-09", `/unknown/${index}`, `${quoted(pointer)} is no text`, fix);
      return [];
    });
    this.#unknown = new Set(pointers);
  }

  read(): NetworkDocument {
    this.#header();
    const { api_url: apiUrl, objects = {} } = this.json;
    this.#text("/api_url", apiUrl, "Write it as http://region.example:5240/MAAS.");
    const sections = isObject(objects) ? this.#sections(objects) : {};
    if (!isObject(objects))
      this.#say("MAAS-DOC-03", "/objects", "is no object", 'Write lists of objects by kind, such as { "fabric": [] }.');
    this.problems.push(...danglingReferences(sections));
    if (this.problems.length === 0) this.problems.push(...pathKeyProblems(sections));
    const suppressions = this.#list("/suppressions", this.json.suppressions).flatMap((entry, index) =>
      this.#suppression(`/suppressions/${index}`, entry),
    );
    const url = typeof apiUrl === "string" ? apiUrl : this.#isUnknown("/api_url") ? UNKNOWN : undefined;
    this.#unknownLeft();
    return { ...(url !== undefined && { apiUrl: url }), objects: sections, suppressions };
  }

  #say(code: ProblemCode, pointer: string, what: string, fix: string): void {
    this.problems.push(problemAt(pointer, fault(code, undefined, { what, fix })));
  }

  #text(pointer: string, value: unknown, fix: string): void {
    if (value !== undefined && typeof value !== "string")
      this.#say("MAAS-DOC-03", pointer, `${quoted(value)} is no text`, fix);
  }

  #isUnknown(pointer: string): boolean {
    this.#used.add(pointer);
    return this.#unknown.has(pointer);
  }

  #header(): void {
    const { format, version } = this.json;
    if (format !== "maas-network")
      this.#say("MAAS-DOC-01", "/format", `the format is ${quoted(format)}`, 'Write "format": "maas-network".');
    if (version !== 1)
      this.#say(
        "MAAS-DOC-01",
        "/version",
        `the version is ${quoted(version)}`,
        "This program reads version 1: write it with the same version of cdktf-maas.",
      );
    this.#closed("", this.json, MEMBERS);
    this.#text("/$schema", this.json.$schema, "Write the address of a schema, or take it out.");
  }

  #closed(pointer: string, json: Json, members: readonly string[]): void {
    for (const name of Object.keys(json).filter((member) => !members.includes(member)))
      this.#say(
        "MAAS-DOC-02",
        `${pointer}/${escaped(name)}`,
        `there is no "${name}" here`,
        `Take it out, or write one of ${members.join(", ")}.`,
      );
  }

  #list(pointer: string, value: unknown): readonly unknown[] {
    if (value === undefined) return [];
    if (Array.isArray(value)) return value;
    this.#say("MAAS-DOC-03", pointer, "is no list", "Write it in square brackets.");
    return [];
  }

  #sections(objects: Json): NetworkDocument["objects"] {
    this.#closed("/objects", objects, Object.keys(DOCUMENT_KINDS));
    const kinds = Object.entries(DOCUMENT_KINDS) as [DocumentKindName, DocumentKind][];
    const sections = kinds.map(([name, kind]) => {
      const seen = new Map<string, number>();
      const list = this.#list(`/objects/${name}`, objects[name]).flatMap((entry, index) => {
        const pointer = `/objects/${name}/${index}`;
        const object = this.#object(pointer, name, entry);
        const before = object && seen.get(object.key);
        if (object === undefined) return [];
        if (before !== undefined)
          this.#say(
            "MAAS-DOC-05",
            `${pointer}/key`,
            `the ${beforeKey(kind.title)} "${object.key}" is there twice`,
            `Take it out here: it is at /objects/${name}/${before}.`,
          );
        seen.set(object.key, index);
        return [object];
      });
      return [name, list] as const;
    });
    return Object.fromEntries(sections.filter(([, list]) => list.length > 0));
  }

  #object(pointer: string, name: DocumentKindName, entry: unknown): DocumentObject | undefined {
    const kind = DOCUMENT_KINDS[name];
    if (!isObject(entry) || typeof entry.key !== "string" || entry.key === "") {
      const example = kind.key.examples[0] ?? "";
      this.#say(
        "MAAS-DOC-05",
        `${pointer}/key`,
        `${withArticle(kind.title)} needs a key`,
        `Write its key, ${kind.key.words}, such as "${example}".`,
      );
      return undefined;
    }
    const { key, path = `${beforeKey(kind.title)} ${key}`, origin = "create", attributes = {} } = entry;
    const before = this.problems.length;
    this.#closed(pointer, entry, OBJECT_MEMBERS);
    this.#text(`${pointer}/path`, path, 'Write it as "lab/v6".');
    if (!ORIGINS.includes(origin as string))
      this.#say(
        "MAAS-DOC-06",
        `${pointer}/origin`,
        `the origin is ${quoted(origin)}`,
        `Write one of ${ORIGINS.join(", ")}.`,
      );
    else if (kind.kind !== undefined && !isManaged(kind.kind) && origin !== "look_up")
      this.#say(
        "MAAS-DOC-06",
        `${pointer}/origin`,
        `${withArticle(kind.title)} registers itself with the region, so it can't be created`,
        'Write "origin": "look_up".',
      );
    const { id, ignore_changes: ignored } = entry;
    this.problems.push(...idProblems(pointer, kind, id));
    const object = {
      ...{ key: canonicalKey(name, key), path: String(path), origin: origin as Origin },
      ...(typeof id === "string" && { id }),
    };
    const ignoreChanges = this.#names(`${pointer}/ignore_changes`, kind, ignored);
    const read = this.#attributes(`${pointer}/attributes`, kind, object.origin, attributes);
    // A key that is a construct's path can be judged only with the objects that this one refers to.
    if (this.problems.length === before && key !== path) this.problems.push(...keyProblems(pointer, name, key, read));
    return {
      ...object,
      attributes: read,
      ...(ignoreChanges.length > 0 && { ignoreChanges }),
      ...this.#recorded(pointer, kind, entry),
    };
  }

  /** What only a record has. It says nothing of what must be: no more is checked than of an object that is looked up. */
  #recorded(
    pointer: string,
    kind: DocumentKind,
    entry: Readonly<Record<string, unknown>>,
  ): Pick<DocumentObject, "original" | "planned"> {
    const given = (["original", "planned"] as const).filter((member) => entry[member] !== undefined);
    return Object.fromEntries(
      given.map((member) => [member, this.#attributes(`${pointer}/${member}`, kind, "look_up", entry[member])]),
    );
  }

  /** Names of attributes of the kind. */
  #names(pointer: string, { fields, title }: DocumentKind, value: unknown): AttributeName[] {
    const names = fields.map(({ name }) => name);
    return this.#list(pointer, value).flatMap((said, index) => {
      const name = names.find((known) => known === said);
      if (name !== undefined) return [name];
      this.#say(
        "MAAS-DOC-02",
        `${pointer}/${index}`,
        `${withArticle(title)} has no attribute ${quoted(said)}`,
        `Write one of ${names.join(", ")}.`,
      );
      return [];
    });
  }

  #attributes(pointer: string, kind: DocumentKind, origin: Origin, json: unknown): Record<string, Value> {
    if (!isObject(json)) {
      this.#say("MAAS-DOC-03", pointer, "is no object", 'Write the attributes by name, such as { "name": "lab" }.');
      return {};
    }
    const before = this.problems.length;
    this.#closed(
      pointer,
      json,
      kind.fields.map(({ name }) => name),
    );
    const read: Record<string, Value> = {};
    for (const { name, type, presence, doc, references } of kind.fields) {
      const at = `${pointer}/${name}`;
      const value = json[name];
      const isUnknown = this.#isUnknown(at);
      if (isUnknown && value !== undefined)
        this.#say("MAAS-DOC-09", at, "it has a value, and stands in /unknown as well", "Take it out of one of them.");
      if (isUnknown) read[name] = UNKNOWN;
      else if (value === undefined || value === null) {
        // What is looked up is found by its key: nothing more need be said.
        if (presence === "required" && origin !== "look_up") this.#say("MAAS-DOC-04", at, `${name} is missing`, doc);
      } else if (fits(type, value))
        // A reference as the key of its object is spelled.
        read[name] = references && typeof value === "string" ? canonicalKey(references, value) : (value as Value);
      else this.#say("MAAS-DOC-03", at, `${quoted(value)} is not ${wordsOf(type)}`, doc);
    }
    if (this.problems.length > before || kind.kind === undefined || origin === "look_up") return read;
    this.problems.push(...checkObject(kind.kind, read).map((problem) => problemAt(pointer, problem)));
    return read;
  }

  #suppression(pointer: string, entry: unknown): DocumentSuppression[] {
    const { id, where, reason, until } = isObject(entry) ? entry : {};
    if (typeof id !== "string" || typeof where !== "string" || typeof reason !== "string") {
      this.#say(
        "MAAS-DOC-08",
        pointer,
        "a suppression needs id, where and reason, all texts",
        'Write the id as it stands in a finding, such as "MAAS6-RTR-01".',
      );
      return [];
    }
    this.#closed(pointer, entry as Json, ["id", "where", "reason", "until"]);
    if (until !== undefined && typeof until !== "string")
      this.#say(
        "MAAS-DOC-08",
        `${pointer}/until`,
        `${quoted(until)} is not a day`,
        'Write the last day as a text: "2027-03-31".',
      );
    return [{ id, where, reason, ...(typeof until === "string" && { until }) }];
  }

  #unknownLeft(): void {
    for (const pointer of [...this.#unknown].filter((at) => !this.#used.has(at)))
      this.#say("MAAS-DOC-09", "/unknown", `"${pointer}" leads to no attribute`, "Take it out.");
  }
}

/**
 * Reads a desired-state document. The result refers only to objects that are in it.
 * @throws DocumentError with everything that is wrong, each at its JSON pointer.
 */
export function readDocument(text: string): NetworkDocument {
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (error) {
    throw notJson(`it is no JSON: ${(error as Error).message}`);
  }
  if (!isObject(json)) throw notJson("it is no JSON object");
  const twice = duplicateMembers(text).map((pointer) =>
    problemAt(
      pointer,
      fault("MAAS-DOC-02", undefined, { what: "the member is there twice", fix: "Take one of them out." }),
    ),
  );
  if (twice.length > 0) throw new DocumentError(twice);
  const reader = new Reader(json);
  const document = reader.read();
  if (reader.problems.length > 0) throw new DocumentError(reader.problems);
  return document;
}

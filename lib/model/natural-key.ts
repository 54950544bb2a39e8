import { IpAddress } from "./address";
import { Cidr } from "./cidr";
import { DOCUMENT_KINDS, type DocumentKind, type DocumentKindName } from "./document/kinds";
import type { Field } from "./field";
import { attributeEntries, type AttributeName, type Attributes, isKnown, type Value } from "./known";
import type { KeyForm } from "./kind";
import { remembering } from "./remembered";
import { canonical, sameValue } from "./spelling";
import { readDigits, textOf } from "./text";

/** The attributes that a natural key is made of, as text in their one spelling. */
export type KeyParts = Readonly<Partial<Record<AttributeName, string>>>;

const PLACE = /\{(\w+)\}/;
const PLACES = new RegExp(PLACE, "g");

/** A form of a natural key, ready to be read. */
interface Form {
  readonly text: string;
  readonly parts: readonly AttributeName[];
  readonly regex: RegExp;
  /** What parts must be for an object to go by this form. */
  readonly only: readonly (readonly [part: AttributeName, pattern: RegExp])[];
}

function formOf(form: KeyForm, patterns: Readonly<Record<string, string>>): Form {
  const { text, only } = typeof form === "string" ? { text: form, only: {} } : form;
  const pieces = text.split(PLACE);
  const parts = pieces.filter((_, index) => index % 2 === 1) as AttributeName[];
  const source = pieces.map((piece, index) => (index % 2 === 0 ? piece : `(?<${piece}>${patterns[piece] ?? ".+"})`));
  return {
    ...{ text, parts, regex: new RegExp(`^${source.join("")}$`, "s") },
    only: Object.entries(only).map(([part, pattern]) => [part as AttributeName, new RegExp(`^${pattern}$`)] as const),
  };
}

const FORMS = new Map<DocumentKindName, readonly Form[]>();

function formsOf(kind: DocumentKindName): readonly Form[] {
  const { forms, patterns = {} } = DOCUMENT_KINDS[kind].key;
  const known = FORMS.get(kind) ?? forms.map((form) => formOf(form, patterns));
  FORMS.set(kind, known);
  return known;
}

const fieldOf = (kind: DocumentKind, name: string): Field | undefined =>
  kind.fields.find((field) => field.name === name);

const isText = (field: Field | undefined): field is Field & { readonly type: "string" } => field?.type === "string";

/** A part of a key in its one spelling; undefined for text that the field can't have. */
function spelled(field: Field | undefined, text: string): string | undefined {
  if (field === undefined) return text;
  if (field.references !== undefined) return canonicalKey(field.references, text);
  if (field.type === "number") return (field.spelled?.[text] ?? readDigits(text))?.toString();
  return isText(field) && field.format !== undefined ? textOf(canonical(field, text)) : text;
}

/** Whether objects with these parts go by the form. */
const isFor = (kind: DocumentKindName, { only }: Form, parts: KeyParts): boolean =>
  only.every(([part, pattern]) => pattern.test(spelled(fieldOf(DOCUMENT_KINDS[kind], part), parts[part] ?? "") ?? ""));

/** The longest key that is remembered: longer ones hold a text of a user's, such as the data of a DNS record. */
const LONGEST = 200;

/** A reader of keys that remembers what it has read, of each kind by itself: a plan reads each key many times. */
function rememberingKeys<T>(
  read: (kind: DocumentKindName, key: string) => T,
): (kind: DocumentKindName, key: string) => T {
  const readers = new Map<DocumentKindName, (key: string) => T>();
  return (kind, key) => {
    const reader = readers.get(kind) ?? remembering((text) => read(kind, text), LONGEST);
    readers.set(kind, reader);
    return reader(key);
  };
}

/** The parts of a natural key; undefined for text that has none of the kind's forms, such as a construct's path. */
export const parseKey = rememberingKeys((kind, key): KeyParts | undefined => {
  for (const form of formsOf(kind)) {
    const { groups } = form.regex.exec(key) ?? {};
    if (groups === undefined) continue;
    const read = form.parts.map(
      (name) => [name, spelled(fieldOf(DOCUMENT_KINDS[kind], name), groups[name] ?? "")] as const,
    );
    const parts = Object.fromEntries(read);
    if (read.every(([, text]) => text !== undefined) && isFor(kind, form, parts)) return parts;
  }
  return undefined;
});

/** All keys that these parts make, the usual one first; none where a part of each form is missing. */
export function keysOf(kind: DocumentKindName, parts: KeyParts): string[] {
  const whole = formsOf(kind).filter(
    (form) => form.parts.every((name) => parts[name] !== undefined) && isFor(kind, form, parts),
  );
  return whole.map((form) => filled(form, parts));
}

const filled = ({ text }: Form, parts: KeyParts): string =>
  text.replace(PLACES, (_, name: AttributeName) => parts[name] ?? "");

/** The usual key that these parts make; undefined where a part of each form is missing. */
export function formatKey(kind: DocumentKindName, parts: KeyParts): string | undefined {
  return keysOf(kind, parts)[0];
}

/** The key without the object that holds this one, for messages; undefined where the kind has none, or a part is missing. */
export function formatShortKey(kind: DocumentKindName, parts: KeyParts): string | undefined {
  const { shortForm, patterns = {} } = DOCUMENT_KINDS[kind].key;
  const form = shortForm === undefined ? undefined : formOf(shortForm, patterns);
  return form?.parts.every((name) => parts[name] !== undefined) === true ? filled(form, parts) : undefined;
}

/** The one spelling of a natural key, so that objects can be found by it. What is no natural key stays as it is. */
export const canonicalKey = rememberingKeys((kind, key): string => {
  const parts = parseKey(kind, key);
  return (parts && formatKey(kind, parts)) ?? key;
});

const PARTS = new Map<DocumentKindName, readonly AttributeName[]>();

/** The attributes that natural keys of the kind are made of, those of all forms. */
export function keyParts(kind: DocumentKindName): readonly AttributeName[] {
  const known = PARTS.get(kind) ?? [...new Set(formsOf(kind).flatMap(({ parts }) => parts))];
  PARTS.set(kind, known);
  return known;
}

/**
 * The attributes of natural keys that an object has by itself: not the objects that it is in, which may be renamed without it,
 * and not what only some forms have to tell objects at one place apart, such as the data of a DNS record.
 */
export const ownKeyFields = (kind: DocumentKindName): readonly Field[] =>
  keyParts(kind).flatMap((name) => {
    const field = fieldOf(DOCUMENT_KINDS[kind], name);
    const isInAll = formsOf(kind).every(({ parts }) => parts.includes(name));
    return !isInAll || field === undefined || field.references !== undefined || field.namesInterface === true
      ? []
      : [field];
  });

/**
 * Whether an object has another natural key than it was known by: it was renamed by others, or another object has got its id.
 * What is not known of either says nothing.
 */
export const hasOtherKey = (kind: DocumentKindName, known: Attributes, live: Attributes): boolean =>
  ownKeyFields(kind).some((field) => {
    const [before, now] = [known[field.name] ?? null, live[field.name] ?? null];
    return isGiven(before) && isKnown(before) && isGiven(now) && isKnown(now) && !sameValue(field, before, now);
  });

/**
 * The attributes by which one object of the kind is looked up: those that each form of its key has, and those that only
 * some forms have, the one for a whole region among them.
 */
export function lookupParts(kind: DocumentKindName): {
  readonly required: readonly AttributeName[];
  readonly optional: readonly AttributeName[];
} {
  const { shortForm, patterns = {} } = DOCUMENT_KINDS[kind].key;
  const forms = [...formsOf(kind), ...(shortForm === undefined ? [] : [formOf(shortForm, patterns)])];
  const [required, optional] = [true, false].map((isInAll) =>
    keyParts(kind).filter((name) => forms.every(({ parts }) => parts.includes(name)) === isInAll),
  );
  return { required: required ?? [], optional: optional ?? [] };
}

/** Whether keys of the kind name objects that its objects are in. */
const namesOwners = (kind: DocumentKindName): boolean =>
  keyParts(kind).some((name) => fieldOf(DOCUMENT_KINDS[kind], name)?.references !== undefined);

/** The key with other keys in the places where it names objects; undefined = it stays, or is no natural key. */
export function withOtherOwners(
  kind: DocumentKindName,
  key: string,
  other: (kind: DocumentKindName, key: string) => string | undefined,
): string | undefined {
  if (!namesOwners(kind)) return undefined;
  const parts = parseKey(kind, key);
  if (parts === undefined) return undefined;
  const changed = attributeEntries(parts).flatMap(([name, text]) => {
    const { references } = fieldOf(DOCUMENT_KINDS[kind], name) ?? {};
    const next = references === undefined ? undefined : other(references, text);
    return next === undefined ? [] : [[name, next] as const];
  });
  return changed.length === 0 ? undefined : formatKey(kind, { ...parts, ...Object.fromEntries(changed) });
}

/** The keys of the objects that a natural key names, and those that their keys name in turn, with their kinds. */
export function ownersIn(
  kind: DocumentKindName,
  key: string,
): { readonly kind: DocumentKindName; readonly key: string }[] {
  return attributeEntries(parseKey(kind, key) ?? {}).flatMap(([name, owner]) => {
    const { references } = fieldOf(DOCUMENT_KINDS[kind], name) ?? {};
    return references === undefined ? [] : [{ kind: references, key: owner }, ...ownersIn(references, owner)];
  });
}

const isGiven = (value: Value | undefined): value is Exclude<Value, null> => value !== undefined && value !== null;

/** The parts among attributes, as text in their one spelling; undefined where one is not known yet. */
export function partsAmong(kind: DocumentKindName, attributes: Attributes): KeyParts | undefined {
  const given = keyParts(kind).flatMap((name) => {
    const value = attributes[name];
    return isGiven(value) ? [[name, value] as const] : [];
  });
  if (!given.every(([, value]) => isKnown(value))) return undefined;
  const read = given.map(([name, value]) => {
    const text = textOf(value);
    return [name, spelled(fieldOf(DOCUMENT_KINDS[kind], name), text) ?? text] as const;
  });
  return Object.fromEntries(read);
}

/** Whether the text is a key of the kind with nothing in it that can't be right. */
export function isWellFormedKey(kind: DocumentKindName, key: string): boolean {
  const parts = parseKey(kind, key);
  return (
    parts !== undefined &&
    attributeEntries(parts).every(([name, text]) => {
      const { format, references, type, min = -Infinity, max = Infinity } = fieldOf(DOCUMENT_KINDS[kind], name) ?? {};
      if (references !== undefined) return isWellFormedKey(references, text);
      if (type === "number") return /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max;
      if (format === "cidr") return Cidr.tryParse(text) !== undefined;
      return format !== "ip" || IpAddress.tryParse(text) !== undefined;
    })
  );
}

/**
 * What is wrong with a key in view of the object's attributes: the keys that these make, where it is none of them, or no
 * key at all, where it has not the form of one. Undefined when nothing is: also while a part is not known yet, since the
 * object then goes by the path of its construct.
 */
export function keyProblem(
  kind: DocumentKindName,
  key: string,
  attributes: Attributes,
): { readonly instead: readonly string[] } | undefined {
  const parts = partsAmong(kind, attributes);
  if (parts === undefined) return undefined;
  const keys = [...new Set(keysOf(kind, parts))];
  if (keys.length > 0) return keys.includes(canonicalKey(kind, key)) ? undefined : { instead: keys };
  return isWellFormedKey(kind, key) ? undefined : { instead: [] };
}

import type { DocumentKindName } from "../../../lib/model/document/kinds";
import { DOCUMENT_KINDS } from "../../../lib/model/document/kinds";
import { KINDS } from "../../../lib/model/kinds";
import type { Kind } from "../../../lib/model/kind";
import type { AttributeName } from "../../../lib/model/known";
import { formatShortKey, parseKey } from "../../../lib/model/natural-key";
import { beforeKey } from "../../../lib/model/text";
import type { Outcome } from "../picture";

/** What a picture has a place for, from the outside in. */
export const CONTAINERS = ["fabric", "vlan", "subnet"] as const;

export type Container = (typeof CONTAINERS)[number];

export const isContainer = (kind: string): kind is Container => (CONTAINERS as readonly string[]).includes(kind);

/** What an object is on: another one of the plan, or one that is known by its natural key, or by its id, alone. */
export type Ground = PlannedObject | { readonly kind: Container; readonly key: string };

/** One object of a plan, whoever made the plan. */
export interface PlannedObject {
  /** Undefined = of a type that this version has no record of. */
  readonly kind: DocumentKindName | undefined;
  /** What kind of object it is, in words: `subnet`. */
  readonly title: string;
  /** Its natural key, as far as that is known; else where it was said. */
  readonly key: string;
  /** What it is called beside its key; empty = nothing. */
  readonly name: string;
  /** Where the user said it: a construct path, or an address of Terraform's. */
  readonly place: string;
  readonly outcome: Outcome;
  /** What of it changes, each on a line: `gateway_ip: "10.20.0.1" → "10.20.0.2"`. */
  readonly details: readonly string[];
  readonly on: Ground | undefined;
}

/** The attributes that say what objects of the kind are on; the first that is set counts. */
export function groundFields(kind: DocumentKindName): { readonly name: AttributeName; readonly kind: Container }[] {
  const record = KINDS[kind as keyof typeof KINDS] as Kind | undefined;
  if (record === undefined) return [];
  const references = record.fields.flatMap(({ name, references: to, presence, type }) =>
    to !== undefined && isContainer(to) && type === "string"
      ? [{ name, kind: to, isRequired: presence === "required" }]
      : [],
  );
  const drawnOn = record.picture?.on ?? [];
  const rank = ({ name, kind: to, isRequired }: (typeof references)[number]): number =>
    (drawnOn.includes(name) ? 0 : 10) + (isRequired ? 0 : 5) + (CONTAINERS.length - CONTAINERS.indexOf(to));
  return references.sort((a, b) => rank(a) - rank(b));
}

/** What an object is called in a picture: its key, short where the place on the picture says the rest. */
export function calledIn(kind: DocumentKindName | undefined, key: string): string {
  const parts = kind && parseKey(kind, key);
  return (kind && parts && formatShortKey(kind, parts)) ?? key;
}

/** The title of a kind, as it stands before a key. */
export const titleOf = (kind: DocumentKindName): string => beforeKey(DOCUMENT_KINDS[kind].title);

/** Longest value that is shown in full. */
const LONGEST = 60;

/** A value on a line of its own. */
export function valueWords(value: unknown): string {
  if (value === undefined || value === null) return "none";
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

export const detail = (name: string, before: string, after: string): string => `${name}: ${before} → ${after}`;

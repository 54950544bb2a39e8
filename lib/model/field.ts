import type { AttributeName, KindName } from "./kinds";
import type { Attributes, Known, Value, Values } from "./known";
import type { Text, Words } from "./problem";

export type { KindName } from "./kinds";

/** A type in Terraform's own JSON notation, which the schema passes on as it is. */
export type FieldType =
  | "string"
  | "number"
  | "bool"
  | readonly ["list" | "set", FieldType]
  | readonly ["object", Readonly<Record<string, FieldType>>];

/** The values of a field of that type. */
export type TypeOf<T extends FieldType> = T extends "string"
  ? string
  : T extends "number"
    ? number
    : T extends "bool"
      ? boolean
      : T extends readonly ["list" | "set", infer Item extends FieldType]
        ? Known<TypeOf<Item>>[]
        : Value;

/**
 * Text whose spelling may differ while its meaning is the same. `word`: the case does not matter. `boot-architecture`: MAAS's
 * name, or the number that stands for it. `dns-name`, `dns-type`, `dns-data`: see `lib/model/dns.ts`. `setting`: a value of any
 * kind as text, or words in a row.
 */
export type Format =
  "ip" | "cidr" | "mac" | "word" | "boot-architecture" | "dns-name" | "dns-type" | "dns-data" | "setting";

/** What a text must look like. */
export interface Pattern {
  readonly regex: RegExp;
  /** The source of the same rule for ASCII only, all else allowed: what a validator of JSON Schema in any language can read. */
  readonly inAscii: string;
  /** What it must hold, in words. */
  readonly words: string;
}

/**
 * One attribute of one kind of object: the single place that says anything about it. The wire codec, the diff, the
 * Terraform schema, the constructs' attributes and the generated documentation all read this.
 */
export interface Field {
  /** Terraform's name, and the name in the desired-state document. */
  readonly name: AttributeName;
  readonly type: FieldType;
  /** One or two sentences for the user. */
  readonly doc: string;
  /**
   * Who decides. `required`: the user must. `optional`: the user may; when it is not set see {@link default}.
   * `computed`: the region alone.
   */
  readonly presence: "required" | "optional" | "computed";
  /** The value of an optional field that is not set. Absent: whatever the region has is left as it is. */
  readonly default?: Value;
  /**
   * MAAS can't change it, or not without losing something: another value means another object. Either always, or as the
   * attributes before and after the change tell.
   */
  readonly requiresReplace?: true | ((prior: Values, planned: Values) => boolean);
  /**
   * MAAS changes it in place all the same, and nothing hangs on it: an object in which somebody else has changed it gets its own
   * value back. Only another value of the user's means another object.
   */
  readonly isRestored?: true;
  /** MAAS refuses another value of it on an object that is there: one that has another value can't be taken over. */
  readonly isFixed?: true;
  /** MAAS can empty it. A value that is taken out of the configuration is then emptied, else left. */
  readonly clearable?: boolean;
  /** MAAS's parameter in POST and PUT. Absent = never sent as a plain parameter. */
  readonly formField?: string;
  /** Where MAAS's JSON has it, as a dotted path; `lowest` = the object of a list with the lowest id. Absent = not reported by MAAS. */
  readonly jsonPath?: string;
  /**
   * Of a flag: MAAS takes it from one object only by taking it from all for which that other field is the same, so that the
   * others get it back afterwards.
   */
  readonly clearedPer?: AttributeName;
  /** The text by which MAAS says that there is none. */
  readonly absent?: string;
  /** Why MAAS keeps no value of it on the default object of its parent, and what to do instead. Absent = it does. */
  readonly notOnDefault?: string;
  /** The member of MAAS's JSON whose value some versions show here when there is none. */
  readonly placeholder?: string;
  /** Its value is the id of an object of that kind, and may also be written as that object's natural key. */
  readonly references?: KindName;
  /**
   * No two objects of the kind for which these other fields are the same have the same value, so that objects which exchange
   * theirs need another one meanwhile.
   */
  readonly unique?: readonly string[];
  /** Of a set: MAAS takes each of its values by a call of its own, so that a run that was cut off may have set some of them. */
  readonly oneByOne?: true;
  /** Of a reference: where MAAS's JSON has the natural key of its object, where it does not hold the object itself. */
  readonly jsonKey?: string;
  /** Of a reference: MAAS deletes this object along with the one that it refers to. */
  readonly deletedAlong?: true;
  /**
   * Of a reference that only Terraform's configuration has: the reference that it completes. Where this one is set, that one may
   * hold the rest of the natural key alone: `fabric` of `vlan`, which is then a VID.
   */
  readonly completes?: string;
  /** References may name an object by this value too, where it is the only one that has it, as those of canonical/maas do. */
  readonly isName?: true;
  /** Its value is the name of an object of that kind, and never its id. */
  readonly names?: KindName;
  /**
   * Its value is an address of the subnet that this other field refers to, which no dynamic range may hold: `as` says what
   * it is there, as in "the gateway".
   */
  readonly addressIn?: { readonly subnet: AttributeName; readonly as: string };
  /** The addresses that MAAS keeps for the object because of the field, of whatever subnets they are. */
  readonly addresses?: (attributes: Values) => readonly string[];
  /** Its value names an interface, or several, of the node that the object is of (`ownerOf`): by name, id or MAC address. */
  readonly namesInterface?: true;
  readonly format?: Format;
  /** Words that stand for a number in a natural key: `untagged` for 0. */
  readonly spelled?: Readonly<Record<string, number>>;
  /** What MAAS starts with where nothing is sent, given what is. Absent = nothing, or {@link default}. */
  readonly startsWith?: (attributes: Values) => Value;
  /** The lowest and the highest number allowed. */
  readonly min?: number;
  readonly max?: number;
  /** The only values allowed. */
  readonly oneOf?: readonly (string | number)[];
  /** The pattern that text must match, and the same in words. */
  readonly pattern?: Pattern;
  /**
   * What is wrong with a value that MAAS takes for something else than what it says, so that the object would have another one.
   * Undefined = nothing. Of objects that are managed: a look-up may be by such a value.
   */
  readonly mistaken?: (value: string) => Words<Text> | undefined;
  /** The names that MAAS refuses to all but the object that it has named so itself, after its id. */
  readonly reserved?: RegExp;
  /**
   * What a value that the region decides follows from, so that a plan holds it for unknown only while one of these changes.
   * `vlan` is a field of the object itself, `vlan.space` a field of the object that `vlan` refers to. Empty = nothing
   * that a plan can change.
   */
  readonly follows?: readonly string[];
  /** Of a computed field that somebody sets: how to get what they want, as a sentence with an example of that value. */
  readonly instead?: (value: string) => string;
  /** Where the facts come from: a MAAS file and version, or what a live region did. */
  readonly source?: string;
}

/** Whether another value of the field takes another object, given all attributes before and after the change. */
export function isReplacedBy({ requiresReplace }: Field, prior: Attributes, planned: Attributes): boolean {
  return typeof requiresReplace === "function" ? requiresReplace(prior, planned) : requiresReplace === true;
}

/** Whether the region fills the attribute in when it is not set, so that a value must be expected. */
export function isFilledIn(field: Field): boolean {
  if (field.presence === "computed") return true;
  return field.presence === "optional" && field.default !== null && field.jsonPath !== undefined;
}

/** Whether MAAS takes the attribute and never reports it: what it is then only a record can tell. */
export const isUnreported = ({ formField, jsonPath }: Field): boolean =>
  formField !== undefined && jsonPath === undefined;

/** The bounds of a number in words: `0 to 4094`, `at least 1`. Undefined where there are none. */
export function boundsOf({ min, max }: Pick<Field, "min" | "max">): string | undefined {
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  if (min !== undefined) return `at least ${min}`;
  return max === undefined ? undefined : `at most ${max}`;
}

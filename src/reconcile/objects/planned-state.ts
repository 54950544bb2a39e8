import { type Field, isFilledIn, isReplacedBy } from "../../../lib/model/field";
import { type Kind, settingsOf } from "../../../lib/model/kind";
import {
  attributeEntries,
  type AttributeName,
  type Attributes,
  isKnown,
  UNKNOWN,
  type Value,
} from "../../../lib/model/known";
import { isNone, sameValue } from "../../../lib/model/spelling";

/** The attributes that MAAS takes and in which `desired` is known and differs from `prior`, in whatever spelling. */
export function changesBetween(kind: Kind, prior: Attributes, desired: Attributes): Attributes {
  const differing = kind.fields.filter((field) => {
    const value = desired[field.name];
    return (
      field.formField !== undefined &&
      value !== undefined &&
      isKnown(value) &&
      !sameValue(field, prior[field.name] ?? null, value)
    );
  });
  return Object.fromEntries(differing.map((field) => [field.name, desired[field.name] ?? null]));
}

/** What is known of an object before a change. */
export interface Situation {
  /** Undefined = the object is to be made. */
  readonly prior: Attributes | undefined;
  readonly config: Attributes;
  /** Attributes that the configuration set when the object was last made or changed. */
  readonly configured: readonly string[];
  /** What changes of the objects that it refers to, as {@link Field.follows} writes it: `vlan.space`. */
  readonly changedElsewhere?: readonly string[];
  /** References to objects in which it could not go on as it is: another value means another object, as of one still to be made. */
  readonly elsewhere?: readonly AttributeName[];
  /** Attributes that it gets back in place, whatever another value of them means: see {@link Field.isRestored}. */
  readonly restored?: readonly AttributeName[];
}

/** What is to be. Unknown where the region decides. */
export interface Planned {
  readonly attributes: Attributes;
  /** Attributes that are to change; none of a new object. */
  readonly changed: readonly string[];
  /** Attributes whose change takes another object. */
  readonly requiresReplace: readonly string[];
}

const EMPTY = (field: Field): Value => (Array.isArray(field.type) ? [] : null);

/** Whether MAAS has the value emptied when the configuration no longer sets it. Others go back to their default, or stay. */
const isEmptiedWhenLeftOut = (field: Field): boolean =>
  field.clearable === true && field.default === undefined && isFilledIn(field);

function plannedWhenSilent(field: Field, prior: Value | undefined, wasConfigured: boolean): Value {
  if (field.default !== undefined) return field.default;
  if (!isFilledIn(field)) return null;
  if (prior === undefined) return UNKNOWN;
  return wasConfigured && isEmptiedWhenLeftOut(field) ? EMPTY(field) : prior;
}

function plannedValue(field: Field, { prior, config, configured }: Situation): Value {
  const before = prior?.[field.name];
  const given = config[field.name] ?? null;
  const wanted = given ?? plannedWhenSilent(field, before, configured.includes(field.name));
  if (before === undefined || !sameValue(field, before, wanted)) return wanted;
  // Terraform takes the prior spelling for the configured one, but neither none for `""` nor `""` for none.
  const mayKeep = given === null ? isFilledIn(field) : before !== null;
  return mayKeep ? before : wanted;
}

/**
 * The state to aim for: what the configuration says, in the prior spelling where that means the same; where it sets nothing,
 * the field's default, or what is there. An attribute that has been taken out of the configuration is emptied if MAAS can.
 * Pure, so that Terraform's second call during apply gets the same answer.
 */
export function plannedState(kind: Kind, situation: Situation): Planned {
  const { prior, config, changedElsewhere = [], elsewhere = [], restored = [] } = situation;
  const decided = kind.fields.filter(({ presence }) => presence !== "computed");
  const attributes: Attributes = Object.fromEntries(
    decided.map((field) => [field.name, plannedValue(field, situation)]),
  );
  const changed = decided
    .filter(
      (field) => prior !== undefined && !sameValue(field, prior[field.name] ?? null, attributes[field.name] ?? null),
    )
    .map(({ name }) => name);
  const sources = new Set([...changed, ...changedElsewhere]);
  const left = kind.fields.filter(
    ({ name, presence, follows }) =>
      presence === "computed" || (follows !== undefined && (config[name] ?? null) === null),
  );
  for (const { name, follows = [] } of left) {
    const isKept = prior !== undefined && !follows.some((source) => sources.has(source));
    attributes[name] = isKept ? (prior[name] ?? null) : UNKNOWN;
  }
  attributes.id = prior?.id ?? UNKNOWN;
  for (const name of settingsOf(kind)) attributes[name] = config[name] ?? null;
  const after = { ...attributes, ...Object.fromEntries(elsewhere.map((name) => [name, UNKNOWN])) };
  return {
    attributes,
    changed,
    requiresReplace: kind.fields
      .filter(({ name }) => changed.includes(name) && !restored.includes(name))
      .filter((field) => prior !== undefined && isReplacedBy(field, prior, after))
      .map(({ name }) => name),
  };
}

/** The fields whose value is emptied when the configuration no longer sets it, of those that have one. */
export function emptiedWhenLeftOut(kind: Kind, live: Attributes): Field[] {
  return kind.fields.filter((field) => isEmptiedWhenLeftOut(field) && !isNone(field, live[field.name] ?? null));
}

/** Of the attributes that a configuration set, those whose absence from a later one is a change by itself. */
export function missedWhenLeftOut(kind: Kind, configured: readonly string[]): string[] {
  return kind.fields
    .filter((field) => isEmptiedWhenLeftOut(field) && configured.includes(field.name))
    .map(({ name }) => name);
}

/** The attributes that the configuration sets. */
export function configuredIn(kind: Kind, config: Attributes): string[] {
  return kind.fields.map(({ name }) => name).filter((name) => (config[name] ?? null) !== null);
}

/** The state after the region was read: what it has, and what it does not report as it was. Nothing unknown is left. */
export function settled(before: Attributes, live: Attributes): Attributes {
  return Object.fromEntries(
    attributeEntries(before).map(([name, value]) => [
      name,
      live[name] ?? (isKnown(value) && !(name in live) ? value : null),
    ]),
  );
}

/**
 * The planned attributes that nobody asked for: they were planned to stay as they were. Somebody else may have changed
 * them meanwhile, which is for the next refresh to find: Terraform takes no other value than the planned one.
 */
export function leftAlone(
  kind: Kind,
  planned: Attributes,
  { prior, configured }: Omit<Situation, "config">,
): Attributes {
  if (prior === undefined) return {};
  const fields = kind.fields
    .filter(
      ({ presence, default: defaultValue }) =>
        presence === "computed" || (presence === "optional" && defaultValue === undefined),
    )
    .filter(({ name }) => !configured.includes(name))
    .filter((field) => sameValue(field, planned[field.name] ?? null, prior[field.name] ?? null));
  return Object.fromEntries(fields.map(({ name }) => [name, planned[name] ?? null]));
}

/** One object that this process is to make or change. */
export interface PlannedChange {
  /** Absent = it is still to be made. */
  readonly id?: string;
  /** Absent = it is still to be made. */
  readonly prior?: Attributes;
  readonly planned: Attributes;
  /** The attributes that change; none of a new object. */
  readonly changed: readonly string[];
  /** It is deleted, or is to be: another one comes in its place. */
  readonly isEnded?: boolean;
}

/**
 * Which attributes of a changed object are meant: those before the change, or those after it. `kept`: those before it, of
 * an object that goes on.
 */
export type When = "before" | "kept" | "after";

/** The attributes of a changed object at that time; undefined = there is no such object then. */
export function attributesAt({ prior, planned, isEnded }: PlannedChange, when: When): Attributes | undefined {
  if (when === "before") return prior;
  if (isEnded === true) return undefined;
  return when === "kept" ? prior : planned;
}

import { checkField } from "./checks/field";
import type { Field } from "./field";
import { fieldsOf, type Kind, reportedFields } from "./kind";
import { findField, KINDS } from "./kinds";
import { isKnown, type Value, type Values } from "./known";
import { keyParts } from "./natural-key";
import { fault, type Problem, text, attr } from "./problem";

// Lists of all objects of a kind that have what is asked for: the plural data sources, and their constructs.

const inPlural = (word: string): string => `${word.replace(/y$/, "ie")}s`;

/** The name of the list: `ip_ranges`. The data source is called after it. */
export const pluralOf = ({ name }: Kind): string => inPlural(name);

/** The construct of the list: `IpRanges`. */
export const pluralClassOf = ({ construct }: Kind): string => inPlural(construct.name);

/** The fields that a list is filtered by. */
export const filtersOf = (kind: Kind): readonly Field[] =>
  reportedFields(kind).flatMap((field) =>
    typeof field.type === "string" ? [{ ...field, presence: "optional" as const }] : [],
  );

/** The texts that people make names of, which a pattern picks: `name`, and those in the natural key that name nothing else. */
export const namesOf = (kind: Kind): readonly Field[] =>
  filtersOf(kind).filter(
    ({ name, type, references, format, namesInterface }) =>
      type === "string" &&
      (name === "name" ||
        (keyParts(kind.name).includes(name) &&
          references === undefined &&
          format === undefined &&
          namesInterface === undefined)),
  );

/** What the pattern of a name is called. */
export const patternName = ({ name }: Field): string => `${name}_regex`;

/** The patterns that a list is filtered by. */
export const patternsOf = (kind: Kind): readonly Field[] =>
  fieldsOf(
    Object.fromEntries(
      namesOf(kind).map((field) => [
        patternName(field),
        {
          type: "string",
          presence: "optional",
          doc: `Only those with a ${field.name} that matches this regular expression of JavaScript, such as \`^lab-\`.`,
          source: field.source,
        },
      ]),
    ),
  );

/** What a filter picks. @param name what the field is called there */
export function filterDoc(kind: Kind, field: Field, name: string = field.name): string {
  const { type, references } = field;
  if (references !== undefined) return `Only those of this ${KINDS[references].title}.`;
  const { presence } = findField(kind, field.name);
  return `Only those with this ${name}${type === "string" && presence !== "required" ? "; empty text: those without one" : ""}.`;
}

/** The pattern; undefined for a text that is none. */
export function patternOf(written: string): RegExp | undefined {
  try {
    return new RegExp(written, "u");
  } catch {
    return undefined;
  }
}

export const isSet = (value: Value | undefined): value is Value => value !== undefined && value !== null;

/** What is wrong with the filters, without the region. */
export function checkFilters(kind: Kind, given: Values): Problem[] {
  const values = filtersOf(kind).flatMap((field) => {
    const value = given[field.name];
    return isSet(value) && value !== "" ? checkField(field, value) : [];
  });
  const patterns = namesOf(kind).flatMap((field) => {
    const written = given[patternName(field)];
    if (typeof written !== "string" || !isKnown(written) || patternOf(written) !== undefined) return [];
    return [
      fault("MAAS-VAL-15", patternName(field), {
        what: `${JSON.stringify(written)} is not a regular expression`,
        why: "Regular expressions are those of JavaScript, with the flag u.",
        fix: text`Write one such as ${attr(patternName(field))} = "^lab-", and two backslashes for one.`,
      }),
    ];
  });
  return [...values, ...patterns];
}

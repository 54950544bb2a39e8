import { withArticle, withThe } from "../text";
import type { Field } from "../field";
import type { Kind } from "../kind";
import { isManaged } from "../kinds";
import { type Attributes, isKnown, type Value } from "../known";
import { fault, type Problem, text, type Text } from "../problem";
import { withoutEmptyText } from "../spelling";
import { checkField } from "./field";

/**
 * Everything that is wrong with one object as far as its own attributes tell, each error at its attribute.
 * Unknown values pass and are to be checked again once they are known. Never throws.
 */
export function checkObject(kind: Kind, attributes: Attributes): Problem[] {
  const alone = kind.fields.flatMap((field) => checkField(field, attributes[field.name] ?? null));
  return alone.length > 0 ? alone : (kind.check?.(withoutEmptyText(kind, attributes)) ?? []);
}

/**
 * Whether MAAS would refuse the name of an object that it has not named itself.
 *
 * @param id of the object; undefined while it is to be made
 * @see MAAS models/fabric.py and models/space.py, `validate_fabric_name`, "Reserved fabric name." (3.6.4)
 */
export function checkReserved(kind: Kind, attributes: Attributes, id?: string): Problem<string>[] {
  return kind.fields.flatMap(({ name, reserved }) => {
    const value = attributes[name];
    if (reserved === undefined || typeof value !== "string" || !reserved.test(value)) return [];
    if (id !== undefined && value === `${kind.name}-${id}`) return [];
    return [
      fault("MAAS-VAL-12", name, {
        what: `no ${kind.title} can be given the name "${value}" ("Reserved ${kind.title} name")`,
        why: `MAAS keeps it for ${withArticle(kind.title)} that it names itself, after its id.`,
        fix: `Give it a name of your own, such as "my-${value}"; one that has this name already can be imported.`,
      }),
    ];
  });
}

const isSet = (value: Value | undefined): value is Value => value !== undefined && value !== null;

/** The value as it may stand in an example; an ellipsis for one that is not known or no single word. */
function written(value: Value): string {
  if (!isKnown(value) || typeof value === "object") return "…";
  return String(value);
}

const INSTEAD = "Take it out of the configuration, and refer to it where its value is needed.";

function readOnly({ title, type }: Kind, field: Field, value: Value): Problem {
  const advice: Text = field.instead?.(written(value)) ?? INSTEAD;
  return fault("MAAS-VAL-11", field.name, {
    what: text`${field} of ${withArticle(title)} can't be set: it is read only`,
    why: "The region decides it, and the value that is written here would be ignored.",
    fix: text`${advice} To read it: ${type}.NAME.${field}.`,
  });
}

function checkId({ key, title, type, adoptable }: Kind, id: Value | undefined): Problem[] {
  if (!isSet(id)) return [];
  const example = typeof id === "string" && id !== "" ? id : (key.examples[0] ?? "");
  const adoption = adoptable ? ", or set adopt_existing = true" : "";
  return [
    fault("MAAS-VAL-11", "id", {
      what: `id of ${withArticle(title)} can't be set: it is read only`,
      why: "MAAS gives the ids.",
      fix: `To manage what is there already, take id out and run terraform import ${type}.NAME '${example}'${adoption}.`,
    }),
  ];
}

/** The attributes of a resource that are set although the region alone decides them: one error each, with what to use instead. */
export function checkReadOnly(kind: Kind, config: Attributes): Problem[] {
  const computed = kind.fields.flatMap((field) => {
    const value = config[field.name];
    return field.presence === "computed" && isSet(value) ? [readOnly(kind, field, value)] : [];
  });
  return [...checkId(kind, config.id), ...computed];
}

/**
 * What is wrong with the configuration of a data source: with the attributes that it finds its object by, and with all
 * others that are set, which would be ignored.
 */
export function checkLookup(kind: Kind, by: readonly string[], config: Attributes): Problem[] {
  const { fields, title, type } = kind;
  const key = fields
    .filter(({ name }) => by.includes(name))
    .flatMap((field) => checkField(field, config[field.name] ?? null));
  const manage = isManaged(kind) ? `, or set it in a resource "${type}", which manages ${withThe(title)}` : "";
  const others = ["id", ...fields.map(({ name }) => name)].filter((name) => !by.includes(name) && isSet(config[name]));
  return [
    ...key,
    ...others.map((name) =>
      fault("MAAS-VAL-11", name, {
        what: `${name} of a data source can't be set: it is read only`,
        why: `The ${title} is found by ${by.join(" and ")} alone, and the value that is written here would be ignored.`,
        fix: `Take ${name} out${manage}. To read it: data.${type}.NAME.${name}.`,
      }),
    ),
  ];
}

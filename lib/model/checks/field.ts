import { boundsOf, type Field, type Pattern } from "../field";
import { isKnown, type Known, type Value } from "../known";
import { fault, type Problem, text, type Words } from "../problem";
import { canonical, isNone } from "../spelling";
import { textOf } from "../text";
import { checkFormat } from "./format";

const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

/** What the text must hold and does not. */
function patternAdvice({ regex, words }: Pattern, given: string): Omit<Words<string>, "what"> {
  const rule = `It must hold ${words}`;
  // Where a name may begin with a letter, each other character is judged after one.
  const odd = [...given].find((character) => !regex.test(`a${character}`));
  if (odd === undefined) return { why: `${rule}.` };
  const composed = given.normalize("NFC");
  if (regex.test(composed)) {
    return {
      why: `${rule}, and has the combining mark ${codePoint(odd)}.`,
      fix: `Write "${composed}" with the composed letter (Unicode NFC), which looks the same.`,
    };
  }
  const shown = /[\p{M}\p{C}\p{Z}]/u.test(odd) && odd !== " " ? codePoint(odd) : `"${odd}" (${codePoint(odd)})`;
  return { why: `${rule}, and has ${shown}.` };
}

function checkScalar(field: Field, value: Value): Problem[] {
  const { name, oneOf, min = -Infinity, max = Infinity, format, pattern } = field;
  if (typeof value === "number") {
    if (!Number.isInteger(value))
      return [
        fault("MAAS-VAL-01", name, { what: `${value} is not a whole number`, fix: "Write it without a fraction." }),
      ];
    if (value < min || value > max) {
      const fix = text`MAAS takes ${boundsOf(field) ?? ""} as ${field}. ${field.doc}`;
      return [fault("MAAS-VAL-02", name, { what: `${value} is out of range`, fix })];
    }
  }
  const spelled = canonical(field, value);
  if (oneOf !== undefined && (typeof spelled === "number" || typeof spelled === "string") && !oneOf.includes(spelled)) {
    const fix = `Write one of ${oneOf.join(", ")}. ${field.doc}`;
    return [fault("MAAS-VAL-03", name, { what: `"${textOf(value)}" is not possible here`, fix })];
  }
  if (typeof value === "string") {
    if (pattern !== undefined && !pattern.regex.test(value)) {
      const what = `"${value}" is not a name that MAAS takes`;
      return [fault("MAAS-VAL-04", name, { what, ...patternAdvice(pattern, value) })];
    }
    if (format !== undefined) return checkFormat[format](name, value);
  }
  return [];
}

/** Whether the attribute may be empty: what MAAS can't empty would be left as it is, without a word. */
function checkEmpty(field: Field): Problem[] {
  const { name, presence, clearable, default: defaultValue, doc } = field;
  if (clearable === true) return [];
  const told = checkScalar(field, "");
  if (told.length > 0 && (presence === "required" || defaultValue !== undefined)) return told;
  const what = text`${field} can't be empty`;
  if (presence === "required") return [fault("MAAS-VAL-05", name, { what, fix: `Give it a value. ${doc}` })];
  const fix = text`Leave ${field} out, or give it a text. ${doc}`;
  return [fault("MAAS-VAL-05", name, { what, why: "MAAS ignores the empty text here.", fix })];
}

function checkItem(field: Field, item: Value): Problem[] {
  if (item !== "") return checkScalar(field, item);
  const fix = text`Take it out of the list; ${field} = [] says that there are none.`;
  return [fault("MAAS-VAL-05", field.name, { what: text`${field} holds an empty text`, fix })];
}

/**
 * What is wrong with one attribute by itself. Null (not set) and unknown values pass: the first is for the
 * schema to refuse where it matters, the second is checked again when it is known.
 */
export function checkField(field: Field, value: Known<Value>): Problem[] {
  if (value === null || !isKnown(value)) return [];
  if (Array.isArray(value)) return value.flatMap((item) => (isKnown(item) ? checkItem(field, item) : []));
  return typeof value === "string" && isNone(field, value) ? checkEmpty(field) : checkScalar(field, value);
}

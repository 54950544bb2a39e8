import { type Diagnostic, fault } from "../diagnostic";
import { boundsOf, type Field, type Pattern } from "../field";
import { isKnown, type Known, type Value } from "../known";
import { canonical, isNone } from "../spelling";
import { textOf } from "../text";
import { checkFormat } from "./format";

const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

function patternAdvice({ regex, words }: Pattern, text: string): string {
  const rule = `It must hold ${words}`;
  // Where a name may begin with a letter, each other character is judged after one.
  const odd = [...text].find((character) => !regex.test(`a${character}`));
  if (odd === undefined) return `${rule}.`;
  const composed = text.normalize("NFC");
  if (regex.test(composed)) {
    return `${rule}, and has the combining mark ${codePoint(odd)}. Write "${composed}" with the composed letter (Unicode NFC), which looks the same.`;
  }
  const shown = /[\p{M}\p{C}\p{Z}]/u.test(odd) && odd !== " " ? codePoint(odd) : `"${odd}" (${codePoint(odd)})`;
  return `${rule}, and has ${shown}.`;
}

function checkScalar(field: Field, value: Value): Diagnostic[] {
  const { name, oneOf, min = -Infinity, max = Infinity, format, pattern } = field;
  if (typeof value === "number") {
    if (!Number.isInteger(value))
      return [fault(name, `${value} is not a whole number`, "Write it without a fraction.")];
    if (value < min || value > max) {
      return [fault(name, `${value} is out of range`, `MAAS takes ${boundsOf(field)} as ${name}. ${field.doc}`)];
    }
  }
  const spelled = canonical(field, value);
  if (oneOf !== undefined && (typeof spelled === "number" || typeof spelled === "string") && !oneOf.includes(spelled)) {
    return [fault(name, `"${textOf(value)}" is not possible here`, `Write one of ${oneOf.join(", ")}. ${field.doc}`)];
  }
  if (typeof value === "string") {
    if (pattern !== undefined && !pattern.regex.test(value)) {
      return [fault(name, `"${value}" is not a name that MAAS takes`, patternAdvice(pattern, value))];
    }
    if (format !== undefined) return checkFormat[format](name, value);
  }
  return [];
}

/** Whether the attribute may be empty: what MAAS can't empty would be left as it is, without a word. */
function checkEmpty(field: Field): Diagnostic[] {
  const { name, presence, clearable, default: defaultValue, doc } = field;
  if (clearable === true) return [];
  const told = checkScalar(field, "");
  if (told.length > 0 && (presence === "required" || defaultValue !== undefined)) return told;
  if (presence === "required") return [fault(name, `${name} can't be empty`, `Give it a value. ${doc}`)];
  return [
    fault(
      name,
      `${name} can't be empty`,
      `MAAS ignores the empty text here. Leave ${name} out, or give it a text. ${doc}`,
    ),
  ];
}

function checkItem(field: Field, item: Value): Diagnostic[] {
  if (item !== "") return checkScalar(field, item);
  const { name } = field;
  return [
    fault(name, `${name} holds an empty text`, `Take it out of the list; ${name} = [] says that there are none.`),
  ];
}

/**
 * What is wrong with one attribute by itself. Null (the user is silent) and unknown values pass: the first is for the
 * schema to refuse where it matters, the second is checked again when it is known.
 */
export function checkField(field: Field, value: Known<Value>): Diagnostic[] {
  if (value === null || !isKnown(value)) return [];
  if (Array.isArray(value)) return value.flatMap((item) => (isKnown(item) ? checkItem(field, item) : []));
  return typeof value === "string" && isNone(field, value) ? checkEmpty(field) : checkScalar(field, value);
}

import {
  BINARY,
  CONSTANTS,
  FUNCTIONS,
  member,
  numberOf,
  OPERATORS,
  textOf,
  truthOf,
  Unreadable,
} from "./expression-values";
import { isKnown, UNKNOWN, type Value } from "./known";

/**
 * Every text in a Terraform configuration is a template: `${` begins an expression, `%{` a directive. Doubled, as in
 * `$${`, each stands for itself.
 */
const MARKERS = /[$%]\{/g;

const DOUBLED = /([$%])\1\{/g;

/** The template that Terraform reads as this text. */
export function toTemplate(text: string): string {
  return text.replace(MARKERS, (marker) => `${marker.charAt(0)}${marker}`);
}

/** The text that Terraform reads a template as; undefined when there is an expression in it, which only Terraform knows. */
export function fromTemplate(template: string): string | undefined {
  return template.replace(DOUBLED, " ").search(/[$%]\{/) >= 0 ? undefined : template.replace(DOUBLED, "$1{");
}

/** The values of the names that an expression may use, such as `each` and `count`. */
export type Scope = Readonly<Record<string, Value>>;

const SPACE = /\s*/y;
const NUMBER = /\d+(?:\.\d+)?/y;
const NAME = /[A-Za-z_][\w-]*/y;
const LITERAL_TEXT = /(?:[^"\\$%]|\\.|([$%])\1\{|[$%](?!\{))+/y;
const ESCAPE = /\\(u[0-9a-fA-F]{4}|.)/g;
const ESCAPED: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/** Reads one expression or template of Terraform's language, by recursive descent, and works it out on the way. */
class ExpressionReader {
  #at = 0;

  constructor(
    private readonly text: string,
    private readonly scope: Scope,
  ) {}

  /** The whole text as a template, in quotes where `end` is one. */
  template(end: "" | '"'): Value {
    const parts: Value[] = [];
    while (this.#at < this.text.length && !(end !== "" && this.text.startsWith(end, this.#at))) {
      if (this.text.startsWith("${", this.#at)) {
        this.#at += 2;
        parts.push(this.#expression());
        this.#expect("}");
      } else parts.push(end === "" ? this.#plainText() : this.#quotedText());
    }
    if (parts.length === 0) return "";
    const [first = ""] = parts;
    if (parts.length === 1) return first;
    return parts.every(isKnown) ? parts.map((part) => textOf(part)).join("") : UNKNOWN;
  }

  #plainText(): string {
    const rest = this.text.slice(this.#at);
    const [text = ""] = /^(?:[^$%]|([$%])\1\{|[$%](?!\{))+/.exec(rest) ?? [];
    if (text === "") throw new Unreadable();
    this.#at += text.length;
    return text.replace(/([$%])\1\{/g, "$1{");
  }

  #quotedText(): string {
    const text = this.#match(LITERAL_TEXT, false);
    if (text === undefined) throw new Unreadable();
    return text
      .replace(/([$%])\1\{/g, "$1{")
      .replace(ESCAPE, (_, code: string) =>
        code.length > 1 ? String.fromCharCode(parseInt(code.slice(1), 16)) : (ESCAPED[code] ?? code),
      );
  }

  #match(pattern: RegExp, skipSpace = true): string | undefined {
    if (skipSpace) this.#match(SPACE, false);
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #take(token: string): boolean {
    this.#match(SPACE, false);
    if (!this.text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw new Unreadable();
  }

  #expression(): Value {
    const condition = this.#binary(0);
    if (!this.#take("?")) return condition;
    const yes = this.#expression();
    this.#expect(":");
    const no = this.#expression();
    return isKnown(condition) ? (truthOf(condition) ? yes : no) : UNKNOWN;
  }

  #binary(level: number): Value {
    const operators = OPERATORS[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = operators.find((candidate) => this.#take(candidate));
      if (operator === undefined) return left;
      const right = this.#binary(level + 1);
      left = isKnown(left) && isKnown(right) ? (BINARY[operator]?.(left, right) ?? UNKNOWN) : UNKNOWN;
    }
  }

  #unary(): Value {
    if (this.#take("-")) {
      const value = this.#unary();
      return isKnown(value) ? -numberOf(value) : UNKNOWN;
    }
    if (this.#take("!")) {
      const value = this.#unary();
      return isKnown(value) ? !truthOf(value) : UNKNOWN;
    }
    return this.#traversal(this.#term());
  }

  #traversal(start: Value): Value {
    let value = start;
    for (;;) {
      if (this.#take("[")) {
        const key = this.#take("*") ? UNKNOWN : this.#expression();
        this.#expect("]");
        value = member(value, key);
      } else if (this.#take(".")) {
        const key = this.#take("*") ? undefined : (this.#match(NAME) ?? this.#match(NUMBER));
        value = key === undefined ? UNKNOWN : member(value, key);
      } else return value;
    }
  }

  #term(): Value {
    if (this.#take("(")) {
      const value = this.#expression();
      this.#expect(")");
      return value;
    }
    if (this.#take('"')) {
      const value = this.template('"');
      this.#expect('"');
      return value;
    }
    if (this.#take("[")) return this.#list("]");
    if (this.#take("{")) return this.#object();
    const number = this.#match(NUMBER);
    if (number !== undefined) return Number(number);
    const name = this.#match(NAME);
    if (name === undefined) throw new Unreadable();
    if (this.#take("(")) return this.#call(name);
    const constant = CONSTANTS.get(name);
    if (constant !== undefined) return constant;
    return Object.keys(this.scope).includes(name) ? (this.scope[name] ?? null) : UNKNOWN;
  }

  #call(name: string): Value {
    const values = this.#list(")");
    const called = FUNCTIONS.get(name);
    return called === undefined ? UNKNOWN : called(values[0]);
  }

  #list(end: "]" | ")"): Value[] {
    const items: Value[] = [];
    while (!this.#take(end)) {
      items.push(this.#expression());
      if (!this.#take(",")) {
        this.#expect(end);
        break;
      }
    }
    return items;
  }

  #object(): Value {
    const isFor = /^\s*for\s/.test(this.text.slice(this.#at));
    if (isFor) return this.#forObject();
    const entries: [string, Value][] = [];
    while (!this.#take("}")) {
      // A bare word is a key by itself, not a name.
      const key = this.#match(NAME) ?? this.#expression();
      if (!this.#take("=")) this.#expect(":");
      const value = this.#expression();
      if (typeof key !== "string") throw new Unreadable();
      entries.push([key, value]);
      this.#take(",");
    }
    return Object.fromEntries(entries);
  }

  /** `for key, value in LIST: KEY => value}`, as CDKTF writes it for a list of objects. */
  #forObject(): Value {
    this.#match(NAME);
    const names = [this.#match(NAME) ?? ""];
    if (this.#take(",")) names.push(this.#match(NAME) ?? "");
    if (this.#match(NAME) !== "in") throw new Unreadable();
    const source = this.#expression();
    this.#expect(":");
    const start = this.#at;
    const entryOf = (key: Value, value: Value): [Value, Value] => {
      const [first = "", second] = names;
      const bound = second === undefined ? { [first]: value } : { [first]: key, [second]: value };
      const reader = new ExpressionReader(this.text, { ...this.scope, ...bound });
      reader.#at = start;
      const entry: [Value, Value] = [reader.#expression(), (reader.#expect("=>"), reader.#expression())];
      reader.#expect("}");
      this.#at = reader.#at;
      return entry;
    };
    // Once for nobody, so that the end is found where the list is empty or not known.
    entryOf(UNKNOWN, UNKNOWN);
    if (!isKnown(source)) return UNKNOWN;
    const entries = Object.entries(source ?? {}).map(([key, value]) => entryOf(key, value as Value));
    return entries.every(([key]) => typeof key === "string") ? (Object.fromEntries(entries) as Value) : UNKNOWN;
  }
}

/**
 * What a text of a Terraform configuration comes to, as far as it can be told without Terraform: literals, `each` and
 * `count` of the scope, arithmetic and conditions on them. {@link UNKNOWN} for all else, such as variables and functions.
 * Never throws.
 */
export function evaluateTemplate(text: string, scope: Scope = {}): Value {
  try {
    return new ExpressionReader(text, scope).template("");
  } catch (error) {
    if (error instanceof Unreadable) return UNKNOWN;
    throw error;
  }
}

/** The same for any value of a configuration in JSON syntax, item by item. */
export function evaluate(json: unknown, scope: Scope = {}): Value {
  if (typeof json === "string") return evaluateTemplate(json, scope);
  if (Array.isArray(json)) return json.map((item) => evaluate(item, scope));
  if (typeof json === "object" && json !== null) {
    return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, evaluate(value, scope)]));
  }
  return typeof json === "number" || typeof json === "boolean" ? json : null;
}

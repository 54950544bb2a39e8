// The TypeScript that messages have in them, such as `new Vlan(this, "v", { fabric, vid: 10 })`, as data.

/** An expression of a message. */
export type Code =
  | { readonly is: "text"; readonly literal: string }
  | { readonly is: "word"; readonly word: string }
  | { readonly is: "list"; readonly items: readonly Code[] }
  | { readonly is: "object"; readonly entries: readonly Entry[] }
  | { readonly is: "create"; readonly type: string; readonly args: readonly Code[] }
  | { readonly is: "static"; readonly type: string; readonly method: string; readonly args: readonly Code[] }
  | { readonly is: "call"; readonly of: Code; readonly method: string; readonly args: readonly Code[] }
  | { readonly is: "read"; readonly of: Code; readonly property: string };

/** A property that is given: `vid: 10`. */
export interface Entry {
  readonly name: string;
  readonly value: Code;
}

/** The text is no code that can be read. */
class NoCode extends Error {}

/** Where code starts within prose. */
export const CODE_START = /\b(?:new [A-Z]\w*|[A-Z]\w*\.[a-z]\w*)\(/g;

class Reader {
  constructor(
    readonly text: string,
    public at: number,
  ) {}

  /** What stands here, when it does. Leaves it behind. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    const found = new RegExp(`(?:${pattern.source})`, "uy");
    found.lastIndex = this.at;
    const match = found.exec(this.text) ?? undefined;
    if (match !== undefined) this.at = found.lastIndex;
    return match;
  }

  expression(): Code {
    this.take(/\s+/);
    let code = this.#first();
    for (let part = this.take(/\.([a-z]\w*)/); part !== undefined; part = this.take(/\.([a-z]\w*)/)) {
      const name = part[1] ?? "";
      code = this.take(/\(/)
        ? { is: "call", of: code, method: name, args: this.#until(/\s*\)/, () => this.expression()) }
        : { is: "read", of: code, property: name };
    }
    return code;
  }

  #first(): Code {
    const literal = this.take(/"(?:[^"\\]|\\.)*"/)?.[0];
    if (literal !== undefined) return { is: "text", literal };
    if (this.take(/\[/)) return { is: "list", items: this.#until(/\s*\]/, () => this.expression()) };
    // What is given is left to the reader.
    if (this.take(/\{\s*…\s*\}/)) return { is: "object", entries: [] };
    if (this.take(/\{/)) return { is: "object", entries: this.#until(/\s*\}/, () => this.#entry()) };
    const type = this.take(/new ([A-Z]\w*)\(/)?.[1];
    if (type !== undefined) return { is: "create", type, args: this.#until(/\s*\)/, () => this.expression()) };
    const method = this.take(/([A-Z]\w*)\.([a-z]\w*)\(/);
    if (method !== undefined) {
      const args = this.#until(/\s*\)/, () => this.expression());
      return { is: "static", type: method[1] ?? "", method: method[2] ?? "", args };
    }
    // A value, or what a message says in place of one: `lab-network/rack`.
    const word = this.take(/[A-Z]\w*\.[A-Z_]+|[\w$]+(?=\.[a-z]\w*)|[^\s,:(){}[\]"]+/)?.[0];
    if (word === undefined) throw new NoCode();
    return { is: "word", word };
  }

  #entry(): Entry {
    const name = this.take(/\s*([A-Za-z]\w*)/)?.[1];
    if (name === undefined) throw new NoCode();
    return { name, value: this.take(/:/) ? this.expression() : { is: "word", word: name } };
  }

  #until<T>(end: RegExp, item: () => T): T[] {
    const items: T[] = [];
    while (!this.take(end)) {
      if (items.length > 0 && !this.take(/\s*,/)) throw new NoCode();
      items.push(item());
    }
    return items;
  }
}

/** A part of a message: prose, or code that was read. */
export type Part = string | Code;

/** A message in its parts. Code that can't be read is prose. */
export function partsOf(message: string): readonly Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const { index } of message.matchAll(CODE_START)) {
    if (index < from) continue;
    const reader = new Reader(message, index);
    try {
      const code = reader.expression();
      parts.push(message.slice(from, index), code);
      from = reader.at;
    } catch (error) {
      if (!(error instanceof NoCode)) throw error;
    }
  }
  return [...parts, message.slice(from)];
}

import { escaped } from "./error";

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g;

/** An object or a list that is being read. */
interface Frame {
  readonly pointer: string;
  /** The names so far; undefined in a list. */
  readonly names?: Set<string>;
  /** What comes next: the name of a member, or the item with that number. */
  next: string | number | undefined;
}

/**
 * The JSON pointers of members whose name their object has before, of which JSON.parse keeps the last one only. Takes one
 * pass over the text.
 *
 * @param text that JSON.parse takes
 */
export function duplicateMembers(text: string): string[] {
  const found: string[] = [];
  const open: Frame[] = [];
  for (const [token] of text.matchAll(TOKEN)) {
    const frame = open.at(-1);
    if (token === "{" || token === "[") {
      const pointer = frame === undefined ? "" : `${frame.pointer}/${escaped(String(frame.next))}`;
      open.push(token === "{" ? { pointer, names: new Set(), next: undefined } : { pointer, next: 0 });
    } else if (token === "}" || token === "]") open.pop();
    else if (frame !== undefined && token === ",")
      frame.next = typeof frame.next === "number" ? frame.next + 1 : undefined;
    else if (frame?.names !== undefined && frame.next === undefined) {
      const name = JSON.parse(token) as string;
      if (frame.names.has(name)) found.push(`${frame.pointer}/${escaped(name)}`);
      frame.names.add(name);
      frame.next = name;
    }
  }
  return [...new Set(found)];
}

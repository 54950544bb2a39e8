import { isKnown, type Values } from "../known";
import { fault, type Problem } from "../problem";
import { tryText } from "../text";

/** Where a text of ISC dhcpd is at fault. */
interface Flaw {
  /** 1-based. */
  readonly line: number;
  readonly what: string;
  readonly fix: string;
}

/** What is open at some place: a brace, or a statement. */
interface Open {
  readonly line: number;
}

/**
 * What is wrong with the punctuation of a snippet: a brace or a quote without its other half, or a statement without a
 * semicolon. No more than that can be told without dhcpd itself.
 *
 * @see dhcpd.conf(5): statements end with a semicolon or are followed by a block in braces; comments run from # to the end
 * of the line
 */
function flawOf(text: string): Flaw | undefined {
  const blocks: Open[] = [];
  let statement: Open | undefined;
  let line = 1;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === "\n") line += 1;
    else if (character === "#") {
      const end = text.indexOf("\n", at);
      if (end < 0) break;
      at = end - 1;
    } else if (character === '"') {
      const started = line;
      at += 1;
      while (at < text.length && text.charAt(at) !== '"') {
        if (text.charAt(at) === "\\") at += 1;
        if (text.charAt(at) === "\n") line += 1;
        at += 1;
      }
      if (at >= text.length)
        return { line: started, what: "a quote that is not closed", fix: 'Write the closing " after the text.' };
      statement ??= { line: started };
    } else if (character === "{") {
      blocks.push({ line });
      statement = undefined;
    } else if (character === "}") {
      if (statement !== undefined) return unended(statement);
      if (blocks.pop() === undefined)
        return { line, what: "a } that closes nothing", fix: "Take it out, or write the { before it." };
    } else if (character === ";") statement = undefined;
    else if (/\S/.test(character)) statement ??= { line };
  }
  if (statement !== undefined) return unended(statement);
  const open = blocks.pop();
  return open && { line: open.line, what: "a { that is not closed", fix: "Write the closing } after its statements." };
}

const unended = ({ line }: Open): Flaw => ({
  line,
  what: "a statement that does not end with a semicolon",
  fix: "Write ; at its end.",
});

/** The line of a snippet with that number, for a message. */
export const snippetLine = (text: string, line: number): string => text.split("\n")[line - 1]?.trim() ?? "";

/** What is wrong with a DHCP snippet by its text alone: empty, or unbalanced. */
function checkText(value: string): Problem<string>[] {
  if (value.trim() === "")
    return [
      fault("MAAS-OBJ-18", "value", {
        what: "the snippet is empty",
        fix: "Give it a statement of dhcpd.conf, such as option ntp-servers 10.20.0.2;",
      }),
    ];
  const flaw = flawOf(value);
  if (flaw === undefined) return [];
  const { line, what, fix } = flaw;
  return [
    fault("MAAS-OBJ-18", "value", {
      what: `line ${line} of the snippet has ${what}`,
      why: `dhcpd can't read "${snippetLine(value, line)}", and with it the whole configuration of the rack: DHCP would stop.`,
      fix,
    }),
  ];
}

/** What a snippet may be for, in the words of a message. */
const PLACES = {
  subnet: "a subnet",
  machine: "a machine",
  device: "a device",
  rack_controller: "a rack controller",
} as const;

type Place = keyof typeof PLACES;

/** What is wrong with a DHCP snippet by what is said of it alone. */
export function checkDhcpSnippet(attributes: Values): Problem<string>[] {
  const text = tryText(attributes.value);
  const wrong = text === undefined ? [] : checkText(text);
  const isSaid = (place: Place): boolean => (attributes[place] ?? null) !== null && isKnown(attributes[place]);
  const said = (Object.keys(PLACES) as Place[]).filter(isSaid);
  const last = said.at(-1);
  if (last === undefined || said.length === 1) return wrong;
  return [
    ...wrong,
    fault("MAAS-OBJ-19", last, {
      what: `the snippet is for ${said.map((place) => PLACES[place]).join(" and for ")}`,
      why: "MAAS has a snippet in one place: for all, for a subnet, or for one node.",
      fix: "Keep one of them, and make a snippet of another name for each other.",
    }),
  ];
}

/**
 * Levels of lists and objects within each other that are read. What this package reads has about ten; many thousands of them
 * exhaust the stack of whatever walks through the value, JSON.stringify and schemas included.
 */
const DEEPEST = 500;

/** Whether lists and objects of a JSON text are nested deeper than anything that is read here. Takes one pass over the text. */
export function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfText(text, at);
    else if (character === "[" || character === "{") depth += 1;
    else if (character === "]" || character === "}") depth -= 1;
    if (depth > DEEPEST) return true;
  }
  return false;
}

/** Where the text that begins with the quotation mark at `from` ends. */
function endOfText(text: string, from: number): number {
  let end = text.indexOf('"', from + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let from = at;
  while (text[from - 1] === "\\") from -= 1;
  return (at - from) % 2 === 1;
}

/** The value of a JSON text that somebody else wrote. @throws SyntaxError for no JSON, and for what {@link isTooDeep} */
export function parseJson(text: string): unknown {
  if (isTooDeep(text)) throw new SyntaxError(`lists and objects in it are nested more than ${DEEPEST} levels deep`);
  return JSON.parse(text);
}

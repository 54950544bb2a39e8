import { type Counts, type Report, type Unjudged } from "./report";

const WORDS: Readonly<Record<keyof Counts, readonly [one: string, many: string]>> = {
  error: ["error", "errors"],
  warning: ["warning", "warnings"],
  information: ["note", "notes"],
  suppressed: ["suppressed", "suppressed"],
  unknown: ["not judged yet", "not judged yet"],
};

/** The counts in words: `1 error, 2 warnings`; those that are zero are left out, errors excepted. */
export function countsInWords(counts: Counts): string {
  return (Object.keys(WORDS) as (keyof Counts)[])
    .filter((name) => name === "error" || counts[name] > 0)
    .map((name) => `${counts[name]} ${WORDS[name][counts[name] === 1 ? 0 : 1]}`)
    .join(", ");
}

/** The objects that could not be judged, by rule, in the order of the table. */
export function unjudgedByRule({ unjudged }: Report): Map<string, Unjudged[]> {
  const byRule = new Map<string, Unjudged[]>();
  for (const row of unjudged) {
    const rows = byRule.get(row.id);
    if (rows === undefined) byRule.set(row.id, [row]);
    else rows.push(row);
  }
  return byRule;
}

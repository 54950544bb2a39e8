import type { Colors, Formatter } from "picocolors/types";
import type { Verification } from "../../reconcile/engine/verify";
import type { Observation, ObservationLevel } from "../../reconcile/engine/verify/observation";
import { shown } from "./action-words";

const COLOURS: Readonly<Record<ObservationLevel, (colours: Colors) => Formatter>> = {
  error: ({ red }) => red,
  warning: ({ yellow }) => yellow,
  unknown: ({ cyan }) => cyan,
};

const WORDS: Readonly<Record<ObservationLevel, readonly [one: string, many: string]>> = {
  error: ["error", "errors"],
  warning: ["warning", "warnings"],
  unknown: ["not told by the region", "not told by the region"],
};

const LEVELS = Object.keys(WORDS) as ObservationLevel[];

/** `2 errors, 1 warning`. */
export function countsOf(observations: readonly Observation[]): string {
  const counts = LEVELS.map((level) => [level, observations.filter((one) => one.level === level).length] as const);
  const told = counts.filter(([, count]) => count > 0);
  return told.map(([level, count]) => `${count} ${WORDS[level][count === 1 ? 0 : 1]}`).join(", ");
}

/** One observation in one line. */
export const observationLine = ({ what, path }: Observation): string => `${shown(what)} [${shown(path)}]`;

const block = (observation: Observation, colours: Colors): string =>
  [
    `${COLOURS[observation.level](colours)(`${observation.level}:`)} ${observationLine(observation)}`,
    `  Why: ${shown(observation.why)}`,
    `  Fix: ${shown(observation.fix)}`,
    "",
  ].join("\n");

/** What was found, for a terminal: errors first. */
export function verificationText({ isAsDesired, observations }: Verification, colours: Colors): string {
  const sorted = LEVELS.flatMap((level) => observations.filter((one) => one.level === level));
  const counts = observations.length === 0 ? "" : ` (${countsOf(observations)})`;
  const verdict = isAsDesired ? "The region is as the document wants it" : "The region is not as the document wants it";
  return [...sorted.map((observation) => block(observation, colours)), `${colours.bold(verdict)}${counts}.`, ""].join(
    "\n",
  );
}

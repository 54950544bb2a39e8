import { shown } from "../../../lib/model/printable";
import type { Verification } from "../../reconcile/engine/verify";
import type { Observation, ObservationLevel } from "../../reconcile/engine/verify/observation";
import { joined, type Style, styled, type Styled } from "./styled";

const STYLES: Readonly<Record<ObservationLevel, Style>> = { error: "red", warning: "yellow", unknown: "cyan" };

const WORDS: Readonly<Record<ObservationLevel, readonly [one: string, many: string]>> = {
  error: ["error", "errors"],
  warning: ["warning", "warnings"],
  unknown: ["not reported by the region", "not reported by the region"],
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

const block = (observation: Observation): Styled =>
  joined(
    [
      [styled(STYLES[observation.level], `${observation.level}:`), ` ${observationLine(observation)}`],
      `  Why: ${shown(observation.why)}`,
      `  Fix: ${shown(observation.fix)}`,
      "",
    ],
    "\n",
  );

/** What was found: errors first. */
export function verificationText({ isAsDesired, observations }: Verification): Styled {
  const sorted = LEVELS.flatMap((level) => observations.filter((one) => one.level === level));
  const counts = observations.length === 0 ? "" : ` (${countsOf(observations)})`;
  const verdict = isAsDesired ? "The region is as the document wants it" : "The region is not as the document wants it";
  return joined([...sorted.map(block), [styled("bold", verdict), `${counts}.`], ""], "\n");
}

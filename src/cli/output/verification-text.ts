import { shown } from "../../../lib/model/text";
import { adviceLines } from "../../../lib/model/problem";
import type { Observation, Verification } from "../../reconcile/engine/verify/verify";
import { joined, type Style, styled, type Styled } from "./styled";

type Severity = Observation["severity"];

const STYLES: Readonly<Record<Severity, Style>> = { error: "red", warning: "yellow", unknown: "cyan" };

const WORDS: Readonly<Record<Severity, readonly [one: string, many: string]>> = {
  error: ["error", "errors"],
  warning: ["warning", "warnings"],
  unknown: ["not reported by the region", "not reported by the region"],
};

const SEVERITIES = Object.keys(WORDS) as Severity[];

/** `2 errors, 1 warning`. */
export function countsOf(observations: readonly Observation[]): string {
  const counts = SEVERITIES.map(
    (severity) => [severity, observations.filter((one) => one.severity === severity).length] as const,
  );
  const told = counts.filter(([, count]) => count > 0);
  return told.map(([severity, count]) => `${count} ${WORDS[severity][count === 1 ? 0 : 1]}`).join(", ");
}

/** One observation in one line. */
export const observationLine = ({ what, subject }: Observation): string =>
  `${shown(what)} [${shown(subject?.path ?? "")}]`;

const block = (observation: Observation): Styled =>
  joined(
    [
      [styled(STYLES[observation.severity], `${observation.severity}:`), ` ${observationLine(observation)}`],
      ...adviceLines(observation),
      "",
    ],
    "\n",
  );

/** What was found: errors first. */
export function verificationText({ isAsDesired, observations }: Verification): Styled {
  const sorted = SEVERITIES.flatMap((severity) => observations.filter((one) => one.severity === severity));
  const counts = observations.length === 0 ? "" : ` (${countsOf(observations)})`;
  const verdict = isAsDesired ? "The region is as the document wants it" : "The region is not as the document wants it";
  return joined([...sorted.map(block), [styled("bold", verdict), `${counts}.`], ""], "\n");
}

import type { Place } from "../model/network/objects";

/** The user's word that a rule may be broken somewhere, and why. */
export interface Suppression {
  /** Id of the rule: `MAAS6-RTR-01`. */
  readonly id: string;
  /** Why this is right here: at least 10 characters. It is shown in every report. */
  readonly reason: string;
  /** A construct path: the suppression holds for it and everything below. */
  readonly where: string;
  /**
   * Last day on which it holds, UTC: `2027-03-31`.
   * @default - no end
   */
  readonly until?: string;
  /** Where the suppression itself was said. */
  readonly at?: Place;
}

/** Characters that a reason has at least. */
export const SHORTEST_REASON = 10;

/** Every path whose suppression covers the place: its own, and those that it is below. */
export const coveringPaths = ({ path }: Place): string[] => [
  path,
  ...[...path.matchAll(/[/[]/g)].map(({ index }) => path.slice(0, index)),
];

/** Whether the place is the suppression's own, or below it. */
export const covers = ({ where }: Suppression, place: Place): boolean => coveringPaths(place).includes(where);

/** The day of a moment, as `until` writes it. */
export const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10);

function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(time) && dayOf(new Date(time)) === text;
}

const MEMBERS: readonly string[] = ["id", "reason", "where", "until", "at"] satisfies (keyof Suppression)[];

/** What is wrong with the form of a suppression, and how to mend it; undefined when nothing is. */
export function malformation(suppression: Suppression): { what: string; fix: string } | undefined {
  const { id, reason, where, until } = suppression;
  if (typeof id !== "string" || !/^[A-Z0-9]+-[A-Z]+-\d+$/.test(id)) {
    return {
      what: `"${String(id)}" is not the id of a rule`,
      fix: "Write the id as it stands in a finding, such as MAAS6-RTR-01.",
    };
  }
  if (typeof reason !== "string" || reason.trim().length < SHORTEST_REASON) {
    return {
      what: `the reason "${String(reason)}" for ${id} is shorter than ${SHORTEST_REASON} characters`,
      fix: 'Say why the rule may be broken here, such as "RAs come from leaf pair tor-7, NET-212".',
    };
  }
  if (typeof where !== "string" || where.trim() === "") {
    return {
      what: `the suppression of ${id} does not say where it holds`,
      fix: "Give the path of a construct, such as lab-network/lab-v6.",
    };
  }
  const surplus = Object.keys(suppression).find((name) => !MEMBERS.includes(name));
  if (surplus !== undefined) {
    return {
      what: `the suppression of ${id} has a property "${surplus}", which means nothing here`,
      fix: "Write id, reason and, for the last day on which it holds, until.",
    };
  }
  if (until !== undefined && !isDay(until)) {
    return {
      what: `"${until}", the end of the suppression of ${id}, is not a day`,
      fix: "Write the last day as 2027-03-31.",
    };
  }
  return undefined;
}

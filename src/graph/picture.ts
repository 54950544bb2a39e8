import type { Finding } from "../../lib/rules/report";
import type { Bar } from "./range-bar";

/** What a card is connected to: a rack that is on the VLAN, the VLAN that DHCP is relayed to, a VLAN of a rack or relay. */
export interface Chip {
  readonly role: "rack" | "relay" | "vlan";
  readonly label: string;
  readonly detail: string;
  /** Id of the card that it leads to; absent = it is not in the picture. */
  readonly target?: string;
}

/** What a plan does with an object. `released`: it is left on the region, no longer managed. */
export type Outcome = keyof typeof OUTCOMES;

/** The sign of each outcome, as Terraform has it where it has one. In the order of summaries. */
export const OUTCOMES = {
  ...{ added: "+", changed: "~", replaced: "-/+", gone: "-", released: "<", imported: "⇥", moved: "→", unchanged: "" },
} as const;

/** An object that a plan does something with, on what it belongs to. */
export interface ChangeLine {
  readonly outcome: Outcome;
  readonly text: string;
  readonly details: readonly string[];
}

/** What is drawn of a plan, on a fabric, a VLAN or a subnet. */
export interface Changes {
  /** What becomes of the object itself. Absent = the picture is of no plan, or the plan does not have it. */
  readonly outcome?: Outcome;
  /** What becomes of objects on it that have no place of their own. */
  readonly changes?: readonly ChangeLine[];
}

/** A subnet in a picture. */
export interface SubnetPicture extends Changes {
  readonly id: string;
  readonly cidr: string;
  /** Its name; empty = none but the CIDR. */
  readonly name: string;
  readonly facts: readonly string[];
  readonly family: 4 | 6 | undefined;
  readonly bars: readonly Bar[];
  readonly findings: readonly Finding[];
}

/** A VLAN or a rack controller, with all that is on it. */
export interface Card extends Changes {
  readonly id: string;
  readonly role: "vlan" | "rack";
  readonly title: string;
  /** A VLAN's name; empty = none of its own. */
  readonly name: string;
  readonly vid?: number;
  readonly facts: readonly string[];
  readonly chips: readonly Chip[];
  readonly subnets: readonly SubnetPicture[];
  readonly findings: readonly Finding[];
}

export interface FabricPicture extends Changes {
  readonly id: string;
  readonly label: string;
  /** In order of VID. */
  readonly vlans: readonly Card[];
  readonly findings: readonly Finding[];
}

/** What a picture of a network shows. Shape: plain data in natural order; ids are unique words in it. */
export interface Picture {
  readonly title: string;
  /** What it holds, in numbers: each with the level of findings or the outcome that it counts, else with an empty text. */
  readonly counts: readonly (readonly [text: string, level: string])[];
  readonly fabrics: readonly FabricPicture[];
  readonly racks: readonly Card[];
  /** All findings, in the report's order. */
  readonly findings: readonly Finding[];
  /** Those about nothing that is in the picture, such as a URL. */
  readonly elsewhere: readonly Finding[];
  /** Whether it is of a plan: then the outcomes take the place of findings and ranges. */
  readonly isChange?: true;
}

/** The counts in one line. */
export const summaryOf = ({ counts }: Picture): string => counts.map(([text]) => text).join(", ");

/** What becomes of a finding: its level, or that it is suppressed. */
export const stateOf = ({ level, suppressed }: Finding): string => (suppressed === undefined ? level : "suppressed");

/** Tells levels apart without colour. */
export const SIGN: Readonly<Record<string, string>> = { error: "✖", warning: "▲", information: "ℹ", suppressed: "○" };

/** `+ added`; empty for what stays. */
export const outcomeMark = (outcome: Outcome | undefined): string =>
  outcome === undefined || outcome === "unchanged" ? "" : `${OUTCOMES[outcome]} ${outcome}`;

/** What the signs mean, for legends. */
export const CHANGE_LEGEND = `${(Object.keys(OUTCOMES) as Outcome[])
  .flatMap((outcome) => outcomeMark(outcome) || [])
  .join(", ")}. What stays as it is is left out.`;

/** Colours of outcomes, for the page and the image. */
export const CHANGE_STYLE = (
  [
    ...[
      ["added", "static"],
      ["changed", "warning"],
      ["replaced", "v6"],
      ["gone", "error"],
    ],
    ...[
      ["released", "quiet"],
      ["imported", "information"],
      ["moved", "information"],
    ],
  ] as const
)
  .map(
    ([outcome, colour]) =>
      `.${outcome} { color: var(--${colour}); fill: var(--${colour}); border-left-color: var(--${colour}); }`,
  )
  .join("\n");

/** A change in one line. */
export const changeText = ({ outcome, text, details }: ChangeLine): string =>
  [`${outcomeMark(outcome)} ${text}`, ...details].join(" · ");

/** What a finding is called on a card: `✖ MAAS6-DUA-02 error`. */
export const markOf = (finding: Finding): string => `${SIGN[stateOf(finding)] ?? ""} ${finding.id} ${stateOf(finding)}`;

/** The worst of what is found; undefined = nothing that is open. */
export const worstOf = (findings: readonly Finding[]): string | undefined =>
  ["error", "warning", "information"].find((level) => findings.some((finding) => stateOf(finding) === level));

/** All findings of a card, those of its subnets included. */
export const findingsOf = ({ findings, subnets }: Card): readonly Finding[] => [
  ...findings,
  ...subnets.flatMap((subnet) => subnet.findings),
];

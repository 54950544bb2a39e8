import { beforeKey } from "../../../../lib/model/article";
import type { Kind } from "../../../../lib/model/kind";
import { KINDS } from "../../../../lib/model/kinds";
import { DOCUMENT_KINDS } from "../../../../lib/model/document/kinds";
import { isKnown, type Value } from "../../../../lib/model/known";
import type { Difference } from "../change";
import { nameOf } from "../live-state";
import type { Step } from "../order";
import { makes } from "../step-graph";
import { type Observation, observed } from "./observation";
import type { Round } from "./round";

const shown = (value: Value): string => (value === null || !isKnown(value) ? "not set" : JSON.stringify(value));

const difference = ({ name, live, desired }: Difference): string =>
  `${name} is ${shown(live)} and is to be ${shown(desired)}`;

function whatOf({ kind, key, differences }: Step, isThere: boolean): string {
  const { title } = DOCUMENT_KINDS[kind];
  if (isThere) return `of the ${beforeKey(title)} ${key}, ${differences.map(difference).join("; ")}`;
  const { absent } = KINDS[kind] as Kind;
  return absent?.(key) ?? `the region has no ${beforeKey(title)} ${key}`;
}

/** What an apply would still have to do. */
export function drift({ plan: { steps } }: Pick<Round, "plan">): Observation[] {
  // What can't be changed in place is deleted and recreated: it is there, and other than desired.
  const replaced = new Set(
    steps.filter(({ action }) => action === "delete").map(({ kind, path }) => nameOf(kind, path)),
  );
  return steps.filter(makes).map((step) =>
    observed("drift", "MAAS-VFY-01", {
      path: step.path,
      what: whatOf(step, step.action === "update" || replaced.has(nameOf(step.kind, step.path))),
      why: "The document says otherwise: somebody has changed it since the last apply, or that did not get so far.",
      fix: "Run cdktf-maas apply, or change the stack if the region is right.",
    }),
  );
}

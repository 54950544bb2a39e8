import { DOCUMENT_KINDS, type DocumentKindName } from "../../../../lib/model/document/kinds";
import { isReported } from "../../../../lib/model/kinds";
import { adviceLines, type Problem, ProblemError } from "../../../../lib/model/problem";
import type { ProblemCode } from "../../../../lib/model/problem-codes";
import { beforeKey, shown } from "../../../../lib/model/text";
import type { Finding } from "../../../../lib/rules/report";
import type { Diff } from "./diff";
import { type DesiredObject, type LiveState, nameOf } from "./read-live";
import type { Step } from "./order";
import type { RefusalId } from "./refusals";
import type { TakenAlong } from "./removal";
import type { ReusedId } from "./restored-region";

/** A problem that keeps a plan from being run unless the user insists (`--force ID`). */
export interface Refusal extends Problem<string> {
  readonly id: RefusalId;
  /** The objects that it is about, in words. */
  readonly about: readonly string[];
}

/** An object of the document that somebody has configured, with the values that it has. */
export interface ConfiguredObject {
  readonly object: DesiredObject;
  readonly values: string;
}

/** What a plan is judged by. */
export interface Judged {
  readonly goal: "apply" | "destroy";
  readonly region: string;
  readonly steps: readonly Step[];
  readonly desired: readonly DesiredObject[];
  /** What the record has of live objects, by their kind and id. */
  readonly known: Diff["known"];
  /** The region that the record is of, where it tells. */
  readonly recordedRegion?: string;
  /** The region, its objects under the keys that they are to go on under. */
  readonly live: LiveState;
  /** The objects of the record whose ids other objects have now, where the region looks restored. Absent = none. */
  readonly reused?: readonly ReusedId[];
  readonly takenAlong: readonly TakenAlong[];
  /** What comes with something else and is not as MAAS makes it, with its values. Absent = nothing. */
  readonly configured?: readonly ConfiguredObject[];
  /** What the rules have against the document, where it is an error. */
  readonly broken: readonly Finding[];
  readonly maxDeletions: number;
}

/** What all refusals of an id have in common. */
export const refused = (code: ProblemCode, id: RefusalId): Pick<Refusal, "code" | "severity" | "id"> => ({
  ...{ code, id, severity: "error" },
});

/** One refusal in full: what, why, what it is about and what to do. */
export function refusalText(refusal: Refusal): string {
  const { id, what, about } = refusal;
  return [`${id}: ${shown(what)}`, ...about.map((object) => `    ${shown(object)}`), ...adviceLines(refusal)].join(
    "\n",
  );
}

/** A plan that is not run, for these reasons. Nothing has been changed. */
export class RefusedError extends ProblemError {
  override readonly name = "RefusedError";
  constructor(readonly refusals: readonly Refusal[]) {
    const message = `the plan is refused, and nothing was changed\n\n${refusals.map(refusalText).join("\n\n")}`;
    super("MAAS-RUN-01", message);
  }
}

const words = (kind: DocumentKindName, key: string): string => `${beforeKey(DOCUMENT_KINDS[kind].title)} ${key}`;

/** With the place where the user said it; a document need not say, and then it is called by its name there too. */
function placed({ kind, key, path }: DesiredObject): string {
  const name = words(kind, key);
  return path === name ? name : `${name} [${path}]`;
}

/**
 * The objects that the document makes and that are there, though no former run on record has made them: made by somebody
 * else, or come with something else.
 */
export function foundObjects({
  desired,
  known,
  live,
}: Pick<Judged, "desired" | "known" | "live">): Record<"made" | "come", readonly DesiredObject[]> {
  const found = desired.flatMap((object) => {
    const there = object.origin === "create" ? live.find(object.kind, object.key) : undefined;
    return there === undefined || known.has(nameOf(there.kind, there.id)) ? [] : [{ object, there }];
  });
  const comes = ({ there }: (typeof found)[number]): boolean =>
    isReported(there.kind) || there.comesWithParent === true;
  const objects = (some: typeof found): DesiredObject[] => some.map(({ object }) => object);
  return { made: objects(found.filter((one) => !comes(one))), come: objects(found.filter(comes)) };
}

/** What the document has made that was there before anybody here made it. */
function existing(judged: Judged): Refusal[] {
  const { made } = foundObjects(judged);
  if (made.length === 0) return [];
  return [
    {
      ...refused("MAAS-RUN-02", "existing"),
      what: `the region has ${made.length === 1 ? "an object" : `${made.length} objects`} that the document is to make`,
      why: "No former run on record made them, so they may be somebody else's; taken over, they would be changed now and deleted later.",
      fix: "Set adoptExisting: true on what you mean to take over, look it up instead, name the record of the run that made it (--record FILE), or override with --force existing.",
      about: made.map(placed),
    },
  ];
}

/** What comes with a fabric or a rack, and that somebody has configured before anybody here did. */
function configured({ configured: found = [] }: Judged): Refusal[] {
  if (found.length === 0) return [];
  return [
    {
      ...refused("MAAS-RUN-02", "existing"),
      what: `the region has ${found.length === 1 ? "an object" : `${found.length} objects`} configured already that the document is to configure`,
      why: "They come with a fabric or with a rack. No former run on record configured them, so that they may be somebody else's.",
      fix: "Set adoptExisting: true on what you mean to take over (a destroy then restores what it has now), name the record of the run that configured it (--record FILE), or override with --force existing.",
      about: found.map(({ object, values }) => `${placed(object)}: ${values}`),
    },
  ];
}

function deletions({ goal, steps, maxDeletions }: Judged): Refusal[] {
  const deleted = steps.filter(({ action }) => action === "delete");
  if (goal === "destroy" || deleted.length <= maxDeletions) return [];
  return [
    {
      ...refused("MAAS-RUN-03", "deletions"),
      what: `${deleted.length} objects would be deleted, and ${maxDeletions} are allowed`,
      why: "That many at once is more often a mistake than a wish: the wrong document, or the wrong record.",
      fix: `Look at the plan, then allow them with --max-deletions ${deleted.length}, or override with --force deletions.`,
      about: deleted.map(({ kind, key }) => words(kind, key)),
    },
  ];
}

/** What MAAS would delete, move or change along: what nobody here has made, and what the document keeps. */
function foreign({ takenAlong }: Judged): Refusal[] {
  const told = takenAlong.flatMap(({ step, foreign: others }) =>
    others.map(({ what, isWanted = false }) => ({
      isWanted,
      text: `${what}, with the ${words(step.kind, step.key)}`,
    })),
  );
  const about = (ofDocument: boolean): string[] =>
    told.filter(({ isWanted }) => isWanted === ofDocument).map(({ text }) => text);
  const why =
    "MAAS deletes what is in a fabric or a subnet with it, the addresses of DNS records too, moves what is on a VLAN to the fabric's " +
    "default one, deletes what is on an interface with it, and takes VLANs out of a space, all without a word.";
  const refusals: Refusal[] = [
    {
      ...refused("MAAS-RUN-04", "foreign"),
      what: "MAAS would delete, move or change objects that no run on record has made, along with what is deleted",
      why,
      fix: "Move or delete them in MAAS first, keep their owners in the document, or override with --force foreign.",
      about: about(false),
    },
    {
      ...refused("MAAS-RUN-04", "foreign"),
      what: "MAAS would delete, move or change objects that the document keeps, along with what is deleted",
      why,
      fix: "Keep their owners in the document, or remove them from the document in the same run. If you override this with --force foreign, the next run creates them again if MAAS accepts them.",
      about: about(true),
    },
  ];
  return refusals.filter((refusal) => refusal.about.length > 0);
}

function otherRegion({ region, recordedRegion }: Judged): Refusal[] {
  if (recordedRegion === undefined || recordedRegion === region) return [];
  return [
    {
      ...refused("MAAS-RUN-05", "region"),
      what: `the record is of ${recordedRegion}, and this is ${region}`,
      why: "What was made on one region is not this user's on another.",
      fix: "Name this region's record (--record FILE); if the region has only got another URL, override with --force region.",
      about: [],
    },
  ];
}

function restoredRegion({ reused = [] }: Judged): Refusal[] {
  if (reused.length === 0) return [];
  return [
    {
      ...refused("MAAS-RUN-13", "restored"),
      what: `${reused.length === 1 ? "an object of the record has an id that another object has" : `${reused.length} objects of the record have ids that other objects have`} now: the region looks restored from a backup`,
      why: "A restored region reuses ids: what was created on it later may have the ids of objects on record, and would then be renamed or deleted in their place.",
      fix:
        "Begin a new record (--record FILE), with adoptExisting: true on what is still there; if somebody has only renamed these objects, " +
        "override with --force restored.",
      about: reused.map(({ recorded, liveKey }) => `${placed(recorded)}: id ${recorded.id ?? ""} is ${liveKey} now`),
    },
  ];
}

function brokenRules({ broken }: Judged): Refusal[] {
  if (broken.length === 0) return [];
  return [
    {
      ...refused("MAAS-RUN-06", "rules"),
      what: "the document breaks rules of IPv6 on MAAS",
      why: "The network would be taken by MAAS and not work, or be refused half-way.",
      fix: "Fix it as each finding says, suppress the rule in the stack and say why, or override with --force rules.",
      about: broken.map(({ id, where, what, fix }) => `${id} [${where.path}] ${what}. ${fix}`),
    },
  ];
}

/** Everything that speaks against running the plan. */
export function refusalsOf(judged: Judged): Refusal[] {
  return [existing, configured, deletions, foreign, otherRegion, restoredRegion, brokenRules].flatMap((judge) =>
    judge(judged),
  );
}

import type { NetworkDocument } from "../../../../lib/model/document";
import type { KindName } from "../../../../lib/model/field";
import { KINDS } from "../../../../lib/model/kinds";
import type { Problem } from "../../../../lib/model/problem";
import { errorsOf, type Report } from "../../../../lib/rules/report";
import { ApiUrl } from "../../../maas/api-url";
import { Dependents } from "../../dependents/dependents";
import { valuesOf } from "../../ops/adoption";
import { RegionObjects } from "../../region-objects";
import { hiddenRacks } from "../../region/nodes";
import type { Region } from "../../region/region";
import { diff, type Diff } from "./diff";
import { type ConfiguredObject, foundObjects, type Refusal, refusalsOf } from "./guard";
import { withLostAlong } from "./lost-along";
import { ordered, restrictedTo, type Step } from "./order";
import { type Plan, planOf, type PlanRequest } from "./plan";
import {
  judgeDocument,
  lookedUpIn,
  missingObjects,
  PlanError,
  refusedObjects,
  reservedNames,
  stepWarnings,
  unkeptValues,
  unknownValues,
  unmanagedStaticRanges,
  unreachedVlans,
} from "./plan-problems";
import { type DesiredObject, desiredObjects, type LiveState, nameOf, readLive } from "./read-live";
import { recordsOf, type RunRecords } from "./record";
import { recordsAtDomains } from "./records-at-domains";
import { MAX_DELETIONS } from "./refusals";
import { mayMeetOthers, regionConflicts } from "./region-conflicts";
import { clearedAlong, takenAlong, type TakenAlong } from "./removal";
import { withReferences } from "./other-keys";
import { reusedIds } from "./restored-region";
import { taggedTwice, unlistedInterfaces } from "./interface-conflicts";

/** A plan, and what it was made from. */
export interface Planned {
  readonly plan: Plan;
  readonly live: LiveState;
  readonly desired: readonly DesiredObject[];
  /** Ids of live objects, for {@link StepExecutor}. */
  readonly ids: ReadonlyMap<string, string>;
}

/** A plan with everything that running it takes. */
export interface Prepared extends Planned {
  readonly refusals: readonly Refusal[];
  /** What the rules say about the document; absent when it is destroyed. */
  readonly report?: Report;
  /** What goes along with what is deleted. */
  readonly takenAlong: readonly TakenAlong[];
  /** What the steps do to objects beside those that they change. */
  readonly warnings: readonly Problem<string>[];
  /** By kind and key, what is deleted although nodes have addresses on them: racks of the document, or what the user insists on. */
  readonly usedObjects: ReadonlySet<string>;
  /** What is to be recorded before and after the run. */
  readonly record: RunRecords;
}

/** Settings of one planning. */
export interface PrepareOptions {
  /** URL of the region, as `ApiUrl` spells it. */
  readonly url: string;
  readonly maxDeletions?: number | undefined;
}

interface Former {
  readonly document: NetworkDocument;
  readonly objects: readonly DesiredObject[];
}

const formerOf = (document: NetworkDocument | undefined): Former | undefined =>
  document && { document, objects: desiredObjects(document) };

/** @throws PlanError when the document can't be planned against this region. */
async function refuseProblems({ client }: Region, document: NetworkDocument, live: LiveState): Promise<void> {
  const missing = missingObjects(document, live);
  const hidden = missing.some(({ aboutRack }) => aboutRack) ? await hiddenRacks(client, []) : undefined;
  const problems = [
    ...missing.map(({ aboutRack, problem }) =>
      aboutRack && hidden !== undefined ? { ...problem, fix: `It may have: ${hidden}.` } : problem,
    ),
    ...unmanagedStaticRanges(document, live),
  ];
  if (problems.length > 0) throw new PlanError(problems);
}

/** Those that somebody has configured, by the rule that the provider goes by too. */
async function configuredAmong(
  region: Region,
  come: readonly DesiredObject[],
  { live, renamed }: Pick<Read, "live" | "renamed">,
): Promise<ConfiguredObject[]> {
  const objects = new RegionObjects(region);
  // The region has them by the keys that they have until the run.
  const keyNow = (kind: KindName, key: string): string | undefined => {
    const found = renamed.find(kind, key);
    return found && live.withId(kind, found.id)?.key;
  };
  const found = come.map(async (object): Promise<ConfiguredObject[]> => {
    const kind = KINDS[object.kind];
    const there = await objects.find(kind, withReferences(object.kind, object.attributes, keyNow));
    if (there === undefined || there.isUntouched) return [];
    // References by key, as the document has them.
    const named = renamed.find(object.kind, object.key)?.attributes;
    return [{ object, values: valuesOf(kind, { ...there.live, ...named }) }];
  });
  return (await Promise.all(found)).flat();
}

/** The racks that documents name, by hostname. */
const racksOf = (documents: readonly NetworkDocument[]): ReadonlySet<string> =>
  new Set(documents.flatMap(({ objects }) => (objects.rack_controller ?? []).map(({ key }) => key)));

const isDeletion = ({ action }: Step): boolean => action === "delete";

interface Read extends Planned {
  readonly dependents: Dependents;
  readonly former: Former | undefined;
  /** The region, its objects under the keys that they are to go on under. */
  readonly renamed: LiveState;
  readonly known: Diff["known"];
  readonly keyNow: Diff["keyNow"];
}

async function readAndPlan(region: Region, request: PlanRequest, url: string): Promise<Read> {
  const { document } = request;
  const isApply = request.goal === "apply";
  const { isRecorded = false } = request;
  const unknown = unknownValues(document);
  if (isApply && unknown.length > 0) throw new PlanError(unknown);
  // Without a record, what the document names is what a destroy is about.
  const former = formerOf(request.record ?? (isApply ? undefined : document));
  const desired = isApply ? desiredObjects(document) : [];
  const recorded = former?.objects ?? [];
  const lookedUp = isApply ? lookedUpIn(document) : [];
  const documents = former === undefined ? [document] : [document, former.document];
  const dependents = new Dependents(region);
  type Found = Pick<Read, "ids" | "renamed" | "known" | "keyNow"> & { readonly steps: readonly Step[] };
  const plannedFrom = async (read: LiveState, isWhole: boolean): Promise<Found> => {
    const { changes, ids, live, known, keyNow } = diff({ desired, live: read, recorded, lookedUp, isRecorded });
    const all = isWhole && desired.length > 0 ? await withLostAlong(dependents, changes, { desired, live }) : changes;
    const steps = ordered(all, desired, live);
    const isPartial = request.existingOnly === true;
    const wanted = isPartial ? restrictedTo(steps, ({ action }) => action !== "create") : steps;
    return { steps: wanted, ids, renamed: live, known, keyNow };
  };
  let live = await readLive(region, documents);
  if (isApply) await refuseProblems(region, document, live);
  let { steps, ...found } = await plannedFrom(live, false);
  if (steps.some(isDeletion) || mayMeetOthers(steps)) {
    live = await readLive(region, documents, { surroundings: true });
    ({ steps, ...found } = await plannedFrom(live, true));
  }
  return { plan: planOf(request, url, steps), former, live, desired, ...found, dependents };
}

/**
 * Reads what the region has of the objects that the request names, and plans what is to be done, without judging it.
 * Changes nothing.
 *
 * @throws PlanError, MaasError
 */
export function planFor(region: Region, request: PlanRequest, url: string): Promise<Planned> {
  return readAndPlan(region, request, url);
}

/**
 * Like {@link planFor}, with what speaks against running the plan, and what is to be recorded of the run.
 *
 * @throws PlanError, MaasError
 */
export async function prepare(
  region: Region,
  request: PlanRequest,
  { url, maxDeletions = MAX_DELETIONS }: PrepareOptions,
): Promise<Prepared> {
  const { plan, former, live, desired, ids, renamed, known, keyNow, dependents } = await readAndPlan(
    region,
    request,
    url,
  );
  const { steps } = plan;
  const { document } = request;
  const isApply = request.goal === "apply";
  const twice = taggedTwice(desired, live);
  const problems = [
    ...reservedNames(steps),
    ...unkeptValues(steps, live),
    ...recordsAtDomains(steps, { desired, live: renamed }),
    ...(await refusedObjects(region, steps)),
    ...twice.filter(({ severity }) => severity === "error"),
    ...(await unreachedVlans(region, { steps, desired, live: renamed })),
  ];
  if (problems.length > 0) throw new PlanError(problems);
  const documents = former === undefined ? [document] : [document, former.document];
  const along = await takenAlong(dependents, steps, {
    ...{ desired, known, live: renamed, racks: racksOf(documents) },
  });
  const report = isApply ? judgeDocument(document).report : undefined;
  const judged = {
    ...{ goal: request.goal, region: url, steps, desired, known, live: renamed, maxDeletions },
    ...(typeof former?.document.apiUrl === "string" && {
      recordedRegion: ApiUrl.parse(former.document.apiUrl).toString(),
    }),
    configured: await configuredAmong(region, foundObjects({ desired, known, live: renamed }).come, { live, renamed }),
    reused: reusedIds(former?.objects ?? [], desired, live),
    takenAlong: along,
    broken:
      report === undefined
        ? []
        : [...errorsOf(report), ...regionConflicts({ steps, desired, live: renamed }, report.findings)],
  };
  return {
    plan,
    refusals: refusalsOf(judged),
    ...(report && { report }),
    ...{ live, desired, ids },
    takenAlong: along,
    warnings: [...twice, ...unlistedInterfaces(desired), ...(await stepWarnings(region, steps, ids))],
    usedObjects: new Set(along.filter(({ isUsed }) => isUsed).map(({ step }) => nameOf(step.kind, step.key))),
    record: recordsOf({
      ...{ region: url, document, desired, former, known, keyNow, live, renamed },
      isPartial: request.existingOnly === true,
      passing: clearedAlong(steps, live, [...desired, ...(former?.objects ?? [])]),
    }),
  };
}

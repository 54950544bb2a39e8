import { setTimeout as sleep } from "node:timers/promises";
import type { DocumentObject, NetworkDocument } from "../../../../lib/model/document";
import { DOCUMENT_KINDS, type DocumentKindName } from "../../../../lib/model/document/kinds";
import type { KindName } from "../../../../lib/model/field";
import type { Kind } from "../../../../lib/model/kind";
import { KINDS } from "../../../../lib/model/kinds";
import { isKnown, type Value } from "../../../../lib/model/known";
import type { NetworkKind } from "../../../../lib/model/network/objects";
import { spelled } from "../../../../lib/model/problem";
import { beforeKey } from "../../../../lib/model/text";
import { evaluate } from "../../../../lib/rules/evaluate";
import { IPV6_RULES } from "../../../../lib/rules/ipv6";
import { type Finding, problemOf, type Unjudged } from "../../../../lib/rules/report";
import { suppress } from "../../../../lib/rules/suppression";
import { openRegion } from "../../kinds";
import { listRegion, liveNetwork } from "../../region/live-network";
import type { Region } from "../../region/region";
import type { Difference } from "../plan/diff";
import type { Step } from "../plan/order";
import { PlanError, unknownValues } from "../plan/plan-problems";
import { planFor } from "../plan/prepare";
import { nameOf } from "../plan/read-live";
import { makes } from "../plan/step-graph";
import { dhcp, staticRanges } from "./dhcp";
import { type Observation, observed, type Round } from "./observation";

/** Whether any of them says that the region is not as desired. */
const hasErrors = (observations: readonly Observation[]): boolean =>
  observations.some(({ severity }) => severity === "error");

/** A clock to wait by, in milliseconds. */
export interface Clock {
  now(): number;
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

const CLOCK: Clock = {
  now: () => performance.now(),
  wait: (ms, signal) => sleep(ms, undefined, { ...(signal && { signal }) }),
};

/** How a region is verified. Times are in milliseconds. */
export interface VerifyOptions {
  /** URL of the region, as `ApiUrl` spells it. */
  readonly url: string;
  /** How long to wait for what is not as desired; 0 = look once. */
  readonly timeout: number;
  /** From one look to the next. */
  readonly interval: number;
  /** Told of each look after which there is another one. */
  readonly onWait?: (observations: readonly Observation[]) => void;
  /** Ends the waiting with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** What was found at the last look. */
export interface Verification {
  /** Whether nothing is other than the document wants it. What the region does not tell counts for neither. */
  readonly isAsDesired: boolean;
  readonly observations: readonly Observation[];
  /** How often the region was looked at. */
  readonly looks: number;
}

const missing = ({ problems }: PlanError): Observation[] =>
  problems.map((problem) => ({
    ...{ ...spelled(problem), check: "look_up", severity: "error" },
    why: "The document relies on it, and nobody here makes it.",
  }));

/**
 * One look. The rules need long lists of the region, so that they are left for when all else is as it should be, or
 * there is no further look.
 */
async function look(round: Round, isLast: boolean): Promise<Observation[]> {
  const found = [...drift(round), ...(await dhcp(round)), ...(await staticRanges(round))];
  return hasErrors(found) && !isLast ? found : [...found, ...(await rules(round))];
}

async function lookAt(
  client: Region["client"],
  document: NetworkDocument,
  { url, isLast }: { readonly url: string; readonly isLast: boolean },
): Promise<Observation[]> {
  const region = openRegion(client);
  try {
    const planned = await planFor(region, { goal: "apply", document }, url);
    return await look({ ...planned, region, document }, isLast);
  } catch (error) {
    if (error instanceof PlanError && unknownValues(document).length === 0) return missing(error);
    throw error;
  }
}

/**
 * Looks whether a region is as a document wants it, its DHCP is served and the rules hold, again and again until it is so
 * or the time is up: racks follow what MAAS is told with delay. Changes nothing.
 *
 * A look makes at most 60 GETs, and one for each subnet that has static ranges.
 *
 * @throws PlanError for a document with values that only Terraform knows, MaasError
 */
export async function verify(
  client: Region["client"],
  document: NetworkDocument,
  { url, timeout, interval, onWait, signal, clock = CLOCK }: VerifyOptions,
): Promise<Verification> {
  const end = clock.now() + timeout;
  for (let looks = 1; ; looks++) {
    const isLast = clock.now() >= end;
    const observations = await lookAt(client, document, { url, isLast });
    const isAsDesired = !hasErrors(observations);
    if (isAsDesired || isLast) return { isAsDesired, observations, looks };
    onWait?.(observations);
    await clock.wait(Math.min(interval, Math.max(0, end - clock.now())), signal);
  }
}

const shown = (value: Value): string => (value === null || !isKnown(value) ? "not set" : JSON.stringify(value));

const difference = ({ name, live, desired }: Difference): string =>
  `${name} is ${shown(live)} and is to be ${shown(desired)}`;

function whatOf({ kind, key, differences }: Step, isThere: boolean): string {
  const { title } = DOCUMENT_KINDS[kind];
  if (isThere) return `of the ${beforeKey(title)} ${key}, ${differences.map(difference).join("; ")}`;
  return (KINDS[kind] as Kind).absent?.(key) ?? `the region has no ${beforeKey(title)} ${key}`;
}

/** What an apply would still have to do. */
function drift({ plan: { steps } }: Pick<Round, "plan">): Observation[] {
  // What can't be changed in place is deleted and recreated: it is there, and other than desired.
  const replaced = new Set(
    steps.filter(({ action }) => action === "delete").map(({ kind, path }) => nameOf(kind, path)),
  );
  return steps.filter(makes).map((step) =>
    observed("drift", "MAAS-VFY-01", {
      path: step.path,
      what: whatOf(step, step.action === "update" || replaced.has(nameOf(step.kind, step.path))),
      why: "The document says something else: somebody has changed it since the last apply, or that did not get so far.",
      fix: "Run cdktf-maas apply, or change the stack if the region is right.",
    }),
  );
}

/** Where an object of the region stands in the document. */
interface DocumentPlace {
  readonly path: string;
  readonly isLookedUp: boolean;
}

/** The document's objects by their names in a live network: there they go by MAAS's ids. */
class DocumentPlaces {
  readonly #byName = new Map<string, DocumentPlace>();

  constructor({ document, desired, live }: Round) {
    const add = (kind: DocumentKindName, { key, path }: Pick<DocumentObject, "key" | "path">, isLookedUp: boolean) => {
      if (kind === "router_advertisement") return;
      const id = live.findNamed(kind, key)?.id;
      if (id === undefined) return;
      const name = nameIn(kind, id);
      if (!this.#byName.has(name)) this.#byName.set(name, { path, isLookedUp });
    };
    for (const object of desired) add(object.kind, object, false);
    for (const [kind, objects] of Object.entries(document.objects) as [DocumentKindName, readonly DocumentObject[]][])
      for (const object of objects) add(kind, object, object.origin === "look_up");
  }

  find(kind: NetworkKind, key: string): DocumentPlace | undefined {
    return this.#byName.get(`${kind} ${key}`);
  }
}

/** A machine's interface stands for all its links. */
const nameIn = (kind: KindName, id: string): string =>
  kind === "network_interface_link" ? `machine_interface ${id.replace(/\/[^/]*$/, "")}` : `${kind} ${id}`;

/** Whether the document links machines. */
const hasLinks = ({ objects }: NetworkDocument): boolean => (objects.network_interface_link ?? []).length > 0;

const SCOPES: ReadonlyMap<string, NetworkKind> = new Map(IPV6_RULES.map(({ id, scope }) => [id, scope]));

/**
 * What the rules say about the document's objects on the live network, where the document does not suppress it. An error
 * of an object that is only looked up is a warning: it is somebody else's to mend.
 */
async function rules(round: Round): Promise<Observation[]> {
  const { region, document } = round;
  const network = liveNetwork(await listRegion(region.snapshot, { machines: hasLinks(document) }));
  const now = new Date();
  const report = evaluate({ rules: IPV6_RULES, network, now });
  const places = new DocumentPlaces(round);
  const placeOf = ({ id, key = "" }: Finding | Unjudged): DocumentPlace | undefined => {
    const scope = SCOPES.get(id);
    return scope && places.find(scope, key);
  };
  const placed = <T extends Finding | Unjudged>(rows: readonly T[]): T[] =>
    rows.flatMap((row) => {
      const path = placeOf(row)?.path;
      return path === undefined ? [] : [{ ...row, where: { path } }];
    });
  const findings = suppress({
    rules: IPV6_RULES,
    findings: placed(report.findings),
    unjudged: placed(report.unjudged),
    suppressions: document.suppressions,
    now,
  });
  // What is wrong with suppressions themselves is said at synth, and has no key.
  return findings
    .filter(({ key, level, suppressed }) => key !== undefined && level !== "information" && suppressed === undefined)
    .map((finding) => ({
      ...{ ...problemOf(finding), check: "rules" },
      severity: finding.level === "error" && placeOf(finding)?.isLookedUp !== true ? "error" : "warning",
      what: `${finding.id}: ${finding.what}`,
      fix: `${finding.fix} Source: ${finding.source.at}.`,
    }));
}

import type { DocumentObject, NetworkDocument } from "../../../../lib/model/document";
import { documentNetwork } from "../../../../lib/model/document/network";
import { KINDS, ofKind } from "../../../../lib/model/kinds";
import { type Attributes, isKnown } from "../../../../lib/model/known";
import { beforeKey } from "../../../../lib/model/text";
import type { Finding } from "../../../../lib/rules/report";
import { findingsOf, rulesOf } from "../../checks/rule-findings";
import { type DesiredObject, type LiveState, nameOf } from "./read-live";
import type { Step } from "./order";
import { makes } from "./step-graph";

const RULES = rulesOf("MAAS6-RNG-04", "MAAS6-NET-07");

/** What of a subnet its dynamic ranges must leave alone. */
const TAKING = ["gateway_ip", "dns_servers", "managed"];

/** The steps that may be in conflict with something that the document does not name: with ranges, or with subnets. */
function* meetingOthers(steps: readonly Step[]): Generator<Step> {
  for (const step of ofKind(steps, "subnet"))
    if (step.action === "update" && step.differences.some(({ name }) => TAKING.includes(name))) yield step;
  for (const step of ofKind(steps, "vlan"))
    if (step.differences.some(({ name, live, desired }) => name === "mtu" && Number(desired) < Number(live)))
      yield step;
}

/** Whether something that the document does not name may stand in the way of the plan. */
export const mayMeetOthers = (steps: readonly Step[]): boolean => [...meetingOthers(steps)].length > 0;

interface Sides {
  readonly steps: readonly Step[];
  readonly desired: readonly DesiredObject[];
  /** The region, its objects under the keys that they are to go on under. */
  readonly live: LiveState;
}

const known = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => isKnown(value)));

/** The region as it will be after the plan, as far as it has been read: nothing else of it is known. */
function regionAfter({ steps, desired, live }: Sides): NetworkDocument {
  const paths = new Map(desired.map(({ kind, key, path }) => [nameOf(kind, key), path]));
  const made = new Map(steps.filter(makes).map((step) => [nameOf(step.kind, step.key), step]));
  const ended = new Set(steps.flatMap(({ action, kind, id = "" }) => (action === "delete" ? [nameOf(kind, id)] : [])));
  const objects: Record<string, DocumentObject[]> = {};
  const add = (kind: string, object: DocumentObject): void => void (objects[kind] ??= []).push(object);
  for (const { kind, key, id, attributes } of live.objects) {
    if (ended.has(nameOf(kind, id))) continue;
    const name = nameOf(kind, key);
    const path = paths.get(name) ?? `${beforeKey(KINDS[kind].title)} ${key} of the region`;
    add(kind, { key, path, origin: "adopt", attributes: { ...attributes, ...known(made.get(name)?.desired ?? {}) } });
  }
  for (const { kind, key, path, id, desired: wanted = {} } of made.values())
    if (id === undefined) add(kind, { key, path, origin: "adopt", attributes: known(wanted) });
  return { objects, suppressions: [] };
}

/**
 * What of a plan is in conflict with what the region has and the document does not name: its ranges with ranges of others,
 * or with the gateway and the DNS servers of a subnet that is looked up; the MTU of a VLAN with IPv6 subnets of others.
 * Only what the plan changes is checked.
 */
export function regionConflicts(sides: Sides, reported: readonly Finding[]): Finding[] {
  const changes = [...ofKind(sides.steps.filter(makes), "ip_range"), ...meetingOthers(sides.steps)];
  if (changes.length === 0) return [];
  const places = new Set(changes.map(({ path }) => path));
  const said = new Set(reported.map(({ id, what }) => `${id} ${what}`));
  return findingsOf(documentNetwork(regionAfter(sides)), RULES).filter(
    ({ id, what, where, related }) =>
      [where, ...related].some(({ path }) => places.has(path)) && !said.has(`${id} ${what}`),
  );
}

import type { DocumentObject, NetworkDocument, Origin } from "../../lib/model/document";
import type { DocumentKindName } from "../../lib/model/document/kinds";
import { documentNetwork } from "../../lib/model/document/network";
import { isOwn, type Kind } from "../../lib/model/kind";
import { KINDS, OTHERS } from "../../lib/model/kinds";
import { evaluate } from "../../lib/rules/evaluate";
import { IPV6_RULES } from "../../lib/rules/ipv6";
import { errorsOf, type Finding } from "../../lib/rules/report";
import type { MaasClient } from "../maas/client";
import { type Extent, type RegionRows, Snapshot } from "../maas/snapshot";
import { hiddenRacks } from "../reconcile/region/nodes";
import { type LiveObject, liveObjects } from "../reconcile/region/live-objects";
import { type Selection, titleOf } from "./selection";

/** What an export works on. */
export interface ReadRegion {
  readonly objects: readonly LiveObject[];
  /** What the region has beside them, that no construct stands for: in sentences without a full stop. */
  readonly unsupported: readonly string[];
}

function unsupportedIn(rows: RegionRows): string[] {
  return OTHERS.flatMap(([collection, { noun, isOwn: isMade = () => true }]) => {
    const { length } = rows[collection].filter(isMade);
    return noun === undefined || length === 0
      ? []
      : [`${length} ${noun}${length === 1 ? "" : "s"}, which no construct stands for`];
  });
}

/** Machines cost a region most. */
const ALL_BUT_MACHINES: Extent = Object.fromEntries(
  [
    ...Object.values<Kind>(KINDS)
      .filter((kind) => isOwn(kind) && kind.api.isHeavy !== true)
      .map(({ api }) => api.collection),
    ...OTHERS.filter(([, { noun }]) => noun !== undefined).map(([collection]) => collection),
  ].map((collection) => [collection, "all"] as const),
);

/** Reads all that can be exported, in one GET per collection; machines, which cost a region most, only on demand. */
export async function readRegion(
  client: Pick<MaasClient, "get">,
  { machines }: { readonly machines: boolean },
): Promise<ReadRegion> {
  const rows = await new Snapshot(client).rows(machines ? { ...ALL_BUT_MACHINES, machines: "all" } : ALL_BUT_MACHINES);
  const hidden = await hiddenRacks(client, rows.rackcontrollers);
  const racks = hidden === undefined ? [] : [`rack controllers, their interfaces and DHCP: ${hidden}`];
  return { objects: liveObjects(rows), unsupported: [...racks, ...unsupportedIn(rows)] };
}

/** Why a rule is broken: what the user is to replace. */
export const REASON = "as found in the region: fix it, or say here why it may stay";

/** Errors of the rules, by whether the user can let them be. */
export interface Judgement {
  readonly suppressible: readonly Finding[];
  /** MAAS itself refuses these, or did not use to. */
  readonly enforced: readonly Finding[];
}

/** How a selection is said in a document. */
export interface Wording {
  readonly apiUrl: string;
  /** Of what is managed. */
  readonly origin: Exclude<Origin, "look_up">;
  readonly pathOf: (object: LiveObject) => string;
}

/** The selection as a desired state, without suppressions. */
export function networkDocument(
  { managed, lookedUp }: Selection,
  { apiUrl, origin, pathOf }: Wording,
): NetworkDocument {
  const objects: Partial<Record<DocumentKindName, DocumentObject[]>> = {};
  const add = (object: LiveObject, itsOrigin: Origin): void => {
    const { kind, key, attributes } = object;
    (objects[kind] ??= []).push({ key, path: pathOf(object), origin: itsOrigin, attributes });
  };
  for (const object of managed) add(object, origin);
  for (const object of lookedUp) add(object, "look_up");
  return { apiUrl, objects, suppressions: [] };
}

/** What the rules refuse of a desired state. */
export function judge(document: NetworkDocument): Judgement {
  const report = evaluate({ rules: IPV6_RULES, network: documentNetwork(document), now: new Date(0) });
  const errors = errorsOf(report);
  const isSuppressible = ({ kind }: Finding): boolean => kind === "silent" || kind === "documented";
  return {
    suppressible: errors.filter(isSuppressible),
    enforced: errors.filter((finding) => !isSuppressible(finding)),
  };
}

/** The desired state that adopts what the region has, with a suppression for each rule that the region breaks. */
export function adoptingDocument(selection: Selection, apiUrl: string): NetworkDocument {
  const document = networkDocument(selection, { apiUrl, origin: "adopt", pathOf: titleOf });
  const broken = judge(document).suppressible.map(({ id, where }) => [id, where.path] as const);
  const once = new Map(broken.map(([id, where]) => [`${id} ${where}`, { id, where, reason: REASON }]));
  return { ...document, suppressions: [...once.values()] };
}

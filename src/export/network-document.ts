import type { DocumentObject, NetworkDocument, Origin } from "../../lib/model/document";
import type { DocumentKindName } from "../../lib/model/document/kinds";
import { documentNetwork } from "../../lib/model/document/network";
import { evaluate } from "../../lib/rules/evaluate";
import { IPV6_RULES } from "../../lib/rules/ipv6";
import { errorsOf, type Finding } from "../../lib/rules/report";
import type { LiveObject } from "../reconcile/live-objects";
import { type Selection, titleOf } from "./selection";

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

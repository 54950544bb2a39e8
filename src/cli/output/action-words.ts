import { beforeKey } from "../../../lib/model/article";
import { DOCUMENT_KINDS, type DocumentKindName } from "../../../lib/model/document/kinds";
import { shown } from "../../../lib/model/printable";
import type { Action } from "../../reconcile/engine/change";

/** What a user reads of an action. */
export interface ActionWords {
  /** The sign that Terraform puts before it. */
  readonly sign: string;
  readonly doing: string;
  readonly done: string;
}

export const ACTION_WORDS: Readonly<Record<Action, ActionWords>> = {
  create: { sign: "+", doing: "creating", done: "created" },
  update: { sign: "~", doing: "updating", done: "updated" },
  replace: { sign: "-/+", doing: "replacing", done: "replaced" },
  delete: { sign: "-", doing: "deleting", done: "deleted" },
  release: { sign: "<", doing: "releasing", done: "released" },
};

/** What an object is called: `subnet 10.20.0.0/24`. */
export function objectName({ kind, key }: { readonly kind: DocumentKindName; readonly key: string }): string {
  return `${beforeKey(DOCUMENT_KINDS[kind].title)} ${shown(key)}`;
}

import type { ManagedKindName } from "../../../lib/model/kinds";

/**
 * What MAAS does, without a word, to something when the object that it belongs to is deleted. `blocking`: it refuses the
 * deletion while that is there.
 */
export type Effect = "deleted" | "moved" | "changed" | "blocking";

/** Something that does not stay as it is when an object is deleted. */
export interface Dependent {
  /** What it is, in words: `reserved IP 10.20.0.9 of 00:16:3e:00:00:01`. */
  readonly what: string;
  readonly effect: Effect;
  /** Who it is, where it can be managed: a run may have it as its own. */
  readonly object?: { readonly kind: ManagedKindName; readonly id: string };
  /** System id and hostname of the rack controller that it belongs to: a rack reports its own interfaces again. */
  readonly rack?: readonly string[];
  /** An address that a node uses: from 3.7.3 on MAAS deletes its subnet only with `force=true`. */
  readonly isInUse?: true;
}

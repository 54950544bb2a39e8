import type { ManagedKindName } from "../../../lib/model/kinds";
import type { Attributes, Value } from "../../../lib/model/known";

/**
 * What is to happen to an object. `replace`: MAAS can't change it so, and it is deleted and recreated. `release`: it was
 * adopted, so that it is restored and not deleted.
 */
export type Action = "create" | "update" | "replace" | "delete" | "release";

/** One attribute that is not as desired. */
export interface Difference {
  readonly name: string;
  readonly live: Value;
  readonly desired: Value;
}

/** One object that is not as desired. Plain data; references hold natural keys. */
export interface Change {
  readonly action: Action;
  readonly kind: ManagedKindName;
  /** Its natural key, when it is as desired. */
  readonly key: string;
  /** Where the user said it. */
  readonly path: string;
  /** MAAS's id; absent = the region does not have it. */
  readonly id?: string;
  /** Its natural key on the region, where that is another one. */
  readonly liveKey?: string;
  /** What the region has; absent = it does not have it. */
  readonly live?: Attributes;
  /** What it is to have; absent = it is to go. What MAAS decides is `UNKNOWN`. */
  readonly desired?: Attributes;
  readonly differences: readonly Difference[];
  /** What a released object is restored to, where that is known. */
  readonly original?: Attributes;
}

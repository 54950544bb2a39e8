import type { MaasVersion } from "./versions";
import type { Store } from "./store/store";
import type { UserRow } from "./store/rows";

/** The region as handlers see it: what it stores, which MAAS it is, and who asks. */
export interface Region {
  readonly store: Store;
  readonly version: MaasVersion;
  /** The caller of the running request. */
  readonly user: UserRow;
  /** The region's clock, as MAAS shows moments: `2026-11-22T20:15:01.123`. */
  now(): string;
}

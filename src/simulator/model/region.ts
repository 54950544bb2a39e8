import type { Row } from "./table";
import type { Store } from "./store";
import type { MaasVersion } from "../versions";

/** A user, as far as permissions ask. */
export interface Caller extends Row {
  readonly username: string;
  readonly is_superuser: boolean;
}

/** The region as handlers see it: what it stores, which MAAS it is, and who asks. */
export interface Region {
  readonly store: Store;
  readonly version: MaasVersion;
  /** The caller of the running request. */
  readonly user: Caller;
  /** The region's clock, as MAAS shows moments: `2026-11-22T20:15:01.123`. */
  now(): string;
}
